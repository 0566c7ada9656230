# SPDX-License-Identifier: Apache-2.0
"""Checksums in pages and documents: HTML, XML and JSON as lines of text."""

from __future__ import annotations

import json
import re

from helion_images_panel.core.checksum_names import words_of

_TAG = re.compile(r"<(/?)([A-Za-z][\w.:-]*)((?:\s[^<>]{0,1000})?)/?>(?=(\s*[0-9A-Za-z+/]{20})?)")
#: A row of a table is one line, also if each of its cells is.
_AROUND_CELL = re.compile(r"(?<!\s)\s*+(</?t[dh](?:\s[^<>]{0,1000})?>)\s*+", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"(?<![\w:-])([\w:-]++)\s*+=\s*+(?:\"([^\"]*)\"|'([^']*)')")
#: Mail and programs put checksums in angle brackets.
_DIGITS = re.compile(r"[0-9a-f]{20}", re.IGNORECASE)

#: Elements of HTML that begin a line.
_LINES = words_of("""
    address article aside blockquote body br details div dl dt figure footer form h1 h2 h3 h4 h5
    h6 head header hr html li main nav ol p pre section summary table tbody tfoot thead tr ul
    """)
#: Those inside lines.
_INLINE = words_of("""
    a abbr b bdi bdo big button caption center cite code col colgroup dd del dfn em font i img input
    ins kbd label legend link mark meta output path q s samp script small span strike strong style
    sub sup svg td textarea th time title tt u var wbr
    """)

#: Attributes that name an algorithm, a file, or have a checksum.
_OF_ALGORITHM = re.compile(r"(?:hash|checksum|digest)?-?_?alg\w*", re.IGNORECASE)
_OF_KIND = frozenset(("type", "method", "function"))
_OF_FILE = frozenset(("name", "file", "filename", "path"))
_OF_DIGITS = re.compile(r"(?:.*[-_:])?(?:md5|sha|integrity|title|checksum|digest|hash).*", re.I)


def as_lines(text: str) -> str:
    """Return the text without mark-up; each row, item and value of a document is a line.

    The name of an XML element counts if digits follow it, as in "<sha256>".
    """
    return _TAG.sub(_words_of_tag, _AROUND_CELL.sub(r"\1", _json_lines(text)))


def _json_lines(text: str) -> str:
    if text.lstrip()[:1] not in ("{", "["):
        return text
    try:
        return json.dumps(json.loads(text), indent=0, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text


def _words_of_tag(match: re.Match[str]) -> str:
    end, name, rest, digits = match.groups()
    if _DIGITS.search(name):
        return f" {name}{rest} "
    element = name.lower()
    is_known = element in _INLINE or element in _LINES
    words = "".join(_words_of_attribute(*found, is_known) for found in _attributes(rest))
    if element in ("td", "th") and not end:
        return f"\t{words}"
    if is_known:
        return words or ("\n" if element in _LINES else " ")
    if end or not digits:
        return f"\n{words}"
    kinds = [value for key, value in _attributes(rest) if _names_kind(key)]
    # Without the name space of XML.
    return f"\n{words}{' '.join([name.rpartition(':')[2], *kinds])}: "


def _attributes(rest: str) -> list[tuple[str, str]]:
    return [(found[1].lower(), found[2] or found[3] or "") for found in _ATTRIBUTE.finditer(rest)]


def _names_kind(key: str) -> bool:
    return key in _OF_KIND or bool(_OF_ALGORITHM.fullmatch(key))


def _words_of_attribute(key: str, value: str, is_html: bool) -> str:
    if _OF_DIGITS.fullmatch(key) and re.search(r"[0-9A-Za-z+/]{20}", value):
        return f"\n{'' if key in ('title', 'integrity') else f'{key}: '}{value}\n"
    if not is_html and (key in _OF_FILE or _OF_ALGORITHM.fullmatch(key)):
        return f"\n{'file' if key in _OF_FILE else 'algorithm'}: {value}\n"
    return ""
