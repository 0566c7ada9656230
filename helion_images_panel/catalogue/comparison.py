# SPDX-License-Identifier: Apache-2.0
"""Whether a cloud has the newest build of an entry, and how old the one is that it has."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from helion_images_panel.catalogue.entries import Build, Entry
from helion_images_panel.catalogue.fields import day
from helion_images_panel.catalogue.patterns import BUILD, build_in, order_of
from helion_images_panel.core.image import Image
from helion_images_panel.core.url import is_http_url
from helion_images_panel.core.verification import known_checksum

MISSING = "missing"
CURRENT = "current"
OUT_OF_DATE = "out_of_date"
UNKNOWN = "unknown"

#: The purpose of images that name none.
_GENERIC = "generic"

_ARCHITECTURES = {"amd64": "x86_64", "arm64": "aarch64"}


@dataclass(frozen=True)
class Comparison:
    """`reason` says why the state is not known, or why the publisher's list could not be used.

    :ivar newest: the newest build, as far as it is known
    :ivar image: the newest of the cloud's images of the entry
    :ivar days: between the build of the image and the newest one; None if it is not known
    """

    entry: Entry
    newest: Build | None
    image: Image | None
    state: str
    reason: str = ""
    days: int | None = None


def compare(
    entry: Entry, newest: Build | None, images: Iterable[Image], reason: str = ""
) -> Comparison:
    """Compare the newest build with those of the images that are the entry's.

    :param newest: None if the publisher's list could not be read
    :param reason: why it could not be
    """
    build = newest or entry.newest_of_file
    own = [image for image in images if is_of(entry, build, image)]
    if not own:
        return Comparison(entry, build, None, MISSING, reason)
    if build is None:
        reason = reason or _("Neither the catalogue's file nor the publisher names a build.")
        return Comparison(entry, None, max(own, key=_age), UNKNOWN, reason)
    verdicts = {image.id: _is_current(entry, build, image) for image in own}
    image = max(own, key=lambda each: (_rank(verdicts[each.id]), *_age(each)))
    verdict, days = verdicts[image.id], _days(build, image)
    if verdict is False:
        return Comparison(entry, build, image, OUT_OF_DATE, reason, days)
    if verdict is None:
        reason = reason or _(
            "The image has no checksum that can be compared, and neither its source nor its "
            "build date."
        )
    # The file may be older than the newest build.
    state = UNKNOWN if verdict is None or (reason and newest is None) else CURRENT
    return Comparison(entry, build, image, state, reason, days)


def image_in_progress(entry: Entry, newest: Build | None, images: Iterable[Image]) -> Image | None:
    """Return the newest image of the entry that is going to have its data; None if none is."""
    build = newest or entry.newest_of_file
    found = [image for image in images if image.in_progress and _is_entrys(entry, build, image)]
    return max(found, key=_age, default=None)


def is_of(entry: Entry, newest: Build | None, image: Image) -> bool:
    """Whether an image is one of the entry's builds: by its source, or by what it contains."""
    return image.status == "active" and _is_entrys(entry, newest, image)


def _is_entrys(entry: Entry, newest: Build | None, image: Image) -> bool:
    if image.os_hidden or image.is_snapshot:
        return False
    builds = (*entry.versions, *([newest] if newest else []))
    sources = {url for build in builds for url in (build.url, build.source) if is_http_url(url)}
    source = image.properties.get("image_source")
    return source in sources or bool(_build_of(entry, source)) or _has_content_of(entry, image)


def _has_content_of(entry: Entry, image: Image) -> bool:
    meta, properties = entry.meta, image.properties
    return (
        _same(properties.get("os_distro"), meta["os_distro"])
        and _architecture(properties.get("architecture")) == _architecture(entry.architecture)
        and _same(properties.get("os_purpose") or _GENERIC, meta.get("os_purpose", _GENERIC))
        and ("os_version" not in meta or _same(properties.get("os_version"), meta["os_version"]))
    )


def _same(value: object, expected: str) -> bool:
    return isinstance(value, str) and value.casefold() == expected.casefold()


def _architecture(value: object) -> str:
    text = str(value or "").casefold()
    return _ARCHITECTURES.get(text, text)


def _build_of(entry: Entry, source: object) -> str:
    """Return the version in a URL of one of the entry's builds; empty if it is another URL."""
    listing = entry.listing
    if listing is None or BUILD not in listing.url or not isinstance(source, str):
        return ""
    return build_in(listing.url, source)


def _is_current(entry: Entry, build: Build, image: Image) -> bool | None:
    """Whether the image is the build or a newer one; None if nothing tells.

    Another checksum proves nothing: clouds convert images while they import them.
    """
    published = [each for each in (build.checksum, build.content_checksum) if each]
    if any(known_checksum(image, each.algorithm) == each for each in published):
        return True
    source = image.properties.get("image_source")
    # A URL that always has the newest build does not say which one this was.
    if source == build.url and build.version in build.url:
        return True
    if version := _build_of(entry, source) or _version_of(entry, image):
        return order_of(version) >= order_of(build.version)
    return _is_current_by_date(build, image)


def _version_of(entry: Entry, image: Image) -> str:
    """Return the version of the system, if that is the version of the entry's builds."""
    version = image.properties.get("os_version")
    is_version = isinstance(version, str) and version[:1].isdigit()
    return str(version) if is_version and "os_version" not in entry.meta else ""


def _is_current_by_date(build: Build, image: Image) -> bool | None:
    if not build.build_date:
        return None
    image_day, newest_day = build_day(image), build.build_date[:10]
    if image_day >= newest_day:
        return True
    if build.is_date_of_list and image.properties.get("image_source") != build.url:
        return None  # The build may be older than its list, and the image be of the same build.
    is_older = image_day or (image.created_at or newest_day)[:10] < newest_day
    return False if is_older else None


def build_day(image: Image) -> str:
    """Return the ISO date of the image's build; empty if it has none."""
    try:
        return day(image.properties.get("image_build_date"))
    except ValueError:
        return ""


def _rank(verdict: bool | None) -> int:
    """An image that may be current counts before one that certainly is not."""
    return (False, None, True).index(verdict)


def _age(image: Image) -> tuple[str, str, str]:
    return build_day(image), image.created_at or "", image.id


def _days(build: Build, image: Image) -> int | None:
    image_day = build_day(image)
    if not image_day or not build.build_date:
        return None
    newest, own = (datetime.date.fromisoformat(each[:10]) for each in (build.build_date, image_day))
    return max(0, (newest - own).days)


def in_order(comparisons: Sequence[Comparison]) -> list[Comparison]:
    """Sort by name, with numbers as numbers."""
    return sorted(comparisons, key=lambda each: (order_of(each.entry.name), each.entry.title))
