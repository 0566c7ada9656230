# SPDX-License-Identifier: Apache-2.0
import json

import pytest

from helion_images_panel.core.audit import Change, difference, entry, log_safe
from helion_images_panel.core.publication import PROPERTY
from helion_images_panel.redaction import MASK
from tests import factories


def told(change, masked=()):
    return json.loads(entry(change, masked))


def test_an_entry_says_what_was_changed_and_how_it_went():
    change = Change("image_update", "an-id", "web", "p1", {"protected": False}, {"protected": True})
    assert told(change) == {
        "action": "image_update",
        "image_id": "an-id",
        "image_name": "web",
        "owner": "p1",
        "before": {"protected": False},
        "after": {"protected": True},
        "result": "success",
    }


def test_only_what_differs_is_told():
    image = factories.image(name="old", protected=True, min_disk=2, os_distro="debian", tags=["a"])
    changes = {
        "name": "new", "protected": True, "min_disk": 2, "os_distro": None, "os_version": "13",
        "tags": ["a"],
    }  # fmt: skip
    assert difference(image, changes) == (
        {"name": "old", "os_distro": "debian", "os_version": None},
        {"name": "new", "os_distro": None, "os_version": "13"},
    )


def test_what_nobody_has_seen_before_is_not_guessed():
    assert difference(None, {"protected": True}) == (None, {"protected": True})


@pytest.mark.parametrize(
    "name",
    [
        *factories.HOSTILE_NAMES,
        "two\nlines",
        "carriage\rreturn",
        "line\u2028separator",
        "next\x85line",
        'x"}] [fake] [{"action": "image_delete',
        "\x1b[31mred",
        "\ud800",
    ],
)
def test_a_hostile_name_ends_neither_the_line_nor_the_field(name):
    line = entry(Change("image_delete", "an-id", name, reason=name, before={name: name}))
    assert line.isascii()
    assert line.isprintable()
    assert "[" not in line
    assert "]" not in line
    found = json.loads(line)
    assert found["image_name"] == name
    assert found["before"] == {name: name}


@pytest.mark.parametrize("text", ["plain", "a b", "Zoë\n[x]", "]["])
def test_inert_text(text):
    found = log_safe(text)
    assert found.isascii()
    assert found.isprintable()
    assert not set(found) & {"[", "]"}


def test_signed_properties_and_masked_names_are_told_without_their_values():
    values = {PROPERTY: "an-id cloud private - :signature", "secret": "s3cret", "os_distro": "x"}
    found = told(Change("image_update", "an-id", after=values, before=values), ["secret"])
    expected = {PROPERTY: MASK, "secret": MASK, "os_distro": "x"}
    assert (found["before"], found["after"]) == (expected, expected)


def test_long_values_are_cut():
    found = told(Change("image_update", "an-id", after={"x": "y" * 70000, "tags": ["a", "b"]}))
    assert found["after"]["x"] == "y" * 255 + "..."
    assert found["after"]["tags"] == "a, b"
