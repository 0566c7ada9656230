# SPDX-License-Identifier: Apache-2.0
"""The URL of the list."""

from __future__ import annotations

from django.urls import URLPattern, path

from helion_images_panel.ui.listing.views import IndexView
from helion_images_panel.ui.scopes.scope import PanelScope


def urls(scope: PanelScope) -> list[URLPattern]:
    return [path("", IndexView.as_view(scope=scope), name="index")]
