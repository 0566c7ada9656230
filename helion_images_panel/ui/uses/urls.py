# SPDX-License-Identifier: Apache-2.0
"""The URLs of the uses of images."""

from __future__ import annotations

from django.urls import URLPattern, path

from helion_images_panel.ui.scopes.scope import PanelScope
from helion_images_panel.ui.uses.ending import EndingView
from helion_images_panel.ui.uses.views import UsesView


def urls(scope: PanelScope) -> list[URLPattern]:
    found = [path("uses/", UsesView.as_view(scope=scope), name="uses")]
    if scope.is_of_active_project:
        found.append(path("ending/", EndingView.as_view(scope=scope), name="ending"))
    return found
