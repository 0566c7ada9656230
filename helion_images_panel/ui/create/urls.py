# SPDX-License-Identifier: Apache-2.0
"""The URLs of Create Image and Upload Data."""

from __future__ import annotations

from django.urls import URLPattern, path

from helion_images_panel.ui.create.upload_data import UploadDataView
from helion_images_panel.ui.create.views import CreateView
from helion_images_panel.ui.scopes.scope import PanelScope


def urls(scope: PanelScope) -> list[URLPattern]:
    if not scope.creates_images:
        return []
    return [
        path("create/", CreateView.as_view(scope=scope), name="create"),
        path("<image_id>/upload_data/", UploadDataView.as_view(scope=scope), name="upload_data"),
    ]
