# SPDX-License-Identifier: Apache-2.0
"""Names of domains that a user may see."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from helion_images_panel import exceptions, policy
from helion_images_panel.api import forgiven, projects
from helion_images_panel.core.per_request import per_request
from helion_images_panel.core.visible_text import isolated
from helion_images_panel.ui.scopes.domain_roles import administers, is_cloud_admin


def domain_name(request: HttpRequest, domain_id: str) -> str:
    """Return the name of the domain; empty if the user may not see it. Cached for the request."""
    if not may_list_projects(request, domain_id):
        user: Any = request.user
        is_own = domain_id == user.user_domain_id
        return isolated(str(user.user_domain_name or "")) if is_own else ""
    names = per_request(request, "domain_names", lambda: _names(request), scoped_to_project=True)
    return isolated(names.get(domain_id, ""))


def _names(request: HttpRequest) -> dict[str, str]:
    names = {request.user.user_domain_id: request.user.user_domain_name or ""}
    if is_cloud_admin(request):
        try:
            names |= {domain.id: domain.name for domain in projects.domain_list(request)}
        except exceptions.ImageServiceError as error:
            forgiven.log("the names of domains", error)
    return names


def may_list_projects(request: HttpRequest, domain_id: str) -> bool:
    """Whether the user administers the domain, and may see the number of its projects."""
    try:
        return policy.allows(request, policy.ADMIN) and administers(request, domain_id)
    except exceptions.ImageServiceError as error:
        forgiven.log("the user's roles", error)
        return False
