# SPDX-License-Identifier: Apache-2.0
"""Settings of Horizon and of this plugin, each on a dashboard that has it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from demo.cloud import Cloud
from tests.integration.client import Page
from tests.integration.dashboards import LogIn, running
from tests.integration.images import DATA, Images, unique
from tests.integration.panels import ADMIN, PROJECT

ONE: dict[str, Any] = {
    "API_RESULT_PAGE_SIZE": 3,
    "CREATE_IMAGE_DEFAULTS": {"image_visibility": "private"},
    "FILTER_DATA_FIRST": {"admin.images": True},
    "HORIZON_IMAGES_UPLOAD_MODE": "off",
    "IMAGES_ALLOW_LOCATION": True,
    "IMAGE_CUSTOM_PROPERTY_TITLES": {"os_distro": "Its Distribution"},
    "IMAGE_RESERVED_CUSTOM_PROPERTIES": ["vendor_secret"],
    "OPENSTACK_IMAGE_BACKEND": {"image_formats": [("", "Choose"), ("raw", "Plain")]},
}
TWO: dict[str, Any] = {
    "API_RESULT_LIMIT": 4,
    "CREATE_IMAGE_DEFAULTS": {"image_visibility": "public"},
    "HORIZON_IMAGES_UPLOAD_MODE": "direct",
    "HELION_IMAGES_PROJECT_CACHE_S": 0,
    "SYSTEM_SCOPE_SERVICES": ["compute"],
}


@pytest.fixture(scope="module")
def one(cloud: Cloud) -> Iterator[LogIn]:
    tenants = [{"text": "From Demo", "tenant": cloud.project_id("demo"), "icon": "fa-check"}]
    own = {
        "HELION_IMAGES_CLOUD_ADMIN_DOMAINS": [cloud.domain_id("acme")],
        "IMAGES_LIST_FILTER_TENANTS": tenants,
    }
    yield from running(cloud, "one", {**ONE, **own})


@pytest.fixture(scope="module")
def two(cloud: Cloud) -> Iterator[LogIn]:
    yield from running(cloud, "two", TWO)


def create_form_fields(page: Page) -> tuple[list[str], list[str]]:
    form = page.form("disk_format")
    return form.options("source"), form.options("disk_format")


def test_page_size(one: LogIn, images: Images) -> None:
    name = unique("size")
    for _ in range(4):
        images.make(name=name, data=None)
    page = one("alice").get(PROJECT.index, name=name)
    assert len(page.rows) == 3
    assert len(one("alice").get(page.next_url or "").rows) == 1


def test_result_limit(two: LogIn, images: Images) -> None:
    """No call asks for more rows than the limit, and paging still finds all."""
    name = unique("limit")
    ids = sorted(images.make(name=name, data=None) for _ in range(7))
    page, found = two("alice").get(PROJECT.index, name=name), []
    while True:
        assert len(page.rows) <= TWO["API_RESULT_LIMIT"]
        found += list(page.rows)
        if page.next_url is None:
            break
        page = two("alice").get(page.next_url)
    assert found == ids


def test_visibility_of_new_images(one: LogIn, two: LogIn, person: LogIn) -> None:
    """The cloud's default is for its admins: an admin of one domain begins with the own project."""

    def audience(page: Page) -> str | None:
        return page.form("disk_format").fields.get("audience")

    assert audience(two("admin").get(PROJECT.create)) == "cloud"
    assert audience(two("acme-admin").get(PROJECT.create)) == "own"
    assert audience(two("alice").get(PROJECT.create)) is None
    assert audience(one("admin").get(PROJECT.create)) == "own"


def test_filter_first(one: LogIn, images: Images) -> None:
    image_id = images.make("filter-first")
    assert one("acme-admin").get(ADMIN.index).rows == {}
    assert list(one("acme-admin").get(ADMIN.index, name=images.name(image_id)).rows) == [image_id]
    assert one("alice").get(PROJECT.index).rows != {}, "it is a setting of the admin panel"


def test_uploads_switched_off(one: LogIn, images: Images) -> None:
    sources, _formats = create_form_fields(one("alice").get(PROJECT.create))
    assert "file" not in sources
    image_id = images.make("off", data=None)
    assert one("alice").put(PROJECT.upload(image_id), DATA).status_code == 403
    assert images.status(image_id) == "queued"
    fields = {"source": "file", "file_name": "a", "file_size": 1, "disk_format": "raw"}
    form = one("alice").get(PROJECT.create).form("disk_format")
    name = unique("off")
    assert one("alice").submit(form, name=name, **fields).form("disk_format").errors
    assert images.named(name) == []


def test_direct_upload(two: LogIn, person: LogIn, images: Images) -> None:
    """A token reaches the browser in this mode alone, and in this answer alone."""
    fields = {"source": "file", "file_name": "a", "file_size": len(DATA), "disk_format": "raw"}
    page = two("alice").get(PROJECT.create)
    assert "gAAAA" not in page.html
    created = two("alice").submit(page.form("disk_format"), name=unique("direct"), **fields)
    steps = created.response.json()
    image_id = images.adopt(steps["id"])
    headers = {"X-Auth-Token": steps["direct"]["token"]}
    headers["Content-Type"] = "application/octet-stream"
    sent = two("alice").session.put(steps["direct"]["url"], data=DATA, headers=headers)
    assert (sent.status_code, images.status(image_id)) == (204, "active")
    for path in (PROJECT.index, PROJECT.detail(image_id), PROJECT.update(image_id)):
        assert "gAAAA" not in two("alice").get(path).html

    legacy = person("alice")
    form = legacy.get(PROJECT.create).form("disk_format")
    created = legacy.submit(form, name=unique("legacy"), **fields)
    images.adopt(created.response.json()["id"])
    assert "direct" not in created.response.json()
    assert "gAAAA" not in created.html


def test_external_locations(one: LogIn, person: LogIn, images: Images, cloud: Cloud) -> None:
    """Offered by setting; this Glance allows none, which is said, and nothing stays."""
    assert "external" not in create_form_fields(person("alice").get(PROJECT.create))[0]
    form = one("alice").get(PROJECT.create).form("disk_format")
    assert "external" in form.options("source")
    name, location = unique("external"), f"{cloud.files.url}/tiny.raw"
    fields = {"source": "external", "location": location, "disk_format": "raw"}
    page = one("alice").submit(form, name=name, protected="on", **fields)
    assert page.status == 200
    assert any("The image was not created." in e for e in page.form("disk_format").errors)
    assert images.named(name) == []


def test_property_titles(one: LogIn, images: Images) -> None:
    image_id = images.make("titles", os_distro="debian")
    for path in (PROJECT.detail(image_id), PROJECT.metadata(image_id)):
        assert "Its Distribution" in one("alice").get(path).text


def test_filter_by_singled_out_owners(
    cloud: Cloud, one: LogIn, person: LogIn, images: Images
) -> None:
    name, demo = unique("owner"), cloud.project_id("demo")
    own = images.make(name=name, visibility="public")
    other = images.make(name=name, owner="demo", visibility="public")
    options = one("alice").get(PROJECT.index).form("name").options("owner")
    assert options == ["", cloud.project_id("acme-web"), demo]
    assert set(one("alice").get(PROJECT.index, name=name).rows) == {own, other}
    assert set(one("alice").get(PROJECT.index, name=name, owner=demo).rows) == {other}
    assert not person("alice").get(PROJECT.index).tree.all("select", name="owner")


def test_formats(one: LogIn) -> None:
    assert create_form_fields(one("alice").get(PROJECT.create))[1] == ["", "raw"]
    form = one("alice").get(PROJECT.index).form("name")
    assert form.options("format") == ["", "raw"]


def test_reserved_properties(one: LogIn, images: Images) -> None:
    image_id = images.make("reserved", vendor_secret="1", os_distro="debian")
    before = images.unchanging(image_id)
    form = one("alice").get(PROJECT.metadata(image_id)).form("new_name")
    assert "property.vendor_secret" not in form.fields
    forged = {"property.vendor_secret": "2", "initial-property.vendor_secret": "1"}
    one("alice").submit(form, **forged)
    assert images.unchanging(image_id) == before
    other = images.make("reserved")
    form = one("alice").get(PROJECT.metadata(other)).form("new_name")
    page = one("alice").submit(form, new_name="vendor_secret", new_value="2")
    assert page.form("new_name").errors
    assert "vendor_secret" not in images.show(other)


def test_domains_of_cloud_admins(cloud: Cloud, one: LogIn, images: Images) -> None:
    """Here admins of acme manage everything, and those of Default only Default."""
    foreign = images.make("globex", "globex-ops")
    name = images.name(foreign)
    page = one("acme-admin").get(ADMIN.index, name=name, domain="all")
    assert page.row(foreign)
    assert one("acme-admin").get(ADMIN.detail(foreign)).status == 200
    assert one("admin").get(ADMIN.index, name=name, domain="all").rows == {}
    assert one("admin").get(ADMIN.detail(foreign)).status == 404
    own = images.make("default", "demo")
    assert one("admin").get(ADMIN.detail(own)).status == 200


def test_system_scope(two: LogIn, person: LogIn) -> None:
    """Where admins of compute need a token of the whole system, so does this panel."""
    admin = two("admin")
    assert admin.get(ADMIN.index).status == 403
    assert admin.get(PROJECT.index).status == 200
    assert f'href="{ADMIN.index}"' not in admin.get(PROJECT.index).html
    admin.get("/auth/switch_system_scope/", next="/identity/")
    page = admin.get(ADMIN.index)
    # The panel opens; Glance's own policy lists nothing to a token of the whole system.
    assert page.status == 403
    assert "You are not authorized to complete get_images action" in page.text
    assert person("admin").get(ADMIN.index).status == 200
