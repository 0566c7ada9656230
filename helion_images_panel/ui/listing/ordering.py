# SPDX-License-Identifier: Apache-2.0
"""The order of the list: of the URL, else the one chosen last, else the cloud's default."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from helion_images_panel import conf
from helion_images_panel.core.order import BY_NAME, Order
from helion_images_panel.ui.listing.view_choice import user_key

PARAMETER = "sort"

#: The part of the list that has the marker: see `core.order`.
PART_PARAMETER = "part"

_COOKIE_S = 365 * 24 * 3600

#: Orders of the drop-down, which also offers those without a column on a small screen.
LABELS: tuple[tuple[str, str | Promise], ...] = (
    ("name", _("Name, A to Z")),
    ("-name", _("Name, Z to A")),
    ("-updated", _("Updated, newest first")),
    ("updated", _("Updated, oldest first")),
    ("-created", _("Created, newest first")),
    ("created", _("Created, oldest first")),
    ("-size", _("Size, largest first")),
    ("size", _("Size, smallest first")),
    ("status", _("Status, A to Z")),
    ("-status", _("Status, Z to A")),
    ("format", _("Format, A to Z")),
    ("-format", _("Format, Z to A")),
)


def order_of(request: HttpRequest) -> Order:
    """Return the order of the page; what is no order counts as none."""
    texts = (request.GET.get(PARAMETER, ""), request.COOKIES.get(_cookie(request), ""))
    found = (Order.parsed(text) for text in (*texts, str(conf.DEFAULT_SORT.value)))
    return next((order for order in found if order), BY_NAME)


def remember(request: HttpRequest, response: HttpResponse) -> None:
    """Keep the order of the URL for the next visit of this user."""
    order = Order.parsed(request.GET.get(PARAMETER, ""))
    cookie = _cookie(request)
    if order and request.COOKIES.get(cookie) != str(order):
        response.set_cookie(
            cookie,
            str(order),
            max_age=_COOKIE_S,
            path=settings.SESSION_COOKIE_PATH,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def _cookie(request: HttpRequest) -> str:
    return f"hip_sort_{user_key(request)}"


def heading(label: str, key: str, current: Order, parameters: dict[str, object]) -> SafeString:
    """Return the heading of a column, which sorts the list by it; a second click turns it."""
    order = current.turned if current.key == key else Order.first(key)
    url = "?" + urlencode({**parameters, PARAMETER: str(order)}, doseq=True)
    icon = ""
    if current.key == key:
        classes = "fas fa-sort-down" if current.descending else "fas fa-sort-up"
        icon = format_html(' <span class="{}" aria-hidden="true"></span>', classes)
    return format_html('<a class="hip-sort" href="{}">{}{}</a>', url, label, icon)
