# SPDX-License-Identifier: Apache-2.0
"""Update Metadata: the image's own properties, one new one, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration.client import Dashboard, Form
from tests.integration.images import Images
from tests.integration.panels import PROJECT

PUBLISHED = "helion_images_published"
FORBIDDEN = (
    "visibility",
    "status",
    "protected",
    "owner",
    "name",
    "id",
    "disk_format",
    "size",
    "os_hidden",
    "locations",
    "tags",
    "min_disk",
    "os_glance_importing_to_stores",
    PUBLISHED,
)


def metadata_form(dashboard: Dashboard, image_id: str) -> Form:
    return dashboard.get(PROJECT.metadata(image_id)).form("new_name")


def test_change_remove_add(person: Callable[[str], Dashboard], images: Images) -> None:
    image_id = images.make("meta", os_distro="debian", os_version="12", hw_disk_bus=" virtio ")
    before, form = images.unchanging(image_id), metadata_form(person("alice"), image_id)
    shown = {k: v for k, v in form.fields.items() if k.startswith("property.")}
    assert shown == {
        "property.os_distro": "debian",
        "property.os_version": "12",
        "property.hw_disk_bus": " virtio ",
    }
    changed = {"property.os_distro": "", "property.os_version": "13"}
    page = person("alice").submit(form, **changed, new_name="os_type", new_value="linux")
    assert any("Updated image" in text for text in page.messages)
    del before["os_distro"]
    assert images.unchanging(image_id) == {**before, "os_version": "13", "os_type": "linux"}


def test_untouched_form_changes_nothing(person: Callable[[str], Dashboard], images: Images) -> None:
    image_id = images.make("same", os_distro="debian", description="d", architecture="x86_64")
    whole = images.show(image_id)
    form = metadata_form(person("alice"), image_id)
    images.update(image_id, os_distro="fedora")
    person("alice").submit(form)
    after = images.show(image_id)
    assert {**after, "updated_at": whole["updated_at"]} == {**whole, "os_distro": "fedora"}


@pytest.mark.parametrize("name", FORBIDDEN)
def test_attributes_are_never_written(
    person: Callable[[str], Dashboard], images: Images, name: str
) -> None:
    image_id = images.make("attribute", os_distro="debian")
    before, form = images.unchanging(image_id), metadata_form(person("alice"), image_id)
    forged = {f"property.{name}": "1", f"initial-property.{name}": "0", name: "1"}
    person("alice").submit(form, **forged)
    assert images.unchanging(image_id) == before
    page = person("alice").submit(form, new_name=name, new_value="1")
    assert any("cannot be set here" in text for text in page.form("new_name").errors)
    assert images.unchanging(image_id) == before


def test_what_publishing_remembers_is_kept_from_people(
    person: Callable[[str], Dashboard], images: Images
) -> None:
    image_id = images.make("published", visibility="public", **{PUBLISHED: "community"})
    before, form = images.unchanging(image_id), metadata_form(person("alice"), image_id)
    assert f"property.{PUBLISHED}" not in form.fields
    forged = {f"property.{PUBLISHED}": "private", f"initial-property.{PUBLISHED}": "community"}
    person("alice").submit(form, **forged)
    assert images.unchanging(image_id) == before


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"new_name": "a/b", "new_value": "1"}, "Use only letters, digits"),
        ({"new_name": "", "new_value": "1"}, "Enter a name for this property"),
        ({"new_name": "os_distro", "new_value": "1"}, "already has this property"),
        ({"new_name": "x" * 256, "new_value": "1"}, "Use only letters, digits"),
    ],
)
def test_mistakes(
    person: Callable[[str], Dashboard], images: Images, fields: dict[str, str], complaint: str
) -> None:
    image_id = images.make("mistake", os_distro="debian")
    before, form = images.unchanging(image_id), metadata_form(person("alice"), image_id)
    page = person("alice").submit(form, **fields)
    assert any(complaint in error for error in page.form("new_name").errors)
    assert images.unchanging(image_id) == before


def test_what_glance_reserves_is_told(person: Callable[[str], Dashboard], images: Images) -> None:
    """More properties than the cloud allows: Glance refuses, the page says why."""
    image_id = images.make("many", **{f"p{i:03}": "1" for i in range(128)})
    before, form = images.unchanging(image_id), metadata_form(person("alice"), image_id)
    page = person("alice").submit(form, new_name="one_more", new_value="1")
    assert any("The image was not changed." in error for error in page.form("new_name").errors)
    assert images.unchanging(image_id) == before


@pytest.mark.parametrize("name", [" padded", "padded ", "padded\t"])
def test_a_name_with_a_blank_at_an_end_is_not_changed(
    person: Callable[[str], Dashboard], images: Images, name: str
) -> None:
    """Glance would change the property without the blank, and answer with success."""
    image_id = images.make("padded", **{name: "1", "padded": "2", "os_distro": "debian"})
    before, alice = images.unchanging(image_id), person("alice")
    page = alice.get(PROJECT.metadata(image_id))
    assert "The name of this property begins or ends with a blank." in page.html
    form = page.form("new_name")
    alice.submit(form, **{f"property.{name}": "3", f"initial-property.{name}": "1"})
    alice.submit(form, remove=name)
    alice.submit(form, new_name=name, new_value="4")
    assert images.unchanging(image_id) == before
    alice.submit(form, **{"property.os_distro": "fedora"})
    assert images.unchanging(image_id) == {**before, "os_distro": "fedora"}


def test_an_edit_of_a_property_that_somebody_removed_is_kept(
    person: Callable[[str], Dashboard], images: Images
) -> None:
    image_id, alice = images.make("gone", os_distro="debian", os_version="12"), person("alice")
    form = metadata_form(alice, image_id)
    images.remove(image_id, "os_distro")
    page = alice.submit(form, **{"property.os_distro": "fedora", "property.os_version": "13"})
    said = page.form("new_name").errors
    assert any("Another user has removed this property." in error for error in said)
    kept = page.form("new_name").fields
    assert (kept["property.os_distro"], kept["property.os_version"]) == ("fedora", "13")
    assert "os_distro" not in images.show(image_id)
    alice.submit(page.form("new_name"))
    after = images.show(image_id)
    assert (after["os_distro"], after["os_version"]) == ("fedora", "13")


def test_an_edit_of_a_property_that_somebody_changed_is_confirmed(
    person: Callable[[str], Dashboard], images: Images
) -> None:
    image_id, alice = images.make("both", os_distro="debian"), person("alice")
    form = metadata_form(alice, image_id)
    images.update(image_id, os_distro="ubuntu")
    page = alice.submit(form, **{"property.os_distro": "fedora"})
    said = page.form("new_name").errors
    assert any("Another user has changed this property to ubuntu." in error for error in said)
    assert images.show(image_id)["os_distro"] == "ubuntu"
    alice.submit(page.form("new_name"))
    assert images.show(image_id)["os_distro"] == "fedora"
