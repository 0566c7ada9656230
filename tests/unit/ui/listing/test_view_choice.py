# SPDX-License-Identifier: Apache-2.0
"""The choice of density and columns, as the cookie has it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from helion_images_panel.ui.listing.table import ImagesTable
from helion_images_panel.ui.listing.view_choice import COLUMNS, ViewChoice, view_choice


def choice_of(value: str, user_id: str = "a", has_owner: bool = False) -> ViewChoice:
    request = SimpleNamespace(user=SimpleNamespace(id=user_id), COOKIES={})
    request.COOKIES[view_choice(request, False).cookie] = value
    return view_choice(request, has_owner)


@pytest.mark.parametrize(
    ("value", "classes"),
    [
        ("", ""),
        ("compact", "hip-compact"),
        ("no-size.compact.no-type", "hip-compact hip-no-size hip-no-type"),
        ("no-name.no-actions.no-", ""),
        ('"><script>.compact', "hip-compact"),
        ("compact" * 1000, ""),
        ("." * 4000, ""),
    ],
)
def test_only_known_words_are_classes(value, classes):
    assert choice_of(value).classes == classes


def test_the_owner_can_be_left_out_where_there_is_one():
    assert "owner" not in [name for name, _label, _shown in choice_of("").columns]
    assert ("owner", COLUMNS[0][1], False) in choice_of("no-owner", has_owner=True).columns


def test_each_person_has_a_cookie_of_their_own():
    assert choice_of("", "a").cookie != choice_of("", "b").cookie
    assert choice_of("", "a").cookie == choice_of("compact", "a").cookie


def test_the_columns_are_those_of_the_table():
    """A column that is new is put into the choice, too, or stays with the name."""
    classes = [
        name.removeprefix("hip-")
        for column in ImagesTable.base_columns.values()
        for name in column.classes
        if name.startswith("hip-")
    ]
    assert [each for each in classes if each != "name"] == [name for name, _label in COLUMNS]
