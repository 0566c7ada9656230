# SPDX-License-Identifier: Apache-2.0
"""The URLs of Set End Dates."""

from __future__ import annotations

from django.urls import URLPattern, path

from helion_images_panel.ui.end_dates.views import EndDatesView, ReplacementSearchView
from helion_images_panel.ui.scopes.scope import PanelScope


def urls(scope: PanelScope) -> list[URLPattern]:
    return [
        path("<image_id>/end_dates/", EndDatesView.as_view(scope=scope), name="end_dates"),
        path(
            "<image_id>/end_dates/replacements/",
            ReplacementSearchView.as_view(scope=scope),
            name="replacement_search",
        ),
    ]
