# SPDX-License-Identifier: Apache-2.0
"""The domains that a user administers or manages."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from horizon import exceptions as horizon_exceptions

from helion_images_panel import conf, policy
from helion_images_panel.api import projects
from helion_images_panel.core.per_request import per_request


def is_cloud_admin(request: HttpRequest) -> bool:
    """Whether the user is an admin in one of the cloud admins' domains, and belongs to it."""
    domain_id = request.user.user_domain_id
    return (
        domain_id in conf.CLOUD_ADMIN_DOMAINS.value
        and policy.allows(request, policy.ADMIN)
        and _is_admin_in(request, domain_id)
    )


def administers(request: HttpRequest, domain_id: str) -> bool:
    """Whether the user is admin of this domain, or of all; Horizon's domain context is ignored."""
    if is_cloud_admin(request):
        return True
    if domain_id == request.user.user_domain_id:
        return _is_admin_in(request, domain_id)
    return domain_id in _admin_roles(request).domains


def domain_of(request: HttpRequest) -> str:
    """Return the domain whose images an admin manages.

    It is the user's own domain if the user is admin there: a role on a project of
    another domain gives no rights over the user's domain. Horizon's domain context is
    used for users who have the role on that domain itself. Horizon offers the context
    to every admin of any project, which must not open one domain's images to the admins
    of another.
    """
    own = str(request.user.user_domain_id)
    context = request.session.get("domain_context")
    if context and context != own and _may_have_context(request, context):
        return str(context)
    if not _is_admin_in(request, own):
        raise horizon_exceptions.NotAuthorized()
    return own


def _may_have_context(request: HttpRequest, domain_id: str) -> bool:
    return is_cloud_admin(request) or domain_id in _admin_roles(request).domains


def _is_admin_in(request: HttpRequest, domain_id: str) -> bool:
    """Whether the user has the role admin on the domain or on a project of it."""
    user: Any = request.user
    if getattr(user, "system_scoped", False) or user.token.project.get("domain_id") == domain_id:
        return True
    roles = _admin_roles(request)
    return domain_id in roles.domains or domain_id in roles.projects_of


def _admin_roles(request: HttpRequest) -> projects.AdminRoles:
    """Cached for the request, and needed by few requests: see its callers."""
    return per_request(
        request, "admin_roles", lambda: projects.admin_roles(request), scoped_to_project=True
    )


def manages_domain(request: HttpRequest) -> bool:
    """Whether the user is manager of a domain and no admin; admins use the Admin panel."""
    return projects.managed_domain(request) is not None and not policy.allows(request, policy.ADMIN)
