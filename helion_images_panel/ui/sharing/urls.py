# SPDX-License-Identifier: Apache-2.0
"""The URLs of Share Image and of access details."""

from __future__ import annotations

from django.urls import URLPattern, path

from helion_images_panel.ui.scopes.scope import PanelScope
from helion_images_panel.ui.sharing.access_counts import AccessView
from helion_images_panel.ui.sharing.views import ProjectsView, ShareView


def urls(scope: PanelScope) -> list[URLPattern]:
    return [
        path("access/", AccessView.as_view(scope=scope), name="access"),
        path("projects/", ProjectsView.as_view(scope=scope), name="projects"),
        path("<image_id>/share/", ShareView.as_view(scope=scope), name="share"),
    ]
