# SPDX-License-Identifier: Apache-2.0
"""Whose images the page counts, in words."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _

from helion_images_panel.api import projects
from helion_images_panel.core.visible_text import isolated
from helion_images_panel.ui.base.walk import Lists
from helion_images_panel.ui.scopes.domain_names import domain_name
from helion_images_panel.ui.scopes.scope import PanelScope
from helion_images_panel.ui.storage import words


def about(request: HttpRequest, scope: PanelScope, lists: Lists) -> list[str]:
    """Return the project, or the domain and the number of its projects."""
    if scope.is_of_active_project:
        return [_("Project %(name)s") % {"name": isolated(request.user.project_name)}]
    count = sum(1 if source.owner else len(source.owners or ()) for _request, source in lists)
    if scope.is_for_domain_managers:
        domain = projects.managed_domain(request)
        name = isolated(domain.name) if domain else ""
        return [_("Your projects in %(domain)s") % {"domain": name}, words.projects(count)]
    if scope.domain_id is None:
        return [_("All domains")]
    name = domain_name(request, scope.domain_id) or scope.domain_id
    return [_("Domain %(name)s") % {"name": name}, words.projects(count)]
