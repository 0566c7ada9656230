# SPDX-License-Identifier: Apache-2.0
"""Regular expressions of untrusted origin, matched in bounded time."""

from __future__ import annotations

import re
from re import _parser  # type: ignore[attr-defined]  # The reading that counts is Python's own.
from typing import Any

#: Longer patterns and texts are not matched.
MOST_CHARACTERS = 255
#: Neither are patterns that might take more steps, which is at most some hundredths of a
#: second.
MOST_STEPS = 1_000_000

#: Maximum repetitions of a body that can match in two ways.
_MANY_TIMES = MOST_STEPS.bit_length()

#: Maximum sets of characters: more may take long to compile.
_MOST_WIDE_SETS = 5

#: Operations that match one character, or a position.
_SINGLE = frozenset(("LITERAL", "NOT_LITERAL", "ANY", "IN", "AT"))
#: Patterns that begin with one of these match at the beginning of the text only.
_BEGINNINGS = (_parser.parse("^")[0], _parser.parse(r"\A")[0])


class _NotPlainError(Exception):
    """The pattern contains an operation whose cost is not estimated here."""


def matches(pattern: str, text: str) -> bool:
    """Whether the text matches the pattern; True if that cannot be computed in bounded time.

    Patterns come from users, who must not be able to block the dashboard with them.
    """
    if max(len(pattern), len(text)) > MOST_CHARACTERS:
        return True
    try:
        return _steps(pattern, len(text)) > MOST_STEPS or re.search(pattern, text) is not None
    except (_NotPlainError, re.error, RecursionError, OverflowError):
        return True


def _steps(pattern: str, length: int) -> int:
    """Estimate the maximum steps of a search in a text of that length."""
    parsed = _parser.parse(pattern)
    # JSON Schema has no flags, and with IGNORECASE a single set of characters may take
    # long to compile.
    if parsed.state.flags != re.UNICODE or _has_many_wide_sets(pattern):
        raise _NotPlainError
    ways, steps = _effort(parsed, length)
    is_anchored = bool(parsed) and parsed[0] in _BEGINNINGS
    beginnings = 1 if is_anchored else length + 1
    return ways * steps * beginnings


def _has_many_wide_sets(pattern: str) -> bool:
    """Whether many sets may contain characters beyond Latin-1, which take long to compile."""
    may_be_wide = not pattern.isascii() or re.search(r"\\[uUN]", pattern) is not None
    return may_be_wide and pattern.count("[") > _MOST_WIDE_SETS


def _effort(parsed: Any, length: int) -> tuple[int, int]:
    """Estimate how many ways a part of a pattern can match at one position, and the steps of each.

    The number of ways is capped above `MOST_STEPS`.
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
        # Each repetition consumes a character, and the one after the last fails.
        least, most = min(least, length + 1), min(most, length + 1)
    if ways == 1:
        return most - least + 1, most * steps
    if most > _MANY_TIMES:
        return MOST_STEPS + 1, most * steps
    return sum(ways**times for times in range(least, most + 1)), most * steps
