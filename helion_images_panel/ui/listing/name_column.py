# SPDX-License-Identifier: Apache-2.0
"""The column Name: the name, and below it tags and the first line of the description."""

from __future__ import annotations

import unicodedata

from django.utils import html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _eager
from django.utils.translation import ngettext

from helion_images_panel.core.image import Image
from helion_images_panel.core.visible_text import is_visible
from helion_images_panel.ui.base.columns import TextColumn
from helion_images_panel.ui.base.end_dates import badges
from helion_images_panel.ui.base.os_icons import os_icon
from helion_images_panel.ui.listing.versions import family_note

#: Number of tags in a row; the others are counted.
MAX_TAGS = 3

#: Longer names are cut in the middle where the window has no space for them, so that the
#: end, which tells versions apart, remains.
_SHORT_NAME = 20
_END = 8

#: Maximum length of the description's part in a row: the style sheet cuts it to the window.
_MAX_DESCRIPTION = 200


class ListNameColumn(TextColumn):
    """The link to the details, with what tells images of similar names apart."""

    def get_raw_data(self, datum: Image) -> SafeString:
        note = family_note(self.table.scope, datum, self.table.folded)
        return name_cell(datum, self.table.detail_url(datum.id), note)


def name_cell(image: Image, url: str, note: SafeString | str = "") -> SafeString:
    """:param note: HTML for the second line"""
    lock = _lock() if image.protected else ""
    classes = os_icon(image.properties, image.disk_format)
    icon = f'<span class="hip-os {classes}" aria-hidden="true"></span>'
    link = _link(image.bare_name, url)
    # All values are escaped: format_html for each part would take as long as the row.
    return SafeString(  # nosec B703
        f'<div class="hip-name-line">{icon}{link}{lock}</div>{_second_line(image, note)}'
    )


def _link(name: str, url: str) -> str:
    start, end = _split(name)
    title = html.escape(name)
    attributes = f'class="hip-link" href="{html.escape(url)}" title="{title}" dir="auto"'
    if not end:
        return f"<a {attributes}>{title}</a>"
    # The parts are boxes of their own: their link is named as a whole.
    return (
        f'<a {attributes} aria-label="{title}"><span class="hip-name-start">{html.escape(start)}'
        f'</span><span class="hip-name-end">{html.escape(end)}</span></a>'
    )


def _split(name: str) -> tuple[str, str]:
    """Split a long name before its last characters; an empty end if it must not be split.

    Letters that are joined, and characters that modify their neighbour, stay together.
    """
    if len(name) <= _SHORT_NAME or any(map(_is_joined, name)):
        return name, ""
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in name[-_END:])
    cut = len(name) - _END + wide // 2
    while cut < len(name) and not _may_split(name[cut - 1], name[cut]):
        cut += 1
    return name[:cut], name[cut:]


def _is_joined(character: str) -> bool:
    return unicodedata.bidirectional(character) in ("R", "AL", "AN") or (
        # Scripts of India and South-East Asia, whose vowel signs change the letter before.
        "\u0900" <= character <= "\u109f"
    )


def _may_split(before: str, after: str) -> bool:
    def is_plain(character: str) -> bool:
        return unicodedata.category(character)[0] in "LNP"

    return is_plain(before) and is_plain(after)


def _lock() -> str:
    label = html.escape(_eager("Protected"))
    return (
        f' <span class="hip-lock fas fa-lock" title="{label}" aria-hidden="true"></span>'
        f'<span class="sr-only">{label}</span>'
    )


def _second_line(image: Image, note: SafeString | str) -> str:
    parts: list[str] = [note] if note else []
    if image.is_snapshot:
        # In windows without the column Type.
        label = html.escape(_eager("Snapshot"))
        parts.append(f'<span class="hip-second-type">{label}</span>')
    parts += [f'<span class="hip-end">{html.escape(label)}</span>' for label in badges(image)]
    tags = [html.escape(tag) for tag in image.tags if is_visible(tag)]
    parts += [f'<span class="hip-tag" dir="auto">{tag}</span>' for tag in tags[:MAX_TAGS]]
    if len(tags) > MAX_TAGS:
        parts.append(_more_tags(tags[MAX_TAGS:]))
    if description := first_line(image.description):
        text = html.escape(description)
        parts.append(f'<span class="hip-description" dir="auto">{text}</span>')
    return f'<div class="hip-second-line small">{" ".join(parts)}</div>' if parts else ""


def _more_tags(tags: list[str]) -> str:
    """Return the number of further tags, whose names are escaped and stand in its title."""
    template = ngettext("%(count)s more tag", "%(count)s more tags", len(tags))
    label = html.escape(template % {"count": len(tags)})
    return (
        f'<span title="{", ".join(tags)}"><span aria-hidden="true">+{len(tags)}</span>'
        f'<span class="sr-only">{label}</span></span>'
    )


def first_line(text: str) -> str:
    """Return the first line that shows anything, bounded in length."""
    lines = (line.strip() for line in text[: 10 * _MAX_DESCRIPTION].splitlines())
    line = next((line for line in lines if is_visible(line)), "")
    return line if len(line) <= _MAX_DESCRIPTION else line[:_MAX_DESCRIPTION] + "…"
