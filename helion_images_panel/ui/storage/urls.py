# SPDX-License-Identifier: Apache-2.0
"""The URL of Storage."""

from __future__ import annotations

from django.urls import URLPattern, path

from helion_images_panel.ui.scopes.scope import PanelScope
from helion_images_panel.ui.storage.views import StorageView


def urls(scope: PanelScope) -> list[URLPattern]:
    return [path("storage/", StorageView.as_view(scope=scope), name="storage")]
