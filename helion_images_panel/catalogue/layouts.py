# SPDX-License-Identifier: Apache-2.0
"""The lists of publishers: names in an index page or a text, and builds in JSON documents.

All of it is text from outside: values of another type than expected, and names that are no
plain names, are errors or are left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from html import unescape
from itertools import islice
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from helion_images_panel.catalogue.entries import Build, Entry, Listing
from helion_images_panel.catalogue.patterns import NAME_LENGTH, date_in, order_of
from helion_images_panel.core.checksums import LENGTHS, Checksum

#: Maximum number of names of one list that are looked at.
MAX_NAMES = 20_000

_HEX = re.compile(r"[0-9a-f]+", re.IGNORECASE | re.ASCII)
#: A link of a page. A parser of HTML can take very long on some pages; this cannot.
_LINK = re.compile(
    r"""\bhref\s{0,9}=\s{0,9}(?:"([^"<>]{1,600})"|'([^'<>]{1,600})'|([^\s"'<>]{1,600}))""",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\s()<>\"'*,]+")
#: The folder of a simplestreams document, below which its paths are not.
_STREAMS = re.compile(r"streams/v1/[^/]*$")


class Unreadable(ValueError):
    """The list is not of the layout that the catalogue names."""


def names_in_index(html: str, folder_url: str) -> list[str]:
    """Return the names of files and folders in an index page; those of folders without "/".

    Links that lead out of the folder are left out.
    """
    links = (unescape(match[match.lastindex or 0]) for match in _LINK.finditer(html))
    names = (_child(link, folder_url) for link in islice(links, MAX_NAMES))
    return list(dict.fromkeys(name for name in names if name))


def _child(link: str, folder_url: str) -> str:
    try:
        target, folder = urlsplit(urljoin(folder_url, link.strip())), urlsplit(folder_url)
    except ValueError:
        return ""
    if (target.netloc, target.query) != (folder.netloc, "") or target.path == folder.path:
        return ""
    if not target.path.startswith(folder.path):
        return ""
    name = unquote(target.path.removeprefix(folder.path)).removesuffix("/")
    return "" if "/" in name or name in (".", "..") else name


def words_in_text(text: str) -> list[str]:
    """Return the words of a text, such as the names in a list of checksums."""
    return [match[0] for match in islice(_WORD.finditer(text), MAX_NAMES)]


def simplestreams_builds(text: str, listing: Listing) -> list[Build]:
    """Return the builds of a product, newest first."""
    product = _at(_document(text), "products", listing.select["product"])
    base = _STREAMS.sub("", listing.url)
    builds = []
    for version, item in _items(_at(product, "versions"), listing.select["item"]):
        build = Build(
            version=version,
            url=urljoin(base, _text(item, "path")),
            checksum=_strongest(item),
            build_date=date_in(version),
            size_bytes=_size(item),
        )
        builds.append(build)
    return sorted(builds, key=lambda build: order_of(build.version), reverse=True)


def _items(versions: Any, name: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if not isinstance(versions, dict):
        raise Unreadable("versions")
    for version, content in islice(versions.items(), MAX_NAMES):
        items = content.get("items") if isinstance(content, dict) else None
        item = items.get(name) if isinstance(items, dict) else None
        if isinstance(item, dict) and len(version) <= NAME_LENGTH:
            yield version, item


def coreos_builds(text: str, listing: Listing, entry: Entry) -> list[Build]:
    """Return the one build of a stream of Fedora CoreOS."""
    document, select = _document(text), listing.select
    path = ("architectures", entry.architecture, "artifacts", select["artifact"])
    artifact = _at(document, *path)
    disk = _at(artifact, "formats", select["format"], "disk")
    version = _text(artifact, "release")
    return [
        Build(
            version=version,
            url=_text(disk, "location"),
            checksum=_checksum("sha256", disk.get("sha256")),
            build_date=date_in(version),
            content_checksum=_checksum("sha256", disk.get("uncompressed-sha256")),
        )
    ]


def _document(text: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable("JSON") from error
    if not isinstance(document, dict):
        raise Unreadable("JSON")
    return document


def _at(value: Any, *path: str) -> Any:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
        if value is None:
            raise Unreadable(name)
    return value


def _text(value: Any, name: str) -> str:
    found = _at(value, name)
    if not isinstance(found, str) or not found or len(found) > 2000:
        raise Unreadable(name)
    return found


def _size(item: Mapping[str, Any]) -> int | None:
    size = item.get("size")
    return size if isinstance(size, int) and not isinstance(size, bool) and size > 0 else None


def _strongest(item: Mapping[str, Any]) -> Checksum | None:
    found = [_checksum(name, item.get(name)) for name in ("sha512", "sha256", "md5")]
    return next((checksum for checksum in found if checksum), None)


def _checksum(algorithm: str, digits: Any) -> Checksum | None:
    if not isinstance(digits, str) or not _HEX.fullmatch(digits):
        return None
    return Checksum(algorithm, digits.lower()) if LENGTHS.get(algorithm) == len(digits) else None
