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


@pytest.mark.parametrize("name", sorted(THEMED | FIXED))
def test_font_awesome_has_it(name):
    assert re.search(rf'^  "?{name}"?: ', FONT, re.M)


def test_the_theme_material_shows_it_as_it_is():
    text = MATERIAL.read_text().partition("$icon-swap: (")[2].partition(");")[0]
    material = set(re.findall(r"^  ([a-z-]+):", text, re.M))
    kept = set(re.findall(r"fa-([a-z-]+)", KEPT.read_text()))
    assert THEMED - material == kept
    # That theme has other pictures for its own names in every font.
    assert not FIXED & material
