# SPDX-License-Identifier: Apache-2.0
"""The URL of the uses of images."""

from __future__ import annotations

from django.urls import URLPattern, path

from helion_images_panel.ui.scopes.scope import PanelScope
from helion_images_panel.ui.uses.views import UsesView


def urls(scope: PanelScope) -> list[URLPattern]:
    return [path("uses/", UsesView.as_view(scope=scope), name="uses")]
