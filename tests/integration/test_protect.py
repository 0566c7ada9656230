# SPDX-License-Identifier: Apache-2.0
"""Protect, unprotect, delete: on a row, and on many that are ticked."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest

from tests.integration.client import Dashboard
from tests.integration.images import Images
from tests.integration.panels import ADMIN, PANELS, PROJECT
from tests.thorough import only_thorough

WHERE = [("alice", "project"), ("acme-admin", "admin"), ("admin", "admin")]


@pytest.mark.parametrize(("who", "panel"), WHERE)
def test_life_of_a_protected_image(
    person: Callable[[str], Dashboard], images: Images, who: str, panel: str
) -> None:
    index, dashboard = PANELS[panel].index, person(who)
    image_id = images.make("protected")
    name, before = images.name(image_id), images.unchanging(image_id)

    page = dashboard.act(index, "protect", image_id)
    assert f"Success: Protected Image: {name}" in page.messages
    assert images.unchanging(image_id) == {**before, "protected": True}

    page = dashboard.act(index, "delete", image_id)
    assert f"Error: Delete Image failed: {name} – The image is protected. Unprotect it first." in (
        page.messages
    )
    assert images.unchanging(image_id) == {**before, "protected": True}

    page = dashboard.act(index, "unprotect", image_id)
    assert f"Success: Unprotected Image: {name}" in page.messages
    assert images.unchanging(image_id) == before

    page = dashboard.act(index, "delete", image_id)
    assert any(text.startswith(f"Success: Deleted Image: {name} ") for text in page.messages)
    assert not images.exists(image_id)


def test_actions_without_an_effect_say_so(
    person: Callable[[str], Dashboard], images: Images
) -> None:
    image_id = images.make("stale")
    page = person("alice").act(PROJECT.index, "unprotect", image_id)
    assert any("The image is not protected." in text for text in page.errors)
    page = person("acme-admin").act(ADMIN.index, "unpublish", image_id)
    assert any("The image is not published." in text for text in page.errors)


@pytest.mark.parametrize(("who", "panel"), WHERE)
def test_bulk_goes_on_past_what_fails(
    person: Callable[[str], Dashboard], images: Images, who: str, panel: str
) -> None:
    """One vanished, one protected, one of another domain, one that is no ID."""
    free = [images.make(f"free{i}") for i in range(4)]
    protected = images.make("kept", protected=True)
    foreign = images.make("foreign", "globex-research")
    vanished = images.make("vanished")
    images.delete(vanished)
    unknown, junk = str(uuid.uuid4()), "not-an-id"
    names = {image_id: images.name(image_id) for image_id in (*free, protected, foreign)}

    ticked = (free[0], vanished, free[1], protected, free[2], foreign, unknown, junk, free[3])
    page = person(who).act(PANELS[panel].index, "delete", *ticked)

    gone = [*free, foreign] if who == "admin" else free
    assert [image_id for image_id in names if not images.exists(image_id)] == gone
    title = f"Success: Deleted {len(gone)} Images:"
    (done,) = [text for text in page.messages if text.startswith(title)]
    (failed,) = [text for text in page.errors if "Delete Images failed:" in text]
    assert all(names[image_id] in done for image_id in gone)
    assert f"{names[protected]} – The image is protected. Unprotect it first." in failed
    missing = [vanished, *([] if who == "admin" else [foreign]), unknown, junk]
    assert f"Image not found. ({', '.join(missing)})" in failed
    assert who == "admin" or names[foreign] not in page.html


@pytest.mark.parametrize("action", ["protect", "unprotect"])
def test_bulk_protect(person: Callable[[str], Dashboard], images: Images, action: str) -> None:
    ids = [images.make(f"bulk{i}", protected=bool(i % 2)) for i in range(5)]
    page = person("alice").act(PROJECT.index, action, *ids)
    assert {images.show(image_id)["protected"] for image_id in ids} == {action == "protect"}
    assert all(images.name(image_id) in " ".join(page.messages) for image_id in ids)


def test_ticking_twice_acts_once(person: Callable[[str], Dashboard], images: Images) -> None:
    image_id = images.make("twice")
    page = person("alice").act(PROJECT.index, "delete", image_id, image_id)
    assert not images.exists(image_id)
    assert not page.errors


def test_nothing_ticked(person: Callable[[str], Dashboard]) -> None:
    page = person("alice").post(PROJECT.index, {"action": "images__delete"})
    assert page.status == 200
    assert any("Please select a row" in text for text in page.messages)


@pytest.mark.parametrize("action", ["edit", "create", "launch", "no_such", "update_metadata"])
def test_forged_names_of_actions_do_nothing(
    person: Callable[[str], Dashboard], images: Images, action: str
) -> None:
    image_id = images.make("forged")
    before = images.unchanging(image_id)
    assert person("alice").act(PROJECT.index, action, image_id).status == 200
    assert images.unchanging(image_id) == before


@only_thorough
def test_many_images_at_once(person: Callable[[str], Dashboard], images: Images) -> None:
    ids = [images.make(f"many{i:02}", data=None) for i in range(100)]
    names = {images.name(image_id) for image_id in ids}
    kept = ids[::10]
    for image_id in kept:
        images.update(image_id, protected=True)
    page = person("alice").act(PROJECT.index, "delete", *ids, name="acme-web")
    assert [image_id for image_id in ids if images.exists(image_id)] == kept
    (done,) = [text for text in page.messages if text.startswith("Success: Deleted 90 Images")]
    (failed,) = page.errors
    assert all(images.name(image_id) in failed for image_id in kept)
    assert all(name in done + failed for name in names)
