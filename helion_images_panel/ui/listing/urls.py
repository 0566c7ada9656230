# SPDX-License-Identifier: Apache-2.0
"""The URLs of the list, of its export, and for its scripts."""

from __future__ import annotations

from django.urls import URLPattern, path

from helion_images_panel.ui.listing.export import KINDS, ExportView
from helion_images_panel.ui.listing.page_size import PageSizeView
from helion_images_panel.ui.listing.selection import SelectionView
from helion_images_panel.ui.listing.views import IndexView
from helion_images_panel.ui.scopes.scope import PanelScope


def urls(scope: PanelScope) -> list[URLPattern]:
    return [path("", IndexView.as_view(scope=scope), name="index")]


def export_urls(scope: PanelScope) -> list[URLPattern]:
    view = ExportView.as_view(scope=scope)
    return [path(f"export/{kind}/", view, {"kind": kind}, f"export_{kind}") for kind in KINDS]


def script_urls(scope: PanelScope) -> list[URLPattern]:
    return [
        path("selection/", SelectionView.as_view(scope=scope), name="selection"),
        path("page_size/", PageSizeView.as_view(scope=scope), name="page_size"),
    ]
