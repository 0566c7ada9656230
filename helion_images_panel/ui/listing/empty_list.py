# SPDX-License-Identifier: Apache-2.0
"""A list without rows: why it has none, and what to do then."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from helion_images_panel import policy
from helion_images_panel.core.query import DELETED, ImageQuery
from helion_images_panel.ui.listing import quick_views, search
from helion_images_panel.ui.scopes.scope import PanelScope

#: Filters without which such images are in no list, with the label of their view.
_APART: tuple[tuple[str, str, Promise], ...] = (
    ("visibility", "community", pgettext_lazy("quick view", "Community")),
    ("hidden", "true", pgettext_lazy("quick view", "Hidden")),
    ("view", DELETED, pgettext_lazy("quick view", "Deleted")),
)


def context(
    request: HttpRequest,
    scope: PanelScope,
    query: ImageQuery,
    url_with: Callable[[Mapping[str, str]], str],
    *,
    is_partial: bool,
    has_failed: bool,
) -> dict[str, Any]:
    """Return the values of the template.

    :param url_with: makes the URL of the list with some filters
    :param is_partial: whether not all images have been looked at
    """
    creates = scope.creates_images and policy.allows(request, policy.ADD_IMAGE)
    view: str | Promise = ""
    if not (query.errors or is_partial or search.is_continued(request)):
        view = quick_views.empty_message(request, query)
    state = "no_match" if is_partial or not query.is_empty else "empty"
    if view:
        state = "empty_view"
    if query.errors:
        state = "wrong_filter"
    return {
        "state": "failed" if has_failed else state,
        "message": view or search.empty_message(request, is_partial),
        "other_lists": [] if is_partial else _other_lists(scope, query, url_with),
        "create_url": scope.url("create") if creates else "",
        "shared_url": scope.url("shared") if scope.has_inbox else "",
    }


def _other_lists(
    scope: PanelScope, query: ImageQuery, url_with: Callable[[Mapping[str, str]], str]
) -> list[tuple[Promise, str]]:
    """Return the lists that this one leaves out: label, and URL with the same filters."""
    filters = query.url_parameters()
    return [
        (label, url_with({**filters, name: value}))
        for name, value, label in _APART
        # The lists of all owners have community images.
        if name not in filters and not (name == "visibility" and scope.lists_all_owners)
    ]
