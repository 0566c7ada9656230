# SPDX-License-Identifier: Apache-2.0
"""The URL of one image."""

from __future__ import annotations

from django.urls import URLPattern, path

from helion_images_panel.ui.detail.views import DetailView
from helion_images_panel.ui.scopes.scope import PanelScope


def urls(scope: PanelScope) -> list[URLPattern]:
    """`scope.detail_path` follows the image's ID: the two stock panels differ."""
    return [
        path(f"<image_id>/{scope.detail_path}", DetailView.as_view(scope=scope), name="detail"),
    ]
