# SPDX-License-Identifier: Apache-2.0
"""The URLs of families and their versions."""

from __future__ import annotations

from django.urls import URLPattern, path
from django.urls.resolvers import RoutePattern

from helion_images_panel.ui.base.token_login import TokenURL
from helion_images_panel.ui.scopes.scope import PanelScope
from helion_images_panel.ui.versions.end_rule_views import EndRuleView
from helion_images_panel.ui.versions.existing_views import ExistingVersionView
from helion_images_panel.ui.versions.family_views import FamilyView
from helion_images_panel.ui.versions.latest import LatestView
from helion_images_panel.ui.versions.new_version import NewVersionView
from helion_images_panel.ui.versions.swap_views import MakeLatestView


def urls(scope: PanelScope) -> list[URLPattern]:
    found = [
        # Without a slash at its end, as it stands in scripts.
        TokenURL(
            RoutePattern("family/<family>/latest", name="latest", is_endpoint=True),
            LatestView.as_view(scope=scope),
            name="latest",
        ),
        path("<image_id>/family/", FamilyView.as_view(scope=scope), name="family"),
        path("<image_id>/make_latest/", MakeLatestView.as_view(scope=scope), name="make_latest"),
        path("<image_id>/end_rule/", EndRuleView.as_view(scope=scope), name="end_rule"),
        path(
            "<image_id>/existing_version/",
            ExistingVersionView.as_view(scope=scope),
            name="existing_version",
        ),
    ]
    if scope.creates_images:
        found.append(
            path("<image_id>/new_version/", NewVersionView.as_view(scope=scope), name="new_version")
        )
    return found
