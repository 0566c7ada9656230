# SPDX-License-Identifier: Apache-2.0
"""The URL of Edit Image."""

from __future__ import annotations

from django.urls import URLPattern, path

from helion_images_panel.ui.edit.views import UpdateView
from helion_images_panel.ui.scopes.scope import PanelScope


def urls(scope: PanelScope) -> list[URLPattern]:
    return [path("<image_id>/update/", UpdateView.as_view(scope=scope), name="update")]
