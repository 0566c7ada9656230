# SPDX-License-Identifier: Apache-2.0
"""The domains that a person administers or manages."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from horizon import exceptions as horizon_exceptions

from helion_images_panel import conf, policy
from helion_images_panel.api import projects
from helion_images_panel.core.per_request import per_request


def is_cloud_admin(request: HttpRequest) -> bool:
    """Whether the user is an admin in one of the cloud admins' domains, and of it."""
    domain_id = request.user.user_domain_id
    return (
        domain_id in conf.CLOUD_ADMIN_DOMAINS.value
        and policy.allows(request, policy.ADMIN)
        and _is_admin_in(request, domain_id)
    )


def administers(request: HttpRequest, domain_id: str) -> bool:
    """Whether an admin is that of this domain, or of all; the context does not matter."""
    if is_cloud_admin(request):
        return True
    if domain_id == request.user.user_domain_id:
        return _is_admin_in(request, domain_id)
    return domain_id in _admin_roles(request).domains


def domain_of(request: HttpRequest) -> str:
    """The domain whose images an admin manages.

    It is the user's own, if they are admin there: the role may also stand on
    a project of another domain, which says nothing about theirs. Horizon's
    domain context counts for those who have the role on that domain itself.
    Horizon offers it to every admin of any project, and must not thereby open
    one domain's images to the admins of another.
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
    """Whether the admin who asks has that role on the domain or a project of it."""
    user: Any = request.user
    if getattr(user, "system_scoped", False) or user.token.project.get("domain_id") == domain_id:
        return True
    roles = _admin_roles(request)
    return domain_id in roles.domains or domain_id in roles.projects_of


def _admin_roles(request: HttpRequest) -> projects.AdminRoles:
    """Looked up at most once in a request, and for few: see its callers."""
    return per_request(
        request, "admin_roles", lambda: projects.admin_roles(request), scoped_to_project=True
    )


def manages_domain(request: HttpRequest) -> bool:
    """Whether the person is manager of a domain; who is an admin has the Admin panel."""
    return projects.managed_domain(request) is not None and not policy.allows(request, policy.ADMIN)
