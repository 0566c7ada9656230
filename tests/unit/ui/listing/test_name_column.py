# SPDX-License-Identifier: Apache-2.0
"""The name of a row, and what stands around it."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from xstatic.pkg import font_awesome

from helion_images_panel.ui.listing import name_column
from helion_images_panel.ui.listing.name_column import name_cell
from tests import factories


def cell(**fields: Any) -> str:
    return str(name_cell(factories.image(**fields), "/images/an-id/"))


def seen(html: str) -> str:
    """The text, without what only those hear who do not see."""
    html = re.sub(r'<span class="sr-only">[^<]*</span>', "", html)
    # Horizon's way to keep AngularJS from evaluating it.
    return unescape(re.sub(r"<[^>]*>", "", html)).replace("{%", "{$").replace("%}", "$}")


def parts(name: str) -> list[str]:
    link = re.search(r"<a [^>]*>(.*)</a>", cell(name=name))
    return [unescape(part) for part in re.findall(r"<span[^>]*>([^<]*)</span>", link[1])]


def test_a_short_name_is_one_text():
    html = cell(name="ubuntu-24.04")
    assert parts("ubuntu-24.04") == []
    assert '<a class="hip-link" href="/images/an-id/" title="ubuntu-24.04" dir="auto">' in html
    assert ">ubuntu-24.04</a>" in html


@pytest.mark.parametrize(
    ("name", "end"),
    [
        ("ubuntu-24.04-server-cloudimg-amd64", "mg-amd64"),
        ("a-name-of-two-hundred-characters-" * 7, "racters-"),
        # Wide characters take twice the space.
        ("とても長い名前のイメージファイルテスト用二六年版", "二六年版"),
    ],
)
def test_a_long_name_is_cut_before_its_end(name, end):
    assert parts(name)[1] == end
    html = cell(name=name)
    assert html.count(f'"{name}"') == 2, "whole in the title, and for screen readers"
    assert seen(html) == name


@pytest.mark.parametrize("name", factories.HOSTILE_NAMES)
def test_hostile_names_stay_whole(name):
    for long in (name, name * 5, f"{'x' * 20}{name}"):
        image = factories.image(name=long)
        html = str(name_cell(image, "/images/an-id/"))
        assert seen(html) == image.display_name
        assert "<script" not in html
        assert "<img" not in html


@pytest.mark.parametrize(
    "name",
    [
        "صورة خادم البيانات الرئيسية للشركة",
        "सर्वर की मुख्य छवि नवंबर दो हज़ार",
        "x" * 12 + "e\u0301" * 20,
        "family " + "\U0001f468\u200d\U0001f469\u200d\U0001f467" * 12,
        "blanks                            ",
    ],
)
def test_what_belongs_together_is_not_cut_apart(name):
    assert parts(name) == []


def test_a_cut_is_never_beside_a_blank():
    """At the edge of a box a blank is not shown."""
    for length in range(1, 12):
        start, end = parts("Windows Server 2025 " + "x" * length + " de-de 1") or ("x", "x")
        assert not re.search(r"\s$", start)
        assert not re.match(r"\s", end)


@pytest.mark.parametrize(
    ("fields", "icon"),
    [
        ({"os_distro": "ubuntu"}, "fab fa-ubuntu"),
        ({"os_distro": "CentOS 9-stream"}, "fab fa-centos"),
        ({"os_distro": "rhel9"}, "fab fa-redhat"),
        ({"os_distro": "opensuse"}, "fab fa-suse"),
        ({"os_distro": "debian"}, "fab fa-linux"),
        ({"os_distro": "rocky", "os_type": "windows"}, "fab fa-linux"),
        ({"os_type": "linux"}, "fab fa-linux"),
        ({"os_type": "windows"}, "fab fa-windows"),
        ({"os_distro": "netbsd", "os_type": "linux"}, "fas fa-hard-drive"),
        ({"os_distro": '"><script>'}, "fas fa-hard-drive"),
        ({"os_distro": "x ubuntu"}, "fas fa-hard-drive"),
        ({"os_type": "beos"}, "fas fa-hard-drive"),
        ({"disk_format": "iso"}, "fas fa-bullseye fa-compact-disc"),
        ({"disk_format": "iso", "os_distro": "fedora"}, "fab fa-fedora"),
        ({}, "fas fa-hard-drive"),
        ({"os_distro": None, "os_type": 3}, "fas fa-hard-drive"),
    ],
)
def test_the_icon_of_the_system(fields, icon):
    if icon.startswith("fab") and font_awesome.VERSION.startswith("4."):
        icon = icon if icon == "fab fa-windows" else "fab fa-linux"
    assert f'<span class="hip-os {icon}" aria-hidden="true"></span>' in cell(name="x", **fields)


@pytest.mark.parametrize("protected", [True, False])
def test_a_lock_that_is_heard_too(protected):
    html = cell(name="x", protected=protected)
    assert ("fa-lock" in html) is protected
    assert ('<span class="sr-only">Protected</span>' in html) is protected


def test_few_tags_and_the_number_of_the_others():
    tags = ["a", "b", "<i>c</i>", "d", "e"]
    html = cell(name="x", tags=tags)
    shown = re.findall(r'hip-tag" dir="auto">([^<]*)<', html)
    assert list(map(unescape, shown)) == sorted(tags)[: name_column.MAX_TAGS]
    assert '<span aria-hidden="true">+2</span><span class="sr-only">2 more tags</span>' in html
    assert "<i>" not in html
    assert "1 more tag<" in cell(name="x", tags=tags[:4])
    assert "more tag" not in cell(name="x", tags=tags[:3])
    assert "hip-tag" not in cell(name="x", tags=["\u200b", " "])


@pytest.mark.parametrize(
    ("description", "line"),
    [
        ("The golden image", "The golden image"),
        ("\n\u200b\n  First\nSecond", "First"),
        ("<b>x</b>", "<b>x</b>"),
        ("y" * 10_000, "y" * 200 + "…"),
        ("\u200b\n ", ""),
        (7, "7"),
    ],
)
def test_the_first_line_of_the_description(description, line):
    html = cell(name="x", description=description)
    assert seen(html).removeprefix("x").strip() == line
    assert ("hip-second-line" in html) is bool(line)


def test_a_snapshot_says_so_where_its_column_is_left_out():
    assert "Snapshot" in cell(name="x", image_type="snapshot")
    assert "Snapshot" not in cell(name="x")
