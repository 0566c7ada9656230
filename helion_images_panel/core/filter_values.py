# SPDX-License-Identifier: Apache-2.0
"""Values of filters as people write them: sizes with units, days, and "name=value"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from fractions import Fraction
from math import ceil, floor

from helion_images_panel.core.checksums import NotAChecksum

#: Maximum number of characters of a value; longer ones would not fit into a request line.
VALUE_LENGTH = 255

#: Glance's database has no larger number.
LARGEST_SIZE_BYTES = 2**63 - 1

#: What is wrong with a value.
CHOICE = "choice"
SIZE = "size"
GROUPED_SIZE = "grouped_size"
LARGE_SIZE = "large_size"
DAY = "day"
SIZE_RANGE = "size_range"
DAY_RANGE = "day_range"
PROPERTY = "property"
ATTRIBUTE = "attribute"
OTHER_VALUE = "other_value"
CHECKSUM = "checksum"
LONG = "long"
LONG_TAG = "long_tag"
MANY_TAGS = "many_tags"
MANY_PROPERTIES = "many_properties"
OWNER = "owner"
OWNERS = "owners"
OWNER_UNKNOWN = "owner_unknown"


class WrongValue(ValueError):
    """A value that cannot be used as a filter.

    :ivar kind: what is wrong, one of the constants of this module
    :ivar value: what the message names, such as the part that is wrong
    :ivar checksum: why the text is no checksum
    """

    def __init__(self, kind: str, value: str = "", checksum: NotAChecksum | None = None):
        super().__init__(f"{kind}: {value}")
        self.kind = kind
        self.value = value
        self.checksum = checksum


@dataclass(frozen=True)
class Reading:
    """How the values of a user are read.

    :ivar zone: the time zone in which days begin
    :ivar grouping: the separator of thousands in the user's language
    :ivar formats: the formats to choose from; empty if any is accepted
    :ivar found: what is wrong with values that only a service can check, by parameter
    """

    zone: tzinfo = UTC
    grouping: str = ""
    formats: frozenset[str] = frozenset()
    found: Mapping[str, WrongValue] = field(default_factory=dict)


_SIZE = re.compile(r"(\d{1,30})(?:([.,])(\d{1,30}))?\s*([a-z]*)", re.IGNORECASE)

#: Units without their "b" or "byte": "k" and "ki" are binary, as in qemu-img, "kb" is not.
_POWERS = {letter: power for power, letter in enumerate("kmgtp", 1)}


def _unit_bytes(unit: str) -> int | None:
    if unit in ("", "b", "byte", "bytes"):
        return 1
    power = _POWERS.get(unit[0])
    if power is None or unit[1:] not in ("", "b", "i", "ib"):
        return None
    base = 1000 if unit[1:] == "b" else 1024
    return int(base**power)


def parse_size(text: str, *, is_end: bool, grouping: str = "") -> int:
    """Return the bytes of a size such as "1.5 GiB", "700MB" or "2g".

    Point and comma both begin the fraction. Raise WrongValue for anything else, and for a
    number that may as well have its thousands separated.

    :param is_end: whether the size is the end of a range, and a fraction of a byte is cut
    :param grouping: the separator of thousands in the user's language
    """
    match = _SIZE.fullmatch(text.strip())
    unit = _unit_bytes(match[4].lower()) if match else None
    if not match or unit is None:
        raise WrongValue(SIZE, text)
    whole, separator, fraction = match[1], match[2], match[3] or ""
    if separator and separator == grouping and len(fraction) == 3:
        raise WrongValue(GROUPED_SIZE, text)
    exact = Fraction(int(whole + fraction), 10 ** len(fraction)) * unit
    size_bytes = floor(exact) if is_end else ceil(exact)
    if size_bytes > LARGEST_SIZE_BYTES:
        raise WrongValue(LARGE_SIZE, text)
    return size_bytes


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def parse_day(text: str, zone: tzinfo, *, is_end: bool) -> datetime:
    """Return the beginning of a day in the zone, as UTC; with `is_end` that of the next day.

    Raise WrongValue if the text is no day as "2026-02-28", or there is no such day.
    """
    written = text.strip()
    try:
        if not _DAY.fullmatch(written):
            raise WrongValue(DAY, text)
        day = date.fromisoformat(written) + timedelta(days=int(is_end))
        return datetime.combine(day, time.min, zone).astimezone(UTC)
    except (ValueError, OverflowError):
        # Besides those that the calendar does not have, the first and the last ones.
        raise WrongValue(DAY, text) from None


def parse_property(text: str) -> tuple[str, str]:
    """Split "name=value" at the first sign; raise WrongValue without a name."""
    name, sign, value = text.partition("=")
    if not (sign and name.strip()):
        raise WrongValue(PROPERTY, text)
    return name.strip(), value.strip()
