# SPDX-License-Identifier: Apache-2.0
"""The format of a file by its first bytes, before the rest of it is read."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from oslo_utils.imageutils import format_inspector

from helion_images_panel.core import url as urls

LOG = logging.getLogger(__name__)

#: Enough for each format that has its mark near the beginning; an ISO has it at 32 KiB.
HEAD_BYTES = 64 * 1024

#: Compressed files and archives: their first bytes, and the name for users.
_PACKED = {
    b"\x1f\x8b": "gzip",
    b"\xfd7zXZ\0": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"BZh": "bzip2",
    b"PK\x03\x04": "ZIP",
    b"7z\xbc\xaf\x27\x1c": "7-Zip",
}
_TAR = (257, b"ustar")


@dataclass(frozen=True)
class Detected:
    """`format` is by the panel's name; empty if it is not recognized or not certain.

    :ivar virtual_bytes: size of the disk in the file; None if it is unknown
    :ivar packed: the kind of a compressed file or an archive, for users; empty for any other
    :ivar is_web_page: whether it is HTML
    :ivar is_by_name: whether only the name of the file tells the format
    """

    format: str = ""
    virtual_bytes: int | None = None
    packed: str = ""
    is_web_page: bool = False
    is_by_name: bool = False


def detect(head: bytes, url: str = "", content_type: str = "") -> Detected:
    """Return what the first bytes, and otherwise the names and types that are given, tell."""
    name = urls.last_part(url).lower()
    found = _inspected(head)
    if found:
        return found
    if kind := packed_kind(head):
        return Detected(packed=kind)
    if head[_TAR[0] :].startswith(_TAR[1]):
        return Detected("ova") if name.endswith(".ova") else Detected(packed="tar")
    start = head[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return Detected(is_web_page=True)
    if content_type == "text/html" and b"\0" not in head:
        return Detected(is_web_page=True)
    if name.endswith((".img", ".raw")):
        return Detected("raw", is_by_name=True)
    return Detected()


def packed_kind(head: bytes) -> str:
    """Return the kind of a compressed file or an archive, but a tar; empty for any other file."""
    return next((kind for mark, kind in _PACKED.items() if head.startswith(mark)), "")


def _inspected(head: bytes) -> Detected | None:
    """Ask the inspectors that Glance has; None if none or several match."""
    matching = {}
    for name, kind in format_inspector.ALL_FORMATS.items():
        if name == "raw":
            continue
        inspector = kind()
        try:
            inspector.eat_chunk(head)
            if inspector.format_match:
                matching[name] = inspector
        except Exception as error:
            # Most inspectors raise an exception if the content is another format.
            LOG.debug("Not %s: %s", name, error)
    if set(matching) == {"iso", "gpt"}:
        del matching["gpt"]
    if len(matching) != 1:
        return None
    name, inspector = matching.popitem()
    if name in ("gpt", "luks"):
        return Detected("raw")
    return Detected(name, _virtual_bytes(inspector) if name != "iso" else None)


def _virtual_bytes(inspector: format_inspector.FileInspector) -> int | None:
    try:
        return int(inspector.virtual_size) or None
    except Exception as error:
        LOG.debug("No virtual size: %s", error)
        return None
