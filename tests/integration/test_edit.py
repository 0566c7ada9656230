# SPDX-License-Identifier: Apache-2.0
"""Edit Image: what the person changed is changed, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.client import Dashboard, Form
from tests.integration.images import Images
from tests.integration.panels import PROJECT

FULL = {
    "description": "As it was\nin two lines ",
    "architecture": "aarch64",
    "min_disk": 5,
    "min_ram": 512,
    "tags": ["golden", "web"],
    "os_distro": "debian",
    "kernel_id": "4f8b1f6c-1a5f-4c77-b5cc-0a6b1f1f9c11",
    "hw_disk_bus": "virtio",
}


def edit_form(dashboard: Dashboard, image_id: str) -> Form:
    return dashboard.get(PROJECT.update(image_id)).form("description")


@pytest.mark.parametrize("visibility", ["private", "shared", "community"])
@pytest.mark.parametrize(
    ("posted", "changed"),
    [
        ({}, {}),
        ({"description": "New words"}, {"description": "New words"}),
        ({"name": "it-renamed"}, {"name": "it-renamed"}),
        ({"protected": "on"}, {"protected": True}),
        ({"min_disk": "", "min_ram": 1}, {"min_disk": 0, "min_ram": 1}),
        ({"architecture": "", "description": ""}, {"architecture": None, "description": None}),
    ],
)
def test_nothing_else_changes(
    person: Callable[[str], Dashboard],
    images: Images,
    visibility: str,
    posted: dict[str, Any],
    changed: dict[str, Any],
) -> None:
    image_id = images.make("edited", visibility=visibility, **FULL)
    if visibility == "shared":
        images.share(image_id, "acme-data", "rejected")
    whole, members = images.show(image_id), visibility == "shared" and images.members(image_id)
    page = person("alice").submit(edit_form(person("alice"), image_id), **posted)
    assert page.path == PROJECT.index
    name = changed.get("name") or whole["name"]
    assert any(name in text for text in page.messages)
    removed = {name for name, value in changed.items() if value is None}
    expected = {k: v for k, v in {**whole, **changed}.items() if k not in removed}
    after = images.show(image_id)
    if posted:
        expected["updated_at"] = after["updated_at"]
    assert after == expected
    assert members == (visibility == "shared" and images.members(image_id))


def test_what_others_changed_meanwhile_stays(
    person: Callable[[str], Dashboard], images: Images
) -> None:
    image_id = images.make("raced", description="old", protected=False)
    form = edit_form(person("alice"), image_id)
    images.update(image_id, protected=True, architecture="s390x", visibility="community")
    person("alice").submit(form, description="new")
    image = images.show(image_id)
    assert (image["description"], image["protected"]) == ("new", True)
    assert (image["architecture"], image["visibility"]) == ("s390x", "community")


def test_a_description_that_others_removed_meanwhile_is_set(
    person: Callable[[str], Dashboard], images: Images
) -> None:
    image_id = images.make("removed", description="old", architecture="x86_64")
    form = edit_form(person("alice"), image_id)
    images.remove(image_id, "description", "architecture")
    person("alice").submit(form, description="new")
    image = images.show(image_id)
    assert image["description"] == "new"
    assert "architecture" not in image


def test_image_without_a_name_can_be_edited(
    person: Callable[[str], Dashboard], images: Images
) -> None:
    image_id = images.make(name=None)
    assert images.show(image_id)["name"] is None
    person("alice").submit(edit_form(person("alice"), image_id), description="nameless")
    image = images.show(image_id)
    assert (image["name"], image["description"]) == (None, "nameless")


def test_public_needs_permission(person: Callable[[str], Dashboard], images: Images) -> None:
    image_id = images.make("to-publish")
    form = edit_form(person("alice"), image_id)
    assert set(form.options("visibility")) == {"private", "shared", "community"}
    page = person("alice").submit(form, visibility="public")
    assert page.form("description").errors
    assert images.show(image_id)["visibility"] == "private"

    form = edit_form(person("acme-admin"), image_id)
    offered = {"private", "shared", "domain", "community", "public"}
    assert set(form.options("visibility")) == offered
    person("acme-admin").submit(form, visibility="public")
    assert images.show(image_id)["visibility"] == "public"


def test_shaded_fields_cannot_be_forged(person: Callable[[str], Dashboard], images: Images) -> None:
    """Formats of a queued image Glance would let change."""
    image_id = images.make("shaded", data=None)
    before = images.unchanging(image_id)
    form = edit_form(person("alice"), image_id)
    person("alice").submit(
        form,
        disk_format="iso",
        size="1",
        image_id="4f8b1f6c-1a5f-4c77-b5cc-0a6b1f1f9c11",
        status="active",
        owner="4f8b1f6c1a5f4c77b5cc0a6b1f1f9c11",
        os_hidden="on",
    )
    assert images.unchanging(image_id) == before


def test_refusal_by_glance_is_told(person: Callable[[str], Dashboard], images: Images) -> None:
    """The image was deleted while the form was open."""
    image_id = images.make("gone")
    form = edit_form(person("alice"), image_id)
    images.delete(image_id)
    assert person("alice").submit(form, description="late").status == 404


def test_text_of_others_is_text(person: Callable[[str], Dashboard], images: Images) -> None:
    name = "<script>alert('{$ 1+1 $}')</script>"
    image_id = images.make(name=name, description="<b>x</b>", tags=["<i>tag</i>"])
    for path in (PROJECT.index, PROJECT.detail(image_id), PROJECT.update(image_id)):
        page = person("alice").get(path)
        assert page.status == 200
        assert name not in page.html
        assert "<b>x</b>" not in page.html
        assert "<i>tag</i>" not in page.html
    person("alice").submit(edit_form(person("alice"), image_id), min_ram=1)
    image = images.show(image_id)
    assert (image["name"], image["description"], image["min_ram"]) == (name, "<b>x</b>", 1)
