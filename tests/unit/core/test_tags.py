# SPDX-License-Identifier: Apache-2.0
import pytest

from helion_images_panel.core.tags import edited, joined, split
from tests import factories
from tests.script_cases import script_cases

ODD = ("a,b", 'say "hi"', " outer ", "two\nlines", '"', ",", '","', "ünïcode 標籤", "", "'", "\\")


@pytest.mark.parametrize("tags", [(), ("web",), ("a", "b"), ODD, factories.HOSTILE_NAMES])
def test_tags_come_back_from_text(tags):
    assert split(joined(tags)) == tuple(tag for tag in tags if tag)


@pytest.mark.parametrize("case", script_cases("tags"))
def test_tags_are_written_as_the_script_writes_them(case):
    assert joined(case["tags"]) == case["text"]


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("", ()),
        (" , ,, ", ()),
        ("a, b,c ", ("a", "b", "c")),
        ("a,a,b,a", ("a", "b")),
        ('"a,b",c', ("a,b", "c")),
        ('"a""b"', ('a"b',)),
        ('"never closed, b', ('"never closed', "b")),
        ('a"b"c', ('a"b"c',)),
        ('"a"b', ('"a"b',)),
    ],
)
def test_split(text, tags):
    assert split(text) == tags


@pytest.mark.parametrize(
    ("now", "shown", "wanted", "after"),
    [
        ("ab", "ab", "ab", "ab"),
        ("ab", "ab", "abc", "abc"),
        ("ab", "ab", "b", "b"),
        ("abX", "ab", "bc", "bXc"),
        ("b", "ab", "abc", "bc"),
        ("abc", "ab", "abc", "abc"),
        ("b", "ab", "b", "b"),
    ],
)
def test_what_others_did_meanwhile_stays(now, shown, wanted, after):
    assert edited(now, shown, wanted) == tuple(after)
