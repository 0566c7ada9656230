# SPDX-License-Identifier: Apache-2.0
"""The URLs of Official Images."""

from __future__ import annotations

from django.urls import URLPattern, path

from helion_images_panel.ui.catalogue.add import AddView
from helion_images_panel.ui.catalogue.upload import UploadOfficialView
from helion_images_panel.ui.catalogue.views import BuildsView, CatalogueView
from helion_images_panel.ui.scopes.scope import PanelScope


def urls(scope: PanelScope) -> list[URLPattern]:
    if not scope.creates_images:
        return []
    return [
        path("catalogue/", CatalogueView.as_view(scope=scope), name="catalogue"),
        path("catalogue/builds/", BuildsView.as_view(scope=scope), name="catalogue_builds"),
        path("catalogue/add/", AddView.as_view(scope=scope), name="catalogue_add"),
        path(
            "catalogue/file/",
            UploadOfficialView.as_view(scope=scope),
            name="catalogue_file",
        ),
    ]
