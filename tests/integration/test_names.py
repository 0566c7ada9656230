# SPDX-License-Identifier: Apache-2.0
"""Names that show nothing: the image is called by its ID, and no form makes such a name."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration.client import Dashboard
from tests.integration.images import Images, unique
from tests.integration.panels import ADMIN, PROJECT
from tests.integration.publishing import create

INVISIBLE = {
    "blanks": "   ",
    "no-break spaces": "\u00a0\u3000",
    "zero width": "\u200b\u2060\ufeff",
    "direction": "\u202e\u2066\u200f",
    "control": "\u0001\u001b",
    "filler": "\u3164\u2800",
}
REFUSAL = "The name has no visible characters. Enter another name."


@pytest.mark.parametrize("name", INVISIBLE.values(), ids=INVISIBLE)
def test_the_id_stands_for_a_name_that_shows_nothing(
    person: Callable[[str], Dashboard], images: Images, name: str
) -> None:
    image_id = images.make(name=name)
    for who, panel in (("alice", PROJECT), ("acme-admin", ADMIN)):
        row = person(who).get(panel.index, status="active", format="raw").row(image_id)
        assert row.first("a", href=panel.detail(image_id)).text == image_id
        details = person(who).get(panel.detail(image_id))
        assert image_id in details.tree.first("title").text
    page = person("alice").act(PROJECT.index, "protect", image_id)
    assert image_id in " ".join(page.messages)
    page = person("alice").act(PROJECT.index, "unprotect", image_id)
    form = person("alice").get(PROJECT.update(image_id)).form("name")
    updated = person("alice").submit(form, description="new")
    assert f"Success: Updated image {image_id}." in updated.messages
    assert images.show(image_id)["description"] == "new"


@pytest.mark.parametrize("name", INVISIBLE.values(), ids=INVISIBLE)
def test_forms_refuse_a_name_that_shows_nothing(
    person: Callable[[str], Dashboard], images: Images, name: str
) -> None:
    image_id = images.make("named")
    before = images.unchanging(image_id)
    form = person("alice").get(PROJECT.update(image_id)).form("name")
    assert REFUSAL in " ".join(person("alice").submit(form, name=name).form_errors)
    assert images.unchanging(image_id) == before
    made = create(person("alice"), name=name, description=unique("unseen"))
    assert made.status == 200
    assert made.form_errors


def test_a_cleared_name_is_told_by_the_id(
    person: Callable[[str], Dashboard], images: Images
) -> None:
    image_id = images.make("cleared")
    form = person("alice").get(PROJECT.update(image_id)).form("name")
    page = person("alice").submit(form, name="")
    assert f"Success: Updated image {image_id}." in page.messages
