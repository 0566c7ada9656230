# SPDX-License-Identifier: Apache-2.0
"""Glance undoes what is changed while it writes data: what it would undo is refused, and said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.integration.bodies import MIB, Body
from tests.integration.client import Dashboard, Page
from tests.integration.images import Images
from tests.integration.panels import ADMIN, PROJECT
from tests.integration.waiting import wait_until

REFUSED = "Data is being transferred into this image."

FORMS: Mapping[str, tuple[Callable[[str], str], Mapping[str, Any]]] = {
    "edit": (PROJECT.update, {"name": "renamed"}),
    "protected": (PROJECT.update, {"protected": "on"}),
    "metadata": (PROJECT.metadata, {"new_name": "colour", "new_value": "red"}),
}


def change(dashboard: Dashboard, image_id: str, what: str) -> Page:
    """A change by a form of the panel, or by an action of the list."""
    if what in FORMS:
        url, fields = FORMS[what]
        form = dashboard.get(url(image_id)).form(next(iter(fields)))
        return dashboard.submit(form, **fields)
    if what == "publish":
        return dashboard.post(ADMIN.publish, [("id", image_id), ("audience", "cloud")])
    return dashboard.act(PROJECT.index, what, image_id)


def is_made(images: Images, image_id: str) -> bool:
    image = images.show(image_id)
    return image["name"] == "renamed" or image.get("colour") == "red"


def said(page: Page) -> str:
    return " ".join([*page.errors, *page.form_errors, page.text])


def test_a_change_during_an_upload(person: Callable[[str], Dashboard], images: Images) -> None:
    """Nobody is told that a change was made which is gone when the upload has ended."""
    image_id, alice, admin = images.make("moving", data=None), person("alice"), person("admin")
    before = images.show(image_id)
    other_tab = person("alice")
    pages: dict[str, Page] = {}

    def halfway() -> None:
        wait_until(lambda: images.status(image_id), "saving".__eq__, "the upload to begin")
        for what in (*FORMS, "protect", "hide", "communitize"):
            pages[what] = change(other_tab, image_id, what)
        pages["publish"] = change(admin, image_id, "publish")
        assert images.status(image_id) == "saving"

    answer = alice.put(PROJECT.upload(image_id), Body(32, halfway))
    assert answer.status_code == 200
    assert {what for what, page in pages.items() if REFUSED not in said(page)} == set()
    # A form keeps what was entered.
    assert pages["edit"].form("name").fields["name"] == "renamed"
    assert pages["metadata"].form("new_name").fields["new_value"] == "red"

    after = images.show(image_id)
    for name in ("name", "visibility", "protected", "tags", "os_hidden"):
        assert after[name] == before[name]
    page = change(alice, image_id, "edit")
    assert (page.errors, images.name(image_id)) == ([], "renamed")


def test_an_image_whose_upload_has_died_can_be_deleted(
    person: Callable[[str], Dashboard], images: Images
) -> None:
    """It stays in its status for good, and may be protected.

    Glance refuses to delete its copy of a protected image at the end of an upload, with 403.
    """
    image_id, alice = images.make("protected", data=None, protected=True), person("alice")
    other_tab = person("alice")

    def halfway() -> None:
        # Glance writes the image as it has read it once more, when the data begins to arrive.
        wait_until(lambda: images.status(image_id), "saving".__eq__, "the upload to begin")
        assert change(other_tab, image_id, "unprotect").errors == []
        assert other_tab.act(PROJECT.index, "delete", image_id).errors == []

    answer = alice.put(PROJECT.upload(image_id), Body(16, halfway))
    assert (answer.status_code, answer.json()["kind"]) == (410, "gone"), answer.text
    assert answer.json()["reason"].startswith("The image was deleted during the upload")
    assert not images.exists(image_id)


@pytest.mark.parametrize("what", ["edit", "metadata"])
def test_a_change_during_a_copy(
    person: Callable[[str], Dashboard], images: Images, what: str
) -> None:
    """Either it is refused, or it is there when the copy has ended."""
    image_id, alice = images.make("copied", data=bytes(192 * MIB)), person("alice")
    images._call(
        "POST",
        f"/images/{image_id}/import",
        json={"method": {"name": "copy-image"}, "stores": ["archive"]},
    )
    page = change(alice, image_id, what)
    wait_until(
        lambda: images.show(image_id),
        lambda image: "os_glance_import_task" not in image,
        "the copy to end",
    )
    assert is_made(images, image_id) or REFUSED in said(page)
    change(alice, image_id, what)
    assert is_made(images, image_id)
