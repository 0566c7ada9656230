# SPDX-License-Identifier: Apache-2.0
"""Publish and Unpublish: what publishing gave is taken back, and no more."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration.client import Dashboard, Page
from tests.integration.images import Images
from tests.integration.panels import ADMIN, PANELS, PROJECT, Panel

PUBLISHED = "helion_images_published"


def publish(dashboard: Dashboard, panel: Panel, *image_ids: str, audience: str = "cloud") -> Page:
    """What the page on which the audience is chosen sends."""
    fields = [*(("id", image_id) for image_id in image_ids), ("audience", audience)]
    return dashboard.post(panel.publish, fields)


@pytest.mark.parametrize("visibility", ["private", "shared", "community"])
@pytest.mark.parametrize("who", ["acme-admin", "admin"])
def test_visibility_before_publishing_comes_back(
    person: Callable[[str], Dashboard], images: Images, who: str, visibility: str
) -> None:
    image_id = images.make("published", "acme-lab", visibility=visibility, os_distro="debian")
    if visibility == "shared":
        images.share(image_id, "acme-web")
        images.share(image_id, "demo", "rejected")
    before, name = images.unchanging(image_id), images.name(image_id)

    page = publish(person(who), ADMIN, image_id)
    assert f"Success: Published Image: {name}" in page.messages
    published = images.unchanging(image_id)
    assert published.pop(PUBLISHED)
    assert published == {**before, "visibility": "public"}
    assert image_id in person("gina").get(PROJECT.index, name=name).rows

    page = person(who).act(ADMIN.index, "unpublish", image_id)
    assert f"Success: Unpublished Image: {name}" in page.messages
    assert images.unchanging(image_id) == before
    if visibility == "shared":
        assert sorted(images.members(image_id).values()) == ["accepted", "rejected"]
    assert (image_id in person("gina").get(PROJECT.index, name=name).rows) is (
        visibility == "community"
    ) or visibility == "community"


def test_published_elsewhere_becomes_private(
    person: Callable[[str], Dashboard], images: Images
) -> None:
    image_id = images.make("elsewhere", visibility="public")
    person("acme-admin").act(ADMIN.index, "unpublish", image_id)
    assert images.show(image_id)["visibility"] == "private"


def test_forged_memory_is_not_trusted(person: Callable[[str], Dashboard], images: Images) -> None:
    image_id = images.make("forged", visibility="public", **{PUBLISHED: "everybody"})
    person("acme-admin").act(ADMIN.index, "unpublish", image_id)
    image = images.show(image_id)
    assert (image["visibility"], PUBLISHED in image) == ("private", False)


def test_from_edit_as_from_the_row(person: Callable[[str], Dashboard], images: Images) -> None:
    image_id, dashboard = images.make("by-form", visibility="shared"), person("acme-admin")
    form = dashboard.get(ADMIN.update(image_id)).form("description")
    dashboard.submit(form, visibility="public")
    assert images.show(image_id)[PUBLISHED]
    dashboard.act(ADMIN.index, "unpublish", image_id)
    assert images.show(image_id)["visibility"] == "shared"
    assert PUBLISHED not in images.show(image_id)


@pytest.mark.parametrize("action", ["publish", "unpublish"])
def test_member_may_not(person: Callable[[str], Dashboard], images: Images, action: str) -> None:
    image_id = images.make("mine", visibility="public" if action == "unpublish" else "private")
    before = images.unchanging(image_id)
    if action == "publish":
        assert person("alice").get(PROJECT.publish, id=image_id).status == 403
        page = publish(person("alice"), PROJECT, image_id)
    else:
        page = person("alice").act(PROJECT.index, action, image_id)
    assert page.errors
    assert images.unchanging(image_id) == before
    shown = person("alice").get(PROJECT.index, name=images.name(image_id))
    assert not shown.row_actions(image_id) & {"publish", "unpublish"}
    assert not shown.table_actions & {"publish", "unpublish"}


@pytest.mark.parametrize("panel", ["project", "admin"])
def test_bulk(person: Callable[[str], Dashboard], images: Images, panel: str) -> None:
    ids = [images.make(f"bulk{i}") for i in range(3)]
    publish(person("acme-admin"), PANELS[panel], *ids)
    assert {images.show(image_id)["visibility"] for image_id in ids} == {"public"}
    person("acme-admin").act(PANELS[panel].index, "unpublish", *ids)
    assert {images.show(image_id)["visibility"] for image_id in ids} == {"private"}
