# SPDX-License-Identifier: Apache-2.0
"""The URLs of the checks with the content of the disk, and of a correction."""

from __future__ import annotations

from django.urls import URLPattern, path

from helion_images_panel.ui.boot.views import BootView, FixView
from helion_images_panel.ui.scopes.scope import PanelScope


def urls(scope: PanelScope) -> list[URLPattern]:
    return [
        path("<image_id>/boot/", BootView.as_view(scope=scope), name="boot"),
        path("<image_id>/fix/", FixView.as_view(scope=scope), name="fix"),
    ]
