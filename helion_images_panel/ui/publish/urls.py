# SPDX-License-Identifier: Apache-2.0
"""The URLs of Publish."""

from __future__ import annotations

from django.urls import URLPattern, path

from helion_images_panel.ui.publish.views import PublishStepView, PublishView
from helion_images_panel.ui.scopes.scope import PanelScope


def urls(scope: PanelScope) -> list[URLPattern]:
    return [
        path("publish/", PublishView.as_view(scope=scope), name="publish"),
        path("<image_id>/publish/", PublishStepView.as_view(scope=scope), name="publish_step"),
    ]
