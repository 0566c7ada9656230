# SPDX-License-Identifier: Apache-2.0
"""The URLs of Update Metadata."""

from __future__ import annotations

from django.urls import URLPattern, path

from helion_images_panel.ui.metadata.views import MetadataSearchView, MetadataView
from helion_images_panel.ui.scopes.scope import PanelScope


def urls(scope: PanelScope) -> list[URLPattern]:
    return [
        path("<image_id>/metadata/", MetadataView.as_view(scope=scope), name="metadata"),
        path(
            "<image_id>/metadata/search/",
            MetadataSearchView.as_view(scope=scope),
            name="metadata_search",
        ),
    ]
