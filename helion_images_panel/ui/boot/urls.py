# SPDX-License-Identifier: Apache-2.0
"""The URL of a correction."""

from __future__ import annotations

from django.urls import URLPattern, path

from helion_images_panel.ui.boot.views import FixView
from helion_images_panel.ui.scopes.scope import PanelScope


def urls(scope: PanelScope) -> list[URLPattern]:
    return [path("<image_id>/fix/", FixView.as_view(scope=scope), name="fix")]
