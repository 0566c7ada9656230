# SPDX-License-Identifier: Apache-2.0
"""The newest build of an entry, by the publisher's own list."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote, urljoin

from django.utils.translation import gettext as _

from helion_images_panel.catalogue import layouts
from helion_images_panel.catalogue.entries import (
    COREOS,
    DIRECTORY,
    LATEST,
    SIMPLESTREAMS,
    Build,
    Entry,
    Listing,
    host_of,
)
from helion_images_panel.catalogue.patterns import BUILD, builds_in, date_in, filled
from helion_images_panel.core import checksums
from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.url import has_user, is_http_url, last_part

#: Maximum size of a list. Simplestreams documents have all builds of all products.
LIST_BYTES = 4 * 1024 * 1024
DOCUMENT_BYTES = 32 * 1024 * 1024

#: A line of some lists of checksums, such as those of Fedora: "# NAME: 556793856 bytes".
_SIZE = re.compile(r"#\s{0,9}(?P<name>\S{1,255}):\s{0,9}(?P<size>[0-9]{1,15}) bytes\s{0,9}")

#: Number of newest folders that are looked into: a publisher may be filling the newest one.
FOLDERS = 3


class NotFound(Exception):
    """The publisher's list does not say what the newest build is; ``str()`` is the reason."""


class Missing(NotFound):
    """A list does not exist, or lacks the file: an older build may be complete."""


@dataclass(frozen=True)
class Response:
    """A list as text; `day` is the ISO date of its last change, empty if it has none."""

    text: str
    day: str = ""


#: Reads a list from a URL of one of the hosts, up to a number of bytes. Raises Missing if it
#: does not exist, and NotFound if it cannot be read, with the reason.
Read = Callable[[str, frozenset[str], int], Response]


def newest_build(entry: Entry, read: Read) -> Build | None:
    """Return the newest build; None for an entry without a list. Raise NotFound."""
    listing = entry.listing
    if listing is None:
        return None
    try:
        build = _newest(entry, listing, read)
    except layouts.Unreadable as error:
        raise NotFound(
            _("The publisher's list is not as expected: it lacks “%(name)s”.") % {"name": error}
        ) from error
    if not _is_allowed(build.url, entry):
        # Not even the URL is shown: it is the publisher's text.
        raise NotFound(
            _("The publisher's list names a file on a host that the catalogue does not name.")
        )
    return build


def _newest(entry: Entry, listing: Listing, read: Read) -> Build:
    def document() -> str:
        return read(listing.url, entry.hosts, DOCUMENT_BYTES).text

    if listing.layout == SIMPLESTREAMS:
        return _first(layouts.simplestreams_builds(document(), listing))
    if listing.layout == COREOS:
        return _first(layouts.coreos_builds(document(), listing, entry))
    if listing.layout == LATEST:
        return _latest(entry, listing, read)
    return _by_name(entry, listing, read)


def _first(builds: Sequence[Build]) -> Build:
    if not builds:
        raise NotFound(_("The publisher's list has no finished build."))
    return builds[0]


def _latest(entry: Entry, listing: Listing, read: Read) -> Build:
    """The file that always has the newest build: its date is that of the list of checksums."""
    build = Build(version=_("latest"), url=listing.url)
    if not listing.list_url:
        return build
    response = read(listing.list_url, entry.hosts, LIST_BYTES)
    checksum = _checksum(response.text, last_part(listing.list_url), last_part(listing.url))
    version = response.day.replace("-", "") or build.version
    build = replace(build, version=version, build_date=response.day, is_date_of_list=True)
    size_bytes = _size(response.text, last_part(listing.url))
    return replace(build, checksum=checksum, size_bytes=size_bytes)


def _by_name(entry: Entry, listing: Listing, read: Read) -> Build:
    """The newest version in an index page or a text that is complete."""
    if listing.layout == DIRECTORY:
        before, segment = _split(listing.url)
        html = read(before, entry.hosts, LIST_BYTES).text
        found = builds_in(segment, layouts.names_in_index(html, before))
    else:
        text = read(listing.list_url, entry.hosts, LIST_BYTES).text
        found = builds_in(listing.find, layouts.words_in_text(text))
    if not found:
        raise NotFound(_("The publisher's list has no finished build."))
    missing: Missing | None = None
    for version in found[:FOLDERS]:
        try:
            return _of_version(entry, listing, version, read)
        except Missing as error:
            missing = missing or error
    raise missing or NotFound(_("The publisher's list has no finished build."))


def _split(url: str) -> tuple[str, str]:
    """Return the URL of the folder whose names have the version, and the pattern of the names."""
    before, _build, _after = url.partition(BUILD)
    folder = before.rpartition("/")[0] + "/"
    return folder, url.removeprefix(folder).partition("/")[0]


def _of_version(entry: Entry, listing: Listing, version: str, read: Read) -> Build:
    url = filled(listing.url, quote(version))
    build = Build(version=version, url=url, build_date=date_in(version))
    if not listing.checksums:
        return build
    name = last_part(url)
    file = filled(listing.checksums, version, name)
    response = read(urljoin(url, quote(file)), entry.hosts, LIST_BYTES)
    checksum = _checksum(response.text, file, name)
    if not build.build_date:
        build = replace(build, build_date=response.day, is_date_of_list=True)
    return replace(build, checksum=checksum, size_bytes=_size(response.text, name))


def _checksum(text: str, list_name: str, name: str) -> Checksum:
    """Return the file's checksum. Raise NotFound.

    A list of several files has to name it. One beside the file, such as "NAME.sha256", may
    have another name in it: some publishers link the newest build under a fixed name.
    """
    lines = [line for line in text.splitlines() if name in line and _names(line, name)]
    is_of_file = list_name.startswith(name)
    try:
        if lines or is_of_file:
            return checksums.parse("\n".join(lines) or text, name if lines else "")
    except checksums.NotAChecksum:
        pass
    raise Missing(_("The publisher's list of checksums does not have the file."))


def _size(text: str, name: str) -> int | None:
    """Return the size of the file, if the list of checksums has it."""
    found = (_SIZE.fullmatch(line) for line in text.splitlines() if name in line)
    sizes = [int(match["size"]) for match in found if match and match["name"] == name]
    return sizes[0] or None if sizes else None


def _names(line: str, name: str) -> bool:
    return any(word.rpartition("/")[2] == name for word in layouts.words_in_text(line))


def _is_allowed(url: str, entry: Entry) -> bool:
    """Whether the URL of a build is on one of the hosts that the entry names."""
    return is_http_url(url) and not has_user(url) and host_of(url) in entry.hosts
