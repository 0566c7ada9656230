# SPDX-License-Identifier: Apache-2.0
import re
import time

import pytest

from helion_images_panel.core.pattern import matches

UUID = "^([0-9a-fA-F]){8}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){12}$"
#: As many characters in one set as there are.
ALL = "[\x01-\U0010ffff]"


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("", ""),
        ("", "anything"),
        ("^[a-f]+$", "abc" * 85),
        ("[a-f]+x", "abc" * 21 + "x"),
        (r"\A[a-z]*\Z", "abc"),
        ("^[a-z]+=[a-z]+$", "a=" + "b" * 60),
        ("^[a-z]+(-[a-z]+)?$", "ab-cd"),
        ("^(foo|bar)(,(foo|bar)){0,3}$", "foo,bar,foo"),
        ("^([0-9a-f]{2}:){5}[0-9a-f]{2}$", "00:1b:44:11:3a:b7"),
        (r"^\d{1,3}(\.\d{1,3}){3}$", "192.0.2.1"),
        ("^[а-яё]+$", "образ"),
        ("^(?:[^!]|,,)*$", "a,,b"),
        (UUID, "6b1c0e62-9f0a-4d5c-8e55-0c6a8f3f9b11"),
    ],
)
def test_a_text_that_has_the_pattern_and_one_that_has_not(pattern, text):
    assert matches(pattern, text)
    assert not pattern or not matches(pattern, "!")


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+$",
        "(a|aa)+$",
        "((a*)b?)*$",
        "(a?){30}a{30}",
        r"(a*)\1$",
        "a*a*a*a*a*$",
        "(?:(?:a+)b)+$",
        "a*a*a*b",
        "(a|aa)(a|aa)" * 20 + "$",
        # With what only looks like the beginning of a set of characters, or its end.
        "(?#[)(a*)*b(?#])",
        "(?x)#[\n(a*)*b#]",
        r"\[(a*)*b\]",
        "[]](a*)*b|(a*)*b[]]",
        "(?P<all>a*)*b",
        "(?i:(a*)*b)",
        "(?=(a*)*b)",
        "(?>(a*)*b)",
        "(?(1)(a*)*b|(a*)*b)",
        # That are many, and take no character.
        r"(?:(?:(?:(?:\b){999}){999}){999}){999}",
        r"(?:(?:(?:\b|$){999}){999})b",
        # That take long to prepare, and no time to match.
        "(?i)b" + ALL * 49,
        "b" + ALL * 49,
        "b" + r"[\u0101-\U0010ffff]" * 11,
    ],
)
@pytest.mark.parametrize("length", [20, 64, 255])
def test_a_pattern_that_may_take_for_ever_is_not_asked(pattern, length):
    began = time.process_time()
    assert matches(pattern, "a" * (length - 1) + "!")
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize("pattern", ["(", "a{2,1}", "[", "*", "a{99999999999999}", "(" * 255])
def test_what_is_no_pattern_is_not_asked(pattern):
    assert matches(pattern, "text")


def test_what_is_long_is_not_compared():
    assert matches("^b", "a" * 256)
    assert re.search("^b", "a" * 256) is None
    assert matches("b" * 256, "a")


@pytest.mark.parametrize(("length", "is_compared"), [(64, True), (255, False)])
def test_how_long_a_text_may_be_is_a_matter_of_the_pattern(length, is_compared):
    assert matches("[a-f]*x", "a" * length) is not is_compared
