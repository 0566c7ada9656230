# SPDX-License-Identifier: Apache-2.0
"""The tab Access of an image's details: who can see it, for which reason, and its members."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _
from horizon import tabs

from helion_images_panel import policy
from helion_images_panel.api import members as api
from helion_images_panel.core import access
from helion_images_panel.core.access import Access
from helion_images_panel.core.image import Image
from helion_images_panel.core.visible_text import isolated
from helion_images_panel.ui.base import labels, times
from helion_images_panel.ui.publish.drift import drift
from helion_images_panel.ui.scopes.project_names import names_of, panel_names
from helion_images_panel.ui.scopes.scope import PanelScope
from helion_images_panel.ui.sharing import members, rules
from helion_images_panel.ui.sharing.access import AccessDetails, access_details, access_of, label


class AccessTab(tabs.Tab):
    """The access label, its reason, and the members if the user may see them."""

    name = _("Access")
    slug = "access"
    template_name = "helion_images_panel/sharing/_access_tab.html"

    def get_context_data(self, request: HttpRequest) -> dict[str, Any]:
        image: Image = self.tab_group.kwargs["image"]
        scope: PanelScope = self.tab_group.kwargs["scope"]
        found = access_of(request, scope, image)
        context: dict[str, Any] = {
            "image": image,
            "kind": found.kind,
            "why": reason_for(found, isolated(request.user.project_name)),
            "remarks": remarks(image),
            "share_url": (
                scope.url("share", image.id) if not rules.refusal(request, scope, image) else ""
            ),
        }
        known = AccessDetails()
        if found.kind == access.RECEIVED:
            context |= received(request, scope, image)
        elif found.has_members and policy.allows(request, policy.GET_MEMBERS, image):
            table = members.load_members_table(request, scope, image)
            context["table"] = table
            context["failure"] = table.failure
            known = access_details(request, image, None if table.failure else table.members)
            if not table.failure:
                context |= drift(request, scope, image, table.members)
        context["sentence"] = context.get("sentence") or label(
            request, scope, image, known, _owner_name(request, scope, image)
        )
        return context


def _owner_name(request: HttpRequest, scope: PanelScope, image: Image) -> str:
    """Return the owner's name; empty if the panel lists one owner only, or Keystone fails."""
    owner = image.owner or ""
    if not scope.lists_all_owners:
        return ""
    return panel_names(request, scope, [owner]).get(owner, "")


def reason_for(found: Access, project_name: str) -> str:
    """Return the explanation of a kind of access, for a user who works in this project."""
    return {
        access.OWNER: _eager("Only the owner's project can see and use the image."),
        access.MEMBERS: _eager(
            "The image can be shared with individual projects. A project that has not accepted "
            "the image does not see it in its list, but can launch instances by image ID."
        ),
        access.OF_DOMAIN: _eager(
            "Published to all projects in the domain: each of them is made a member."
        ),
        access.COMMUNITY: _eager(
            "Every project of this cloud can use the image. Other projects find it only with the "
            "Community filter."
        ),
        access.CLOUD: _eager(
            "Every project of this cloud sees the image in its list and can use it."
        ),
        access.RECEIVED: _eager(
            "An accepted image is in the list of %(project)s. Instances can be launched by image "
            "ID either way."
        )
        % {"project": project_name},
    }[found.kind]


def remarks(image: Image) -> list[str]:
    """Return further restrictions on the use of the image."""
    sentences = []
    if image.os_hidden and image.visibility != "private":
        sentences.append(
            _eager(
                "Hidden images appear only with the Hidden filter; they can still be used by ID."
            )
        )
    if image.status == "deactivated":
        sentences.append(
            _eager(
                "The image is deactivated. Only admins can download it or launch instances from it."
            )
        )
    return sentences


def received(request: HttpRequest, scope: PanelScope, image: Image) -> Mapping[str, Any]:
    """Return the active project's member status, and the statuses it can be changed to."""
    member = api.member_get(request, image.id, request.user.project_id)
    if member is None:
        return {}
    owner = owner_label(request, scope, image)
    return {
        "sentence": _eager("Shared with %(project)s by %(owner)s")
        % {"project": isolated(request.user.project_name), "owner": owner},
        "member": member,
        # Horizon draws its tabs without the request's own context.
        "csrf_token": get_token(request),
        "member_status_label": labels.MEMBER_STATUS_LABELS.get(member.status, member.status),
        "since": times.time_element(member.updated_at),
        "answers": _answers(request, scope, member.status),
        "inbox_url": scope.url("shared") if scope.has_inbox else "",
    }


def _answers(request: HttpRequest, scope: PanelScope, status: str) -> list[Mapping[str, str]]:
    """Return the buttons to accept or reject the image, if the user may; without the current
    status.
    """
    if not scope.has_inbox or not policy.allows_member(request, policy.MODIFY_MEMBER):
        return []
    accept = {"name": "accept", "icon": "check", "label": _eager("Accept Image")}
    reject = {"name": "reject", "icon": "times", "label": _eager("Reject Image")}
    return [
        answer for answer, given in ((accept, "accepted"), (reject, "rejected")) if given != status
    ]


def owner_label(request: HttpRequest, scope: PanelScope, image: Image) -> str:
    """Return the owner's name if the user may see it, else its ID."""
    owner = image.owner or ""
    return names_of(request, scope, [owner]).get(owner) or owner
