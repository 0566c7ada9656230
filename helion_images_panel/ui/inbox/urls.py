# SPDX-License-Identifier: Apache-2.0
"""The URLs of Shared with Me."""

from __future__ import annotations

from django.urls import URLPattern, path

from helion_images_panel.ui.inbox.views import CountView, InboxView
from helion_images_panel.ui.scopes.scope import PanelScope


def urls(scope: PanelScope) -> list[URLPattern]:
    if not scope.has_inbox:
        return []
    return [
        path("shared/", InboxView.as_view(scope=scope), name="shared"),
        path("shared/count/", CountView.as_view(scope=scope), name="shared_count"),
    ]
