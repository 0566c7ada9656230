# SPDX-License-Identifier: Apache-2.0
"""Patterns that somebody else wrote, compared with texts in a bounded time."""

from __future__ import annotations

import re
from re import _parser  # type: ignore[attr-defined]  # The reading that counts is Python's own.
from typing import Any

#: Patterns and texts of more characters are not compared.
MOST_CHARACTERS = 255
#: Neither are those that might take more steps than this, at most some hundredths of a second.
MOST_STEPS = 1_000_000

#: A repetition of this many has too many ways, where its body has two.
_MANY_TIMES = MOST_STEPS.bit_length()

#: More sets of characters than this may take long to prepare.
_MOST_WIDE_SETS = 5

#: What stands for one character, or for a place.
_SINGLE = frozenset(("LITERAL", "NOT_LITERAL", "ANY", "IN", "AT"))
#: With these first, a search looks no further than at the beginning of the text.
_BEGINNINGS = (_parser.parse("^")[0], _parser.parse(r"\A")[0])


class _NotPlainError(Exception):
    """The pattern has something whose effort is not reckoned here."""


def matches(pattern: str, text: str) -> bool:
    """Whether the text has the pattern; yes where that cannot be told in a moment.

    Whoever writes patterns must not be able to keep the dashboard busy.
    """
    if max(len(pattern), len(text)) > MOST_CHARACTERS:
        return True
    try:
        return _steps(pattern, len(text)) > MOST_STEPS or re.search(pattern, text) is not None
    except (_NotPlainError, re.error, RecursionError, OverflowError):
        return True


def _steps(pattern: str, length: int) -> int:
    """How many steps a search in a text of that length takes at most."""
    parsed = _parser.parse(pattern)
    # JSON Schema has no flags, and regardless of case one set of characters alone
    # may take long to prepare.
    if parsed.state.flags != re.UNICODE or _has_many_wide_sets(pattern):
        raise _NotPlainError
    ways, steps = _effort(parsed, length)
    is_anchored = bool(parsed) and parsed[0] in _BEGINNINGS
    beginnings = 1 if is_anchored else length + 1
    return ways * steps * beginnings


def _has_many_wide_sets(pattern: str) -> bool:
    """Whether many sets may hold characters beyond Latin-1, each of which takes long to prepare."""
    may_be_wide = not pattern.isascii() or re.search(r"\\[uUN]", pattern) is not None
    return may_be_wide and pattern.count("[") > _MOST_WIDE_SETS


def _effort(parsed: Any, length: int) -> tuple[int, int]:
    """In how many ways a part of a pattern can match from one place, and in how many steps each.

    The ways are cut where they are more than can be tried at all.
    """
    ways, steps = 1, 0
    for operation, argument in parsed:
        each_ways, each_steps = _effort_of_one(operation.name, argument, length)
        ways = min(ways * each_ways, MOST_STEPS + 1)
        steps += each_steps
    return ways, steps


def _effort_of_one(operation: str, argument: Any, length: int) -> tuple[int, int]:
    if operation in _SINGLE:
        return 1, len(argument) if operation == "IN" else 1
    if operation == "SUBPATTERN":
        _group, flags_on, flags_off, body = argument
        if flags_on or flags_off:
            raise _NotPlainError
        return _effort(body, length)
    if operation == "BRANCH":
        branches = [_effort(body, length) for body in argument[1]]
        return sum(ways for ways, _steps in branches), max(steps for _ways, steps in branches)
    if operation in ("MAX_REPEAT", "MIN_REPEAT"):
        least, most, body = argument
        return _effort_of_repetition(least, most, body, length)
    raise _NotPlainError


def _effort_of_repetition(least: int, most: int, body: Any, length: int) -> tuple[int, int]:
    ways, steps = _effort(body, length)
    if body.getwidth()[0] > 0:
        # Each takes a character, and the one after the last of them fails.
        least, most = min(least, length + 1), min(most, length + 1)
    if ways == 1:
        return most - least + 1, most * steps
    if most > _MANY_TIMES:
        return MOST_STEPS + 1, most * steps
    return sum(ways**times for times in range(least, most + 1)), most * steps
