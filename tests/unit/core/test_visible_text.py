# SPDX-License-Identifier: Apache-2.0
import pytest

from helion_images_panel.core.file_name import file_name
from helion_images_panel.core.visible_text import escaped, is_visible, isolated, shown
from tests import factories
from tests.script_cases import script_cases


@pytest.mark.parametrize("case", script_cases("visible"), ids=lambda case: ascii(case["text"]))
def test_what_shows_something(case):
    assert is_visible(case["text"]) is case["visible"]
    image = factories.image(name=case["text"])
    assert image.display_name == (isolated(case["text"]) if case["visible"] else image.id)
    if not case["visible"]:
        assert file_name(image).startswith(image.id)


@pytest.mark.parametrize("case", script_cases("isolated"), ids=lambda case: ascii(case["text"]))
def test_text_that_moves_no_other_words(case):
    assert isolated(case["text"]) == case["isolated"]
    assert isolated(isolated(case["text"])) == case["isolated"]


@pytest.mark.parametrize("text", [None, ""])
def test_nothing_is_isolated_as_nothing(text):
    """A user of the system scope has no project, and so no name of one."""
    assert isolated(text) == ""


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("größer 😀", "größer 😀"),
        ("a\x1b[2Jb\x9b1mc\x07", r"a\x1b[2Jb\x9b1mc\x07"),
        ("two\nlines\r\x85", r"two\nlines\r\x85"),
        ("\u202egnp.exe\u2066", r"\u202egnp.exe\u2066"),
        ("a\u2028b\u2029", r"a\u2028b\u2029"),
        ("\u200b\ufeff\U000e0041\xad", r"\u200b\ufeff\U000e0041\xad"),
        ("\ud800", r"\ud800"),
    ],
    ids=ascii,
)
def test_what_acts_on_a_terminal_is_escaped(text, safe):
    assert escaped(text) == safe


@pytest.mark.parametrize("case", script_cases("visible"), ids=lambda case: ascii(case["text"]))
def test_the_characters_of_a_text_that_shows_nothing(case):
    assert (shown(case["text"]) == case["text"]) is (case["visible"] or not case["text"])
    assert is_visible(shown(case["text"])) is bool(case["text"])


def test_each_character_has_its_code():
    assert shown("\u200b \U000e0041") == "U+200B U+0020 U+E0041"
