# SPDX-License-Identifier: Apache-2.0
"""Names of files and folders with "{build}" in the place of the version of a build.

They are no regular expressions: an operator's could take forever on a publisher's names.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from functools import lru_cache

BUILD = "{build}"
FILE = "{file}"

#: Maximum number of characters of a name that is compared.
NAME_LENGTH = 255

#: A version begins with a digit: names such as "latest" and "daily" are none.
_BUILD = r"(?P<build>[0-9][0-9A-Za-z._+~-]{0,63})"
_PARTS = re.compile(r"[0-9]+|[A-Za-z]+")
_UNFINISHED = re.compile(r"alpha|beta|rc\d*\b|pre|dev|nightly", re.IGNORECASE)
_DATE = re.compile(r"(?<!\d)(20\d\d)(\d\d)(\d\d)(?!\d)")


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    first, *others = pattern.split(BUILD)
    if not others:
        return re.compile(re.escape(first))
    rest = "(?P=build)".join(map(re.escape, others))
    return re.compile(re.escape(first) + _BUILD + rest)


def build_in(pattern: str, name: str) -> str:
    """Return the version that stands in the place of "{build}"; empty if the name is another."""
    match = _compiled(pattern).fullmatch(name) if len(name) <= NAME_LENGTH else None
    return match["build"] if match else ""


def builds_in(pattern: str, names: Iterable[str]) -> list[str]:
    """Return the finished versions among the names, newest first."""
    found = {build_in(pattern, name) for name in names} - {""}
    finished = [build for build in found if not _UNFINISHED.search(build)]
    return sorted(finished, key=order_of, reverse=True)


def order_of(version: str) -> tuple[tuple[int, int, str], ...]:
    """The key by which versions are sorted: numbers by their value, and after words."""
    keys = []
    for part in _PARTS.findall(version):
        # Python refuses to convert very long ones.
        digits = part.lstrip("0")
        keys.append((1, len(digits), digits) if part.isdigit() else (0, 0, part.casefold()))
    return tuple(keys)


def filled(pattern: str, build: str, file: str = "") -> str:
    return pattern.replace(BUILD, build).replace(FILE, file)


def date_in(version: str) -> str:
    """Return the ISO date in a version such as "10.1-20251116.0"; empty if it has none."""
    for match in _DATE.finditer(version):
        try:
            return datetime.date(int(match[1]), int(match[2]), int(match[3])).isoformat()
        except ValueError:
            continue
    return ""
