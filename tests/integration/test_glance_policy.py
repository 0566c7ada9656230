# SPDX-License-Identifier: Apache-2.0
"""A Glance whose policy keeps the admins of domains in their project: see publishing.md."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from glanceclient import exc
from keystoneauth1.exceptions import Forbidden

from demo.cloud import Cloud
from tests.integration.client import Dashboard
from tests.integration.images import Images, removed_at_the_end
from tests.integration.panels import ADMIN, DOMAIN, PROJECT
from tests.integration.publishing import publish
from tests.integration.reconfigured import reconfigured

#: As in publishing.md. The domain "Default" has the ID "default".
POLICY = """\
"context_is_admin": "role:admin and user_domain_id:default"
"service_api": "role:service or rule:context_is_admin"
"""


@pytest.fixture(scope="module", autouse=True)
def confined(cloud: Cloud) -> Iterator[None]:
    path = cloud.glance.folder / "policy_of_the_test.yaml"
    path.write_text(POLICY)
    with reconfigured(cloud, more_config=f"[oslo_policy]\npolicy_file = {path}\n"):
        yield


def test_the_api_itself_keeps_them_in_their_project(cloud: Cloud, images: Images) -> None:
    glance = cloud.glance_client("acme-admin").images
    foreign = images.make("foreign", "globex-ops")
    sibling = images.make("sibling", "acme-data")
    own = images.make("own", "acme-web")
    listed = {image["id"] for image in glance.list(filters={"visibility": "all"})}
    assert own in listed
    assert not {foreign, sibling} & listed
    for image_id in (foreign, sibling):
        with pytest.raises(exc.HTTPNotFound):
            glance.get(image_id)
        with pytest.raises((exc.HTTPNotFound, exc.HTTPForbidden)):
            glance.delete(image_id)
        with pytest.raises((exc.HTTPNotFound, exc.HTTPForbidden)):
            glance.update(image_id, name="changed")
    with pytest.raises(exc.HTTPForbidden):
        glance.update(own, visibility="public")
    with pytest.raises(exc.HTTPForbidden):
        glance.update(own, owner=cloud.project_id("acme-data"))
    glance.update(own, name="changed")
    assert images.name(own) == "changed"


def test_where_the_data_of_public_images_lie_is_not_told_to_them(
    cloud: Cloud, images: Images
) -> None:
    """Glance lets services ask for that, and takes whoever is admin for one."""
    path = f"{cloud.glance.url}/v2/images/{images.make('any', visibility='public')}/locations"
    assert cloud.session("admin").get(path).status_code == 200
    with pytest.raises(Forbidden):
        cloud.session("acme-admin").get(path)


def test_the_cloud_admin_stays_one(cloud: Cloud, person: Callable[[str], Dashboard]) -> None:
    with removed_at_the_end(cloud) as made:
        image_id = made.make("any", "globex-ops")
        assert made.show(image_id)["owner"] == cloud.project_id("globex-ops")
        assert person("admin").get(ADMIN.detail(image_id), domain="all").status == 200


def test_what_they_do_in_the_panels(
    cloud: Cloud, person: Callable[[str], Dashboard], images: Images
) -> None:
    """The Admin panel has what the active project owns; the rest is not there."""
    admin = person("acme-admin")
    own, sibling = images.make("own"), images.make("sibling", "acme-data")
    for panel in (PROJECT, ADMIN):
        page = admin.get(panel.index, name=images.name(own))
        assert not page.errors
        assert own in page.rows
        assert admin.get(panel.detail(own)).status == 200
        admin.act(panel.index, "protect", own)
        assert images.show(own)["protected"]
        admin.act(panel.index, "unprotect", own)
        assert not images.show(own)["protected"]
        assert admin.get(panel.detail(sibling)).status == 404
    assert sibling not in admin.get(ADMIN.index, name=images.name(sibling)).rows


def test_what_glance_refuses_them_is_told(
    cloud: Cloud, person: Callable[[str], Dashboard], images: Images
) -> None:
    """Horizon's own policy knows no domains, and goes on to offer it."""
    admin, own = person("acme-admin"), images.make("own")
    before = images.unchanging(own)
    owner, other = cloud.project_id("acme-web"), cloud.project_id("acme-data")
    fields = {"project": other, "project_id": other, "confirmed": f"{owner}:{other}"}
    for page in (
        admin.post(ADMIN.publish, {"id": own, "audience": "cloud"}),
        admin.post(ADMIN.change_owner(own), fields),
        admin.post(ADMIN.detail(own), {"action": "stores__copy__archive"}),
    ):
        assert page.status == 200
        assert page.errors or page.form_errors
        assert images.unchanging(own) == before


def test_a_manager_of_the_domain_has_the_images_of_her_projects(
    person: Callable[[str], Dashboard], images: Images
) -> None:
    ids = [images.make("managed", project) for project in ("acme-data", "acme-lab")]
    for image_id in ids:
        page = person("mona").get(DOMAIN.index, name=images.name(image_id))
        assert image_id in page.rows
        person("mona").act(DOMAIN.index, "protect", image_id)
        assert images.show(image_id)["protected"]


def test_the_domain_has_yet_to_accept_what_they_publish(
    cloud: Cloud, person: Callable[[str], Dashboard], images: Images
) -> None:
    own = images.make("given")
    publish(person("acme-admin"), ADMIN, own, "domain")
    others = [cloud.project_id(name) for name in ("acme-data", "acme-lab")]
    assert images.members(own) == dict.fromkeys(others, "pending")
    person("acme-admin").act(ADMIN.index, "unpublish", own)
    assert images.show(own)["visibility"] == "private"
