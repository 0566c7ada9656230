# SPDX-License-Identifier: Apache-2.0
"""The newest builds as the publishers' lists had them last, in Django's cache.

A page shows what is cached, and never waits for a publisher. The lists are read in portions,
each within a bounded time, and by one request at a time.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from helion_images_panel import conf
from helion_images_panel.api import cache, publishers
from helion_images_panel.api.parallel import in_parallel
from helion_images_panel.catalogue.check import reader, with_size
from helion_images_panel.catalogue.entries import Build, Entry
from helion_images_panel.catalogue.newest import NotFound, Read, Response, newest_build

#: Seconds for which a build is cached after its list was read.
CACHE_S = 7 * 24 * 3600

#: Seconds for which a list is not read again, however often users ask for it.
FRESH_S = 300

#: Seconds after which a page has the lists read again by itself.
STALE_S = 6 * 3600

#: Seconds after which a portion begins with no further entry.
PORTION_S = 8.0

#: Maximum number of entries in the cache: about 300 bytes each.
MOST = 2000

_BUILDS = "helion_images.catalogue_builds"
_LOOKUP = "helion_images.catalogue_lookup"

#: Seconds after which another request may read lists, if one has ended without a trace.
_LOOKUP_S = 120


@dataclass(frozen=True)
class Found:
    """What the publisher's list had.

    :ivar build: of the last list that could be read; None if none could
    :ivar read_at: when that was, in seconds since 1970
    :ivar tried_at: when it was tried last
    :ivar problem: why the last attempt failed, in `language`; empty if it did not
    """

    build: Build | None
    read_at: float
    tried_at: float
    problem: str = ""
    language: str | None = None

    @property
    def reason(self) -> str:
        """Why the list could not be read, in the language of the reader."""
        if not self.problem or self.language == get_language():
            return self.problem
        return str(_("The publisher's list could not be read."))


def found_builds(entries: Sequence[Entry]) -> Mapping[tuple[str, str], Found]:
    """Return what is cached of these entries, by their key."""
    cached = _cached()
    found = {entry.key: cached.get(_identity(entry)) for entry in entries if entry.listing}
    return {key: each for key, each in found.items() if each}


def is_due(found: Found | None, older_than_s: float) -> bool:
    return found is None or time.time() - found.tried_at > older_than_s


def look_up(entries: Sequence[Entry], older_than_s: float) -> int | None:
    """Read the lists of one portion of the entries; return how many entries are left.

    None if another request is reading lists. A build that was found before stays if its list
    cannot be read now.
    """
    if publishers.is_off():
        return 0
    if not cache.acquire(_LOOKUP, _LOOKUP_S):
        return None
    try:
        known = found_builds(entries)
        due = [
            entry
            for entry in entries
            if entry.listing and is_due(known.get(entry.key), older_than_s)
        ]
        read, until = reader(), time.monotonic() + PORTION_S

        def looked_up(entry: Entry) -> Found | None:
            if time.monotonic() > until:
                return None
            return _look_up(entry, read, known.get(entry.key))

        results = dict(zip(map(_identity, due), in_parallel(looked_up, due), strict=True))
        done = {key: each for key, each in results.items() if each}
        _store(done)
        return len(due) - len(done)
    finally:
        cache.delete(_LOOKUP)


def _look_up(entry: Entry, read: Read, before: Found | None) -> Found:
    deadline = time.monotonic() + conf.READ_TIMEOUT_S.value

    def read_in_time(url: str, hosts: frozenset[str], max_bytes: int) -> Response:
        if time.monotonic() > deadline:
            message = _("The publisher's lists did not arrive within %(seconds)s seconds.")
            raise NotFound(message % {"seconds": conf.READ_TIMEOUT_S.value})
        return read(url, hosts, max_bytes)

    try:
        build = newest_build(entry, read_in_time)
    except NotFound as error:
        last, read_at = (before.build, before.read_at) if before else (None, 0.0)
        return Found(last, read_at, time.time(), str(error), get_language())
    if (
        build
        and before
        and before.build
        and replace(before.build, size_bytes=None) == replace(build, size_bytes=None)
    ):
        # A finished build does not change: its size was asked for before.
        build = replace(build, size_bytes=build.size_bytes or before.build.size_bytes)
    if build and time.monotonic() < deadline:
        build = with_size(entry, build)
    return Found(build, time.time(), time.time())


def _cached() -> Mapping[str, Found]:
    cached = cache.get(_BUILDS)
    return cached if isinstance(cached, dict) else {}


def _store(done: Mapping[str, Found]) -> None:
    oldest = time.time() - CACHE_S
    merged = {**_cached(), **done}
    kept = sorted(merged.items(), key=lambda item: item[1].tried_at)[-MOST:]
    cache.set(_BUILDS, {key: each for key, each in kept if each.tried_at > oldest}, CACHE_S)


def _identity(entry: Entry) -> str:
    """Of the entry and of where its builds are listed: another list has other builds."""
    parts = (entry.key, entry.listing, sorted(entry.hosts))
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]
