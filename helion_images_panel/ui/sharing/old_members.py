# SPDX-License-Identifier: Apache-2.0
"""The members that an image had before it became private."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django import forms as django_forms
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _
from horizon import forms

from helion_images_panel import exceptions
from helion_images_panel.api import members as api
from helion_images_panel.api.parallel import in_parallel
from helion_images_panel.core.image import Image, Member
from helion_images_panel.core.visible_text import isolated
from helion_images_panel.ui.base import labels, messages
from helion_images_panel.ui.base.errors import error_of, reason
from helion_images_panel.ui.scopes.scope import PanelScope

REMOVE_OLD = _("Remove earlier shares that would become active again")


def remove_old_field(help_text: str | Promise, **attributes: str) -> forms.BooleanField:
    """Create the check box that removes former members.

    :param attributes: HTML attributes of the check box
    """
    return forms.BooleanField(
        label=REMOVE_OLD,
        required=False,
        initial=True,
        help_text=help_text,
        widget=django_forms.CheckboxInput(attrs=attributes),
    )


def settle_old_members(
    request: HttpRequest,
    scope: PanelScope,
    image: Image,
    remove: bool,
    new_members: Collection[str] = (),
) -> None:
    """Remove the former members of an image that has just been shared, or show their names.

    :param new_members: projects that are to be members; they keep their status
    """
    values = {"image": labels.inert(image.display_name)}
    try:
        revived = _old_members(request, image, remove, new_members)
        names = scope.project_names(request, [member.project_id for member in revived])
    except (exceptions.ImageServiceError, exceptions.SessionEnded) as error:
        message = _eager(
            "Image %(image)s is now shared, possibly also with earlier members: they could not "
            "be listed. Check the Access tab of the image. %(reason)s"
        )
        messages.warning(request, message % {**values, "reason": labels.inert(reason(error))})
        return
    if not revived:
        return
    values["projects"] = labels.inert(
        messages.joined([isolated(names.get(m.project_id) or m.project_id) for m in revived])
    )
    message = _eager(
        "Image %(image)s was shared before and is now shared again with %(projects)s. If this is "
        "not intended, remove them on the Access tab of the image."
    )
    messages.warning(request, message % values)


def _old_members(
    request: HttpRequest, image: Image, remove: bool, new_members: Collection[str]
) -> list[Member]:
    """Return the former members that the image still has."""
    revived = [m for m in api.member_list(request, image.id) if m.project_id not in new_members]
    return _still_members(request, image.id, revived) if remove else revived


def _still_members(request: HttpRequest, image_id: str, members: Sequence[Member]) -> list[Member]:
    """Remove the members, and return those that could not be removed."""
    errors = in_parallel(
        error_of(lambda member: api.member_delete(request, image_id, member.project_id)),
        members,
    )
    return [
        member
        for member, error in zip(members, errors, strict=True)
        if error and not isinstance(error, exceptions.ImageNotFound)
    ]


def remove_all(request: HttpRequest, image_id: str) -> tuple[int, int]:
    """Remove all members, and return how many were removed, and how many could not be."""
    members = api.member_list(request, image_id)
    left = len(_still_members(request, image_id, members))
    return len(members) - left, left
