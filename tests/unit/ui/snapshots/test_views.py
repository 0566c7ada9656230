# SPDX-License-Identifier: Apache-2.0
"""Create Snapshot, which the Instances panel opens."""

from types import SimpleNamespace

import pytest
from novaclient import exceptions as nova_exc
from openstack_dashboard.api import _nova, nova

from helion_images_panel.api import instances
from tests import factories

URL = "/project/images/instance-1/create/"


@pytest.fixture
def compute(monkeypatch):
    """Nova, as far as Horizon's own API layer is asked for it."""
    fake = SimpleNamespace(made=[], error=None, instance_name="web-1", owner=factories.PROJECT)

    def create(_request, instance_id, name):
        if fake.error:
            raise fake.error
        fake.made.append((instance_id, name))
        return "image-id"

    # Horizon's clients would ask Nova for its versions.
    monkeypatch.setattr(instances, "_limit_time", lambda _request: True)
    monkeypatch.setattr(nova, "snapshot_create", create)
    monkeypatch.setattr(
        nova,
        "server_get",
        lambda _request, id_: SimpleNamespace(
            id=id_, name=fake.instance_name, tenant_id=fake.owner
        ),
    )
    return fake


@pytest.mark.parametrize(
    ("person", "status"), [("anonymous", 302), ("reader", 403), ("member", 200)]
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_who_may(browser, compute, person, status, method):
    browser.login_as(factories.PEOPLE[person]())
    response = getattr(browser, method)(URL)
    assert response.status_code == status
    assert compute.made == []


def test_the_form_posts_to_itself(browser, compute):
    html = browser.login_as(factories.member()).get(URL).content.decode()
    assert f'action="{URL}"' in html


def test_nova_makes_the_snapshot(browser, compute):
    response = browser.login_as(factories.member()).post(URL, {"name": "before the upgrade"})
    assert compute.made == [("instance-1", "before the upgrade")]
    assert (response.status_code, response["location"]) == (302, "/project/images/")
    html = browser.get("/project/images/").content.decode()
    assert "Snapshot &quot;before the upgrade&quot; of instance &quot;web-1&quot;" in html


@pytest.mark.parametrize("name", ["", "   ", "n" * 256])
def test_a_name_that_cannot_be(browser, compute, name):
    response = browser.login_as(factories.member()).post(URL, {"name": name})
    assert response.status_code == 200
    assert compute.made == []


@pytest.mark.parametrize(
    "error", [nova_exc.Conflict(409, "Instance is locked"), nova_exc.NotFound(404, "Gone")]
)
def test_a_refusal_of_nova_is_told(browser, compute, error):
    compute.error = error
    response = browser.login_as(factories.member()).post(URL, {"name": "x"})
    assert (response.status_code, response["location"]) == (302, "/project/instances/")
    html = browser.get("/project/images/").content.decode()
    assert "Unable to create the snapshot." in html


@pytest.mark.parametrize("name", factories.HOSTILE_NAMES)
def test_hostile_names_are_only_text(browser, compute, name):
    compute.instance_name = name
    browser.login_as(factories.member()).post(URL, {"name": name})
    html = browser.get("/project/images/").content.decode()
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "{$ constructor" not in html


DEPARTMENT = {"type": "string", "title": "Department", "enum": ["sales", "ops"]}


@pytest.mark.parametrize("value", ["", "marketing"])
def test_what_the_cloud_requires_is_asked(browser, compute, glance, value):
    glance.required = {"department": DEPARTMENT}
    browser.login_as(factories.member())
    html = browser.get(URL).content.decode()
    assert "Department" in html
    assert "The compute service changes the snapshot after creating it" in html
    response = browser.post(URL, {"name": "x", "required.department": value})
    assert (response.status_code, compute.made) == (200, [])


def test_nova_gets_what_the_cloud_requires(browser, compute, glance, monkeypatch):
    glance.required = {"department": DEPARTMENT}
    servers = SimpleNamespace(create_image=lambda *args: compute.made.append(args))
    monkeypatch.setattr(_nova, "novaclient", lambda _request: SimpleNamespace(servers=servers))
    browser.login_as(factories.member()).post(URL, {"name": "x", "required.department": "ops"})
    assert compute.made == [("instance-1", "x", {"department": "ops"})]


@pytest.mark.parametrize(
    ("person", "owner", "made"),
    [
        ("domain_admin", factories.PROJECT, True),
        ("domain_admin", factories.SIBLING, True),
        ("domain_admin", factories.FOREIGN, False),
        ("domain_admin", factories.CLOUD_PROJECT, False),
        ("domain_admin", "0" * 32, False),
        ("cloud_admin", factories.FOREIGN, True),
    ],
)
def test_the_instances_of_another_domain_are_as_if_they_did_not_exist(
    browser, compute, keystone, person, owner, made
):
    """To Nova, each admin is admin of the whole cloud."""
    compute.owner = owner
    response = browser.login_as(factories.PEOPLE[person]()).post(URL, {"name": "copy"})
    assert compute.made == ([("instance-1", "copy")] if made else [])
    html = browser.get("/project/images/").content.decode()
    assert ("web-1" in html) is made
    if not made:
        assert response["location"] == "/project/instances/"
        assert "Unable to create the snapshot." in html
