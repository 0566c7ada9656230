# SPDX-License-Identifier: Apache-2.0
"""The conditions that filters set, each for Glance or for a look at the images."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from helion_images_panel.core import checksums, verification
from helion_images_panel.core import filter_values as values
from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.end_dates import (
    DEPRECATED,
    MARK,
    MARKED,
    OBSOLETE,
    end_dates_of,
)
from helion_images_panel.core.filter_values import Reading, WrongValue
from helion_images_panel.core.image import BASE_ATTRIBUTES, Image

#: Types of images; both kinds of snapshots are a snapshot.
IMAGE, SNAPSHOT, VOLUME_SNAPSHOT = "image", "snapshot", "volume_snapshot"
TYPES = (IMAGE, SNAPSHOT, VOLUME_SNAPSHOT)

_OF_TYPE: Mapping[str, Callable[[Image], bool]] = {
    IMAGE: lambda image: not image.is_snapshot,
    SNAPSHOT: lambda image: image.is_snapshot,
    VOLUME_SNAPSHOT: lambda image: image.is_snapshot and image.is_volume_backed,
}

#: Images by their end dates: those with any, those that end soon, and those that have ended.
DATED, SOON = "dated", "soon"
ENDS = (DATED, SOON, DEPRECATED, OBSOLETE)

#: Properties that have a filter of their own, which is named like them.
PROPERTIES = ("os_distro", "os_version", "architecture")

#: Maximum number of properties in a filter: each takes a join in Glance's database.
PROPERTIES_AT_ONCE = 8


@dataclass(frozen=True)
class Condition:
    """A condition that an image has to meet.

    :ivar parameters: Glance's query parameters; empty if Glance cannot filter by it
    :ivar is_exact: whether these parameters find no other images
    """

    matches: Callable[[Image], bool]
    parameters: Mapping[str, str] = field(default_factory=dict)
    is_exact: bool = True

    @property
    def is_searched(self) -> bool:
        return not (self.parameters and self.is_exact)


class Conditions:
    """The conditions of a query, and what is wrong with its values.

    :ivar errors: by URL parameter
    """

    def __init__(self, filters: Mapping[str, str], properties: Sequence[str], reading: Reading):
        """:param filters: texts by URL parameter; an empty one is no filter"""
        self._filters = {name: text for name, text in filters.items() if text}
        self._reading = reading
        self.errors: dict[str, WrongValue] = {}
        self.all: list[Condition] = []
        taken: set[str] = set()
        for condition in self._read(properties):
            # Glance heeds the last one of several values of a parameter.
            is_free = taken.isdisjoint(condition.parameters)
            self.all.append(condition if is_free else replace(condition, parameters={}))
            taken.update(condition.parameters)

    def _read(self, properties: Sequence[str]) -> Iterator[Condition]:
        if protected := self._filters.get("protected"):
            is_protected = protected == "true"
            yield Condition(lambda image: image.protected == is_protected, {"protected": protected})
        if of_type := _OF_TYPE.get(self._filters.get("type", "")):
            yield Condition(of_type)
        for name in PROPERTIES:
            if text := self._filters.get(name):
                yield _of_property(name, text)
        if store := self._filters.get("store"):
            # Glance has no parameter for the stores that it returns.
            yield Condition(lambda image: store in image.stores)
        yield from self._sizes()
        for attribute in ("created", "updated"):
            yield from self._days(attribute)
        if ends := self._filters.get("ends"):
            yield _of_end_dates(ends)
        yield from self._properties(properties)
        if (text := self._filters.get("checksum")) and (checksum := self._checksum(text)):
            yield _of_checksum(checksum)

    def _sizes(self) -> Iterator[Condition]:
        least = self._size("size_from", is_end=False)
        most = self._size("size_to", is_end=True)
        if least is not None and most is not None and least > most:
            self.errors["size_to"] = WrongValue(values.SIZE_RANGE)
        if least is not None:
            yield Condition(
                lambda image: image.size_bytes is not None and image.size_bytes >= least,
                {"size_min": str(least)},
            )
        if most is not None:
            yield Condition(
                lambda image: image.size_bytes is not None and image.size_bytes <= most,
                {"size_max": str(most)},
            )

    def _size(self, name: str, *, is_end: bool) -> int | None:
        text = self._filters.get(name)
        try:
            grouping = self._reading.grouping
            return values.parse_size(text, is_end=is_end, grouping=grouping) if text else None
        except WrongValue as error:
            self.errors[name] = error
            return None

    def _days(self, attribute: str) -> Iterator[Condition]:
        """Glance compares with one time only: the other end of a range is searched."""
        begin = self._day(f"{attribute}_from", is_end=False)
        end = self._day(f"{attribute}_to", is_end=True)
        if begin and end and begin >= end:
            self.errors[f"{attribute}_to"] = WrongValue(values.DAY_RANGE)
        name = f"{attribute}_at"
        if begin:
            yield Condition(
                lambda image: (moment := _moment(image, name)) is not None and moment >= begin,
                {name: f"gte:{_written(begin)}"},
            )
        if end:
            yield Condition(
                lambda image: (moment := _moment(image, name)) is not None and moment < end,
                {name: f"lt:{_written(end)}"},
            )

    def _day(self, name: str, *, is_end: bool) -> datetime | None:
        text = self._filters.get(name)
        try:
            return values.parse_day(text, self._reading.zone, is_end=is_end) if text else None
        except WrongValue as error:
            self.errors[name] = error
            return None

    def _properties(self, texts: Sequence[str]) -> Iterator[Condition]:
        known: dict[str, str] = {}
        if len(texts) > PROPERTIES_AT_ONCE:
            self.errors["property"] = WrongValue(values.MANY_PROPERTIES)
            return
        for text in texts:
            try:
                name, value = values.parse_property(text)
                if name in BASE_ATTRIBUTES:
                    raise WrongValue(values.ATTRIBUTE, name)
                if known.setdefault(name, value) != value:
                    raise WrongValue(values.OTHER_VALUE, name)
                if len(text) > values.VALUE_LENGTH:
                    raise WrongValue(values.LONG, text)
                yield _of_property(name, value)
            except WrongValue as error:
                self.errors["property"] = error

    def _checksum(self, text: str) -> Checksum | None:
        try:
            return checksums.parse(text)
        except checksums.NotAChecksum as error:
            self.errors["checksum"] = WrongValue(values.CHECKSUM, text, error)
            return None


def _written(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat() + "Z"


def _moment(image: Image, name: str) -> datetime | None:
    try:
        return datetime.fromisoformat(getattr(image, name) or "")
    except ValueError:
        return None


def is_same(stored: object, text: str) -> bool:
    """Whether the two look alike: a letter with an accent is one character or two."""
    return _shown(str(stored)) == _shown(text)


def _shown(text: str) -> str:
    return unicodedata.normalize("NFC", text.strip())


#: Properties that Glance filters by: another key may be the name of something else in
#: Glance's query parameters or in its code, such as "limit" or "metadata", or the end of
#: a range, as "cpus_min" is. Those are searched.
_FILTERED_KEY = re.compile(
    r"architecture|helion_images_family_name|(?:hw|img|os|hypervisor|vmware|trait|cinder|base)[a-z0-9]*[_:][A-Za-z0-9_:.-]+"
)


def _of_property(name: str, text: str) -> Condition:
    def matches(image: Image) -> bool:
        return any(
            is_same(value, text)
            for key, value in image.properties.items()
            if value is not None and is_same(key, name)
        )

    # Letters with accents may be stored in another form.
    is_plain = text.isascii() and text.isprintable() and _FILTERED_KEY.fullmatch(name)
    is_range = name.endswith(("_min", "_max"))
    return Condition(matches, {name: text} if text and is_plain and not is_range else {})


def _of_end_dates(ends: str) -> Condition:
    def matches(image: Image) -> bool:
        dates, today = end_dates_of(image), datetime.now(UTC).date()
        if dates is None:
            return False
        if ends == SOON:
            return dates.ends_soon(today)
        return ends == DATED or dates.state(today) == ends

    # A copy of the property, as on a snapshot, is no date.
    return Condition(matches, {MARK: MARKED}, is_exact=False)


def _of_checksum(checksum: Checksum) -> Condition:
    def matches(image: Image) -> bool:
        return verification.known_checksum(image, checksum.algorithm) == checksum

    if checksum.algorithm == "md5":
        return Condition(matches, {"checksum": checksum.value})
    if checksum.algorithm == "sha512":
        return Condition(matches, {"os_hash_value": checksum.value})
    # Glance has one more checksum besides MD5, SHA-512 unless its operator chose another.
    return Condition(matches)
