# SPDX-License-Identifier: Apache-2.0
"""URLs of Horizon's pages of instances and volumes."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from helion_images_panel.ui.scopes.scope import PanelScope


def page_url(name: str, object_id: str) -> str:
    """Return the URL of a page of Horizon; empty if its operator has removed the panel."""
    try:
        return reverse(name, args=(object_id,))
    except NoReverseMatch:
        return ""


def details_url(
    request: HttpRequest, scope: PanelScope, panel: str, project_id: str, object_id: str
) -> str:
    """Return the URL of the details of an instance or a volume; empty where Horizon has no page
    for this user: other projects have one in the Admin panel alone.

    :param panel: "instances" or "volumes"
    """
    is_here = scope.is_of_active_project and project_id == request.user.project_id
    if not is_here and not (scope.lists_all_owners and scope.launches_instances):
        return ""
    return page_url(f"horizon:{scope.dashboard}:{panel}:detail", object_id)
