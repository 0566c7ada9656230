# SPDX-License-Identifier: Apache-2.0
"""The icons of the panel exist, in both of Horizon's themes."""

from __future__ import annotations

import re
from pathlib import Path

import openstack_dashboard
import pytest
from xstatic.pkg import font_awesome

import helion_images_panel

PACKAGE = Path(helion_images_panel.__file__).parent
FONT = (Path(font_awesome.BASE_DIR) / "scss/_variables.scss").read_text()
MATERIAL = Path(openstack_dashboard.__file__).parent / "themes/material/static/horizon/_icons.scss"
KEPT = PACKAGE / "static/helion_images_panel/scss/base/_icons.scss"
#: Widths and turns are no icons.
NO_ICONS = {"fw", "spin"}


def found(pattern: str, *suffixes: str) -> set[str]:
    texts = [file.read_text() for suffix in suffixes for file in PACKAGE.rglob(f"*{suffix}")]
    return {name for text in texts for name in re.findall(pattern, text)} - NO_ICONS


#: Of the class "fa", for which a theme may have another font.
THEMED = found(r'\bicon = "([a-z-]+)"', ".py") | found(r"\bfa fa-([a-z-]+)", ".py", ".html", ".js")
FIXED = found(r"\bfa[srb] fa-([a-z-]+)", ".py", ".html", ".js")


#: Icons, and those that stand for them where the font has none: Font Awesome 4 is of
#: Horizon before 2026.1.
INSTEAD = {
    "compact-disc": "bullseye",
    "filter-circle-xmark": "flag",
    "plug-circle-xmark": "plug",
}
OLDER = dict(
    re.findall(
        r'^\.fa-([a-z-]+)::before \{\s+content: "\\([0-9a-f]+)"',
        (PACKAGE / "static/helion_images_panel/scss/base/_older_icons.scss").read_text(),
        re.M,
    )
)
IS_OLD = font_awesome.VERSION.startswith("4.")


def number(name: str) -> str:
    found = re.search(rf'^\$fa-var-{name}: "?\\([0-9a-f]+)', FONT, re.M)
    return found[1] if found else ""


@pytest.mark.parametrize("name", sorted(THEMED | FIXED))
def test_font_awesome_has_it(name):
    assert number(name) or (IS_OLD and name in OLDER)


@pytest.mark.skipif(IS_OLD, reason="the numbers of the newer font")
@pytest.mark.parametrize("name", sorted(OLDER))
def test_an_icon_with_a_new_name_has_its_old_number(name):
    assert number(name) == OLDER[name]


@pytest.mark.parametrize(("name", "instead"), INSTEAD.items())
def test_of_two_classes_the_newer_one_counts(name, instead):
    assert number(instead)
    # The font's style sheet has the classes in the order of this list.
    listed = re.findall(r'^  "([a-z-]+)": ', FONT, re.M)
    assert IS_OLD or listed.index(instead) < listed.index(name)
    texts = [file.read_text() for suffix in ("html", "py") for file in PACKAGE.rglob(f"*.{suffix}")]
    assert [text for text in texts if f"fas fa-{instead} fa-{name}" in text]
    assert not [text for text in texts if f"fas fa-{name}" in text]


def test_the_theme_material_shows_it_as_it_is():
    text = MATERIAL.read_text().partition("$icon-swap: (")[2].partition(");")[0]
    material = set(re.findall(r"^  ([a-z-]+):", text, re.M))
    kept = set(re.findall(r"fa-([a-z-]+)", KEPT.read_text()))
    assert THEMED - material == kept
    # That theme has other pictures for its own names in every font.
    assert not FIXED & material
