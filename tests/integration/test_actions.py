# SPDX-License-Identifier: Apache-2.0
"""Community, hidden, deactivated: set and unset, on a row and on many that are ticked."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest

from helion_images_panel.core.publication import PROPERTY
from tests.integration.client import Dashboard
from tests.integration.images import DATA, Images
from tests.integration.panels import ADMIN, PANELS, PROJECT
from tests.thorough import some

WHERE = [("alice", "project"), ("acme-admin", "admin"), ("admin", "admin")]


@pytest.mark.parametrize(("who", "panel"), WHERE)
@pytest.mark.parametrize("before", ["private", "shared"])
def test_community_use_begins_and_ends_where_it_began(
    person: Callable[[str], Dashboard], images: Images, who: str, panel: str, before: str
) -> None:
    image_id = images.make("community", visibility=before)
    if before == "shared":
        images.share(image_id, "acme-data")
    name, at_first = images.name(image_id), images.unchanging(image_id)
    page = person(who).act(PANELS[panel].index, "communitize", image_id)
    assert f"Success: Image is now a community image: {name}" in page.messages
    assert images.show(image_id)["visibility"] == "community"
    assert PROPERTY in images.show(image_id)
    assert person("gina").get(PROJECT.detail(image_id)).status == 200

    page = person(who).act(PANELS[panel].index, "uncommunitize", image_id)
    assert f"Success: Image is no longer a community image: {name}" in page.messages
    assert images.unchanging(image_id) == at_first
    assert person("gina").get(PROJECT.detail(image_id)).status == 404
    if before == "shared":
        assert list(images.members(image_id).values()) == ["accepted"]


def test_the_end_of_community_use_is_private_where_nothing_is_known(
    person: Callable[[str], Dashboard], images: Images
) -> None:
    image_id = images.make("elsewhere", visibility="community")
    person("alice").act(PROJECT.index, "uncommunitize", image_id)
    assert images.show(image_id)["visibility"] == "private"


@pytest.mark.parametrize(("who", "panel"), WHERE)
def test_a_hidden_image_is_found_by_the_filter(
    person: Callable[[str], Dashboard], images: Images, who: str, panel: str
) -> None:
    index, image_id = PANELS[panel].index, images.make("hidden")
    name, at_first = images.name(image_id), images.unchanging(image_id)
    page = person(who).act(index, "hide", image_id)
    (said,) = [text for text in page.messages if f"Success: Image is now hidden: {name}" in text]
    assert "only with the Hidden filter" in said
    assert images.unchanging(image_id) == {**at_first, "os_hidden": True}
    assert image_id not in person(who).get(index, name=name, domain="all").rows
    page = person(who).get(index, name=name, hidden="true", domain="all")
    assert page.rows[image_id]["Status"] == "Active (hidden)"
    assert "unhide" in page.row_actions(image_id)

    person(who).act(index, "unhide", image_id)
    assert images.unchanging(image_id) == at_first
    assert image_id in person(who).get(index, name=name, domain="all").rows


@pytest.mark.parametrize(("who", "panel"), WHERE)
def test_a_deactivated_image_gives_its_data_to_admins_alone(
    person: Callable[[str], Dashboard], images: Images, who: str, panel: str
) -> None:
    index, image_id = PANELS[panel].index, images.make("deactivated")
    images.update(image_id, visibility="shared")
    images.share(image_id, "acme-data")
    page = person(who).act(index, "deactivate", image_id)
    assert f"Success: Deactivated Image: {images.name(image_id)}" in page.messages
    assert images.status(image_id) == "deactivated"
    assert "was not downloaded" in person("bob").get(PROJECT.download(image_id)).html
    # Those who see it keep it in their lists.
    assert image_id in person("bob").get(PROJECT.index, name=images.name(image_id)).rows
    assert person("admin").get(ADMIN.download(image_id)).response.content == DATA

    page = person(who).act(index, "reactivate", image_id)
    assert f"Success: Reactivated Image: {images.name(image_id)}" in page.messages
    assert images.status(image_id) == "active"
    assert person("bob").get(PROJECT.download(image_id)).response.content == DATA


def test_states_that_an_action_is_not_for(
    person: Callable[[str], Dashboard], images: Images
) -> None:
    queued, active = images.make("queued", data=None), images.make("active")
    page = person("alice").act(PROJECT.index, "deactivate", queued)
    assert any("Only an active image can be deactivated." in text for text in page.errors)
    page = person("alice").act(PROJECT.index, "reactivate", active)
    assert any("The image is not deactivated." in text for text in page.errors)
    public = images.make("public", visibility="public")
    page = person("acme-admin").act(ADMIN.index, "communitize", public)
    assert any("Unpublish it first." in text for text in page.errors)
    assert images.show(public)["visibility"] == "public"


BULK = {
    "communitize": ({}, ("visibility", "community"), {"visibility": "community"}),
    "uncommunitize": ({"visibility": "community"}, ("visibility", "private"), {}),
    "hide": ({}, ("os_hidden", True), {"os_hidden": True}),
    "unhide": ({"os_hidden": True}, ("os_hidden", False), {}),
    "deactivate": ({}, ("status", "deactivated"), None),
    "reactivate": (None, ("status", "active"), {}),
    "protect": ({}, ("protected", True), {"protected": True}),
    "unprotect": ({"protected": True}, ("protected", False), {}),
}


@pytest.mark.parametrize("action", some(BULK, "communitize", "deactivate", "protect"))
def test_bulk_goes_on_past_what_fails(
    person: Callable[[str], Dashboard], images: Images, action: str
) -> None:
    """Beside those that can change: some that need not, one vanished, one of another domain."""
    fields, (attribute, value), done_already = BULK[action]

    def made(label: str, with_fields: dict[str, object] | None, owner: str = "acme-web") -> str:
        image_id = images.make(label, owner, **(with_fields or {}))
        if with_fields is None:
            images._call("POST", f"/images/{image_id}/actions/deactivate")
        return image_id

    ready = [made(f"ready{i}", fields) for i in range(10)]
    already = [made(f"already{i}", done_already) for i in range(2)]
    foreign = made("foreign", fields, "globex-research")
    foreign_before = images.unchanging(foreign)
    ticked = [*ready[:5], foreign, *already, str(uuid.uuid4()), *ready[5:]]
    page = person("acme-admin").act(ADMIN.index, action, *ticked)

    assert {images.show(image_id)[attribute] for image_id in (*ready, *already)} == {value}
    assert images.unchanging(foreign) == foreign_before
    (failed,) = page.errors
    assert f" ({images.name(already[0])}, {images.name(already[1])})" in failed
    assert f"Image not found. ({foreign}, {ticked[8]})" in failed
    assert images.name(foreign) not in page.html
    (done,) = [text for text in page.messages if text.startswith("Success:")]
    assert all(images.name(image_id) in done for image_id in ready)


def test_results_are_told_on_the_next_page_and_then_no_more(
    person: Callable[[str], Dashboard], images: Images
) -> None:
    image_id = images.make("told")
    page = person("alice").act(PROJECT.detail(image_id), "protect", image_id)
    assert page.path == PROJECT.detail(image_id)
    assert f"Success: Protected Image: {images.name(image_id)}" in page.messages
    assert person("alice").get(PROJECT.index).messages == []


@pytest.mark.parametrize("action", ["", "no action", "images__", "images__none", "none__delete"])
def test_a_posted_text_that_names_no_action_leads_back(
    person: Callable[[str], Dashboard], images: Images, action: str
) -> None:
    image_id = images.make("kept")
    before = images.state(image_id)
    for path in (PROJECT.index, PROJECT.shared, PROJECT.detail(image_id)):
        page = person("alice").post(path, [("action", action), ("object_ids", image_id)])
        assert (page.status, page.path) == (200, path)
    assert images.state(image_id) == before
