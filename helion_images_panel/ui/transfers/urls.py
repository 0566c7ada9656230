# SPDX-License-Identifier: Apache-2.0
"""The URLs of uploads, downloads and checks of data."""

from __future__ import annotations

from django.urls import URLPattern, path

from helion_images_panel.ui.scopes.scope import PanelScope
from helion_images_panel.ui.transfers.download import DownloadView
from helion_images_panel.ui.transfers.progress import ProgressView
from helion_images_panel.ui.transfers.upload import UploadView
from helion_images_panel.ui.transfers.verify import VerifyView


def urls(scope: PanelScope) -> list[URLPattern]:
    patterns = [
        path("<image_id>/download/", DownloadView.as_view(scope=scope), name="download"),
        path("<image_id>/verify/", VerifyView.as_view(scope=scope), name="verify"),
    ]
    if scope.creates_images:
        patterns += [
            path("progress/", ProgressView.as_view(scope=scope), name="progress"),
            path("<image_id>/upload/", UploadView.as_view(scope=scope), name="upload"),
        ]
    return patterns
