# SPDX-License-Identifier: Apache-2.0
"""The user's own views of the list: filters and an order, with a name.

The browser stores them, so that neither requests nor the session grow by them: see
saved_views.js.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

from helion_images_panel.core.order import Order
from helion_images_panel.ui.listing import ordering
from helion_images_panel.ui.listing.view_choice import user_key
from helion_images_panel.ui.scopes.scope import PanelScope


@dataclass(frozen=True)
class SavedViews:
    """What the script needs to show and to save views.

    :ivar key: key of the browser's storage, another one for each user and panel
    :ivar query: URL parameters of the present list, without those of its page
    :ivar may_save: whether the list differs from the one without filters
    """

    key: str
    query: str
    may_save: bool


def saved_views(
    request: HttpRequest, scope: PanelScope, order: Order, parameters: dict[str, Any]
) -> SavedViews:
    """:param parameters: URL parameters of the list, without its order"""
    query = urlencode({**parameters, ordering.PARAMETER: str(order)}, doseq=True)
    return SavedViews(
        f"helion_images_views.{user_key(request)}.{scope.index_namespace}",
        query,
        bool(parameters) or ordering.PARAMETER in request.GET,
    )
