# SPDX-License-Identifier: Apache-2.0
"""Horizon's messages, bounded in size if the session is a cookie.

Django's cookie of messages has 2 KiB, for all that wait; the others go into the session.
A browser stores no cookie above 4 KiB: the message, or the whole session, would be lost.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.http import HttpRequest
from django.utils.translation import ngettext
from horizon import messages
from openstack_auth.utils import using_cookie_backed_sessions

from helion_images_panel.ui.base.reports import MESSAGE_BYTES, cut, size_bytes

#: Maximum size in bytes of a list in a message: one request may leave five messages.
LIST_BYTES = 200


def joined(items: Sequence[str], separator: str = ", ") -> str:
    """Return the items in one line; in a bounded message as many as fit, and the number of the
    others.
    """
    text = separator.join(items)
    if not using_cookie_backed_sessions() or size_bytes(text) <= LIST_BYTES:
        return text
    shown = list(items)
    while len(shown) > 1 and size_bytes(separator.join(shown)) > LIST_BYTES:
        shown.pop()
    count = len(items) - len(shown)
    listed = cut(separator.join(shown), LIST_BYTES)
    if not count:
        return listed
    # Translators: names, separated by commas, and how many names follow.
    template = ngettext("%(items)s and %(count)s more", "%(items)s and %(count)s more", count)
    return template % {"items": listed, "count": count}


def error(request: HttpRequest, text: str) -> None:
    _add(messages.error, request, text)


def warning(request: HttpRequest, text: str) -> None:
    _add(messages.warning, request, text)


def info(request: HttpRequest, text: str) -> None:
    _add(messages.info, request, text)


def success(request: HttpRequest, text: str) -> None:
    _add(messages.success, request, text)


def _add(add: Callable[[HttpRequest, str], object], request: HttpRequest, text: str) -> None:
    add(request, cut(text, MESSAGE_BYTES) if using_cookie_backed_sessions() else text)
