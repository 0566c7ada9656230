# SPDX-License-Identifier: Apache-2.0
"""Addresses from which an image service may fetch."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

_NOT_IN_AN_ADDRESS = re.compile(r"[\s\x00-\x1f\x7f]")


def is_web_address(text: str) -> bool:
    """Whether it names a server that speaks HTTP or HTTPS.

    A name without dots or with an underscore is one inside of many clouds, and
    a signed address is long: whether it leads anywhere, the service finds out.
    """
    try:
        address = urlsplit(text)
        port = address.port
    except ValueError:
        return False
    return (
        address.scheme in ("http", "https")
        and bool(address.hostname)
        and port != 0
        and not _NOT_IN_AN_ADDRESS.search(text)
    )


def has_user(text: str) -> bool:
    """Whether a user's name or a password stands before the name of the server."""
    try:
        return "@" in urlsplit(text).netloc
    except ValueError:
        return False


def last_part(text: str) -> str:
    """The name of the file that an address, or a path, ends with; empty where there is none."""
    try:
        path = urlsplit(text).path
    except ValueError:
        return ""
    return unquote(path).rpartition("/")[2]
