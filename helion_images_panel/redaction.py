# SPDX-License-Identifier: Apache-2.0
"""URLs without the parts that grant access, for pages, logs and stored texts."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

#: Replaces secret values; Horizon's own log uses the same text.
MASK = "********"

#: Libraries for HTTP name the host apart: "Max retries exceeded with url: /disk.img?sign=…".
_PATH_IN_TEXT = re.compile(r"(?<!\S)(/[^\s?#]*)[?#]\S*")

#: Parameters within a path, such as ";jsessionid=…".
_PATH_PARAMETERS = re.compile(r";[^/]*")

#: A URL ends with a blank, and nowhere else for certain: a query may contain all else.
_URL_IN_TEXT = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://\S+")

#: In JSON it ends with its string at the latest. A URL at the end of the text is not in JSON.
#: Bodies are long: a bounded scheme keeps the search linear.
_URL_IN_JSON = re.compile(r"""[A-Za-z][A-Za-z0-9+.-]{0,30}://(?:[^\s"\\]|\\.)+(?=[\s"])""")
_PATH_IN_JSON = re.compile(r"""(?<=\s)(/[^\s?#"\\]*)[?#](?:[^\s"\\]|\\.)*""")


def without_secrets(url: str) -> str:
    """Remove user, password, parameters, query and fragment from a URL: they may grant access."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return MASK
    if ":" in host:
        host = f"[{host}]"
    return f"{parts.scheme}://{host}{port}{_PATH_PARAMETERS.sub('', parts.path)}"


def has_secrets(url: str) -> bool:
    """Whether `without_secrets` removes a part of the URL."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return True
    removed = (parts.username, parts.password, parts.query, parts.fragment)
    return any(removed) or ";" in parts.path


def text_without_secrets(text: str) -> str:
    """Remove the same from each URL in a text: services repeat the URL in their errors."""
    text = _URL_IN_TEXT.sub(lambda match: without_secrets(match[0]), text)
    return _PATH_IN_TEXT.sub(r"\1", text)


def json_without_secrets(text: str) -> str:
    """Remove the same from each URL in a text with JSON, which stays what it is."""
    text = _URL_IN_JSON.sub(lambda match: without_secrets(match[0]), text)
    return _PATH_IN_JSON.sub(r"\1", text)
