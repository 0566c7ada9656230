# SPDX-License-Identifier: Apache-2.0
"""Names of projects that a user may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.http import HttpRequest

from helion_images_panel.api import projects
from helion_images_panel.ui.scopes.scope import PanelScope


def names_of(
    request: HttpRequest, scope: PanelScope, project_ids: Sequence[str]
) -> Mapping[str, str]:
    """Return names by project ID: those that the panel shows, and the user's own projects."""
    own = {project.id: project.name for project in projects.own_projects(request)}
    return {**own, **scope.project_names(request, project_ids)}
