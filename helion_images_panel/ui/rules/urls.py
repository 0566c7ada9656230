# SPDX-License-Identifier: Apache-2.0
"""The URLs of Clean Up."""

from __future__ import annotations

from django.urls import URLPattern, path

from helion_images_panel.ui.rules.views import RulesView, StoredRulesView
from helion_images_panel.ui.scopes.scope import PanelScope


def urls(scope: PanelScope) -> list[URLPattern]:
    found = [path("rules/", RulesView.as_view(scope=scope), name="rules")]
    if scope.stores_rules:
        view = StoredRulesView.as_view(scope=scope)
        found.append(path("rules/stored/", view, name="stored_rules"))
    return found
