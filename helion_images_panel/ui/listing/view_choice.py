# SPDX-License-Identifier: Apache-2.0
"""The density of the list and its columns, as the user has chosen them in this browser.

A cookie has the choice, so that the page comes as it was chosen. The page's script
writes it: see view.js.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

COMPACT = "compact"

#: Columns that can be left out, in the order of the table.
COLUMNS: tuple[tuple[str, Promise], ...] = (
    ("owner", _("Owner")),
    ("type", _("Type")),
    ("status", _("Status")),
    ("access", _("Access")),
    ("format", _("Format")),
    ("size", _("Size")),
    ("updated", _("Updated")),
)


@dataclass(frozen=True)
class ViewChoice:
    """The cookie's name, and what is chosen: words such as "compact" and "no-size"."""

    cookie: str
    words: frozenset[str]
    has_owner: bool

    @property
    def is_compact(self) -> bool:
        return COMPACT in self.words

    @property
    def classes(self) -> str:
        """Return classes for the style sheet."""
        return " ".join(f"hip-{word}" for word in sorted(self.words))

    @property
    def columns(self) -> Sequence[tuple[str, Promise, bool]]:
        """Return each column that can be left out, its label, and whether it is shown."""
        return [
            (name, label, f"no-{name}" not in self.words)
            for name, label in COLUMNS
            if name != "owner" or self.has_owner
        ]


def user_key(request: HttpRequest) -> str:
    """Return a name for the user in the browser, which several users may share."""
    return hashlib.sha256(str(request.user.id).encode()).hexdigest()[:8]


def view_choice(request: HttpRequest, has_owner: bool) -> ViewChoice:
    """Read the user's cookie; words that are unknown here are ignored."""
    cookie = f"hip_list_{user_key(request)}"
    known = {COMPACT, *(f"no-{name}" for name, _label in COLUMNS)}
    words = request.COOKIES.get(cookie, "").split(".")
    return ViewChoice(cookie, frozenset(known.intersection(words)), has_owner)
