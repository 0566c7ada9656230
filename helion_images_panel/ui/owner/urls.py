# SPDX-License-Identifier: Apache-2.0
"""The URLs of Change Owner."""

from __future__ import annotations

from django.urls import URLPattern, path

from helion_images_panel.ui.owner.views import ChangeOwnerView, OwnerSearchView
from helion_images_panel.ui.scopes.scope import PanelScope


def urls(scope: PanelScope) -> list[URLPattern]:
    if not scope.changes_owners:
        return []
    return [
        path("<image_id>/change_owner/", ChangeOwnerView.as_view(scope=scope), name="change_owner"),
        path(
            "<image_id>/change_owner/search/",
            OwnerSearchView.as_view(scope=scope),
            name="owner_search",
        ),
    ]
