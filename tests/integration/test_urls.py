# SPDX-License-Identifier: Apache-2.0
"""Pages that the rest of Horizon links to, and the panels' places in its menu."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration.client import Dashboard
from tests.integration.images import Images
from tests.integration.panels import ADMIN, PANELS, PROJECT

pytestmark = pytest.mark.with_frame

NOBODY = "4f8b1f6c-1a5f-4c77-b5cc-0a6b1f1f9c11"


@pytest.mark.parametrize(("who", "panel"), [("alice", "project"), ("acme-admin", "admin")])
def test_pages(person: Callable[[str], Dashboard], images: Images, who: str, panel: str) -> None:
    image_id, pages = images.make("pages"), PANELS[panel]
    name = images.name(image_id)
    for path in (
        pages.index,
        pages.create,
        pages.detail(image_id),
        pages.update(image_id),
        pages.metadata(image_id),
        pages.download(image_id),
        pages.upload_data(images.make("waits", data=None)),
        pages.progress,
    ):
        assert person(who).get(path).status == 200, path
    detail = person(who).get(pages.detail(image_id))
    assert detail.tree.first("dd", data_display=name).text == name
    assert image_id in detail.text


@pytest.mark.parametrize("panel", ["project", "admin"])
@pytest.mark.parametrize("image_id", [NOBODY, "no-id", "..%2f..%2fv3", "%00"])
def test_unknown_image(person: Callable[[str], Dashboard], panel: str, image_id: str) -> None:
    pages = PANELS[panel]
    for path in (
        pages.detail,
        pages.update,
        pages.metadata,
        pages.download,
        pages.upload_data,
    ):
        page = person("admin").get(path(image_id))
        assert page.status == 404, (page.url, page.text[:200])
    assert person("admin").post(pages.verify(image_id)).status == 404
    assert not person("admin").get(pages.index).errors


def test_stock_addresses() -> None:
    assert PROJECT.index == "/project/images/"
    assert PROJECT.detail("ID") == "/project/images/ID/"
    assert ADMIN.detail("ID") == "/admin/images/ID/detail/"


@pytest.mark.parametrize("who", ["alice", "reader"])
def test_snapshot_of_an_instance_without_nova(person: Callable[[str], Dashboard], who: str) -> None:
    """The form or a clean refusal; making one ends in a message."""
    page = person(who).get(f"/project/images/{NOBODY}/create/")
    assert page.status in (200, 403)
    if page.status == 200:
        done = person(who).submit(page.form("name"), name="snapshot")
        assert done.status < 500, done.text[:500]


@pytest.mark.parametrize(
    ("who", "groups"),
    [
        ("admin", {("Project", "Compute"), ("Admin", "System")}),
        ("acme-admin", {("Project", "Compute"), ("Admin", "System")}),
        ("alice", {("Project", "Compute")}),
        ("reader", {("Project", "Compute")}),
    ],
)
def test_menu(person: Callable[[str], Dashboard], who: str, groups: set[tuple[str, str]]) -> None:
    """Where the menu has Images: dashboard and group."""
    page = person(who).get(PROJECT.index)
    found = set()
    for dashboard in page.tree.all("li", "openstack-dashboard"):
        title = dashboard.first("a").text
        for group in dashboard.all("li", "nav-header") + dashboard.all(
            "li", "openstack-panel-group"
        ):
            for link in group.all("a"):
                if link.text == "Images" and link["href"].endswith("/images/"):
                    found.add((title, group.first("a").text))
    assert found == groups


def test_breadcrumb_and_titles(person: Callable[[str], Dashboard], images: Images) -> None:
    image_id = images.make("title")
    page = person("alice").get(PROJECT.detail(image_id))
    assert images.name(image_id) in page.tree.first("title").text
    assert person("alice").get(PROJECT.index).tree.first("title").text.startswith("Images")
