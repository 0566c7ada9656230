# SPDX-License-Identifier: Apache-2.0
"""URLs from which an image service may download."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

_NOT_IN_A_URL = re.compile(r"[\s\x00-\x1f\x7f]")


def is_http_url(text: str) -> bool:
    """Whether the text is an HTTP or HTTPS URL with a host name.

    Host names without dots or with an underscore are allowed, as clouds use them
    internally, and any length is, as signed URLs are long. Whether the URL can be
    reached is left to the image service.
    """
    try:
        url = urlsplit(text)
        port = url.port
    except ValueError:
        return False
    return (
        url.scheme in ("http", "https")
        and bool(url.hostname)
        and port != 0
        and not _NOT_IN_A_URL.search(text)
    )


def has_user(text: str) -> bool:
    """Whether the URL contains a user name or a password."""
    try:
        return "@" in urlsplit(text).netloc
    except ValueError:
        return False


def last_part(text: str) -> str:
    """Name of the file at the end of a URL or path; empty if there is none."""
    try:
        path = urlsplit(text).path
    except ValueError:
        return ""
    return unquote(path).rpartition("/")[2]
