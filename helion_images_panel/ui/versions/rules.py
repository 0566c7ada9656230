# SPDX-License-Identifier: Apache-2.0
"""Permission to change a family, and the words for its versions."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _eager
from django.utils.translation import pgettext_lazy

from helion_images_panel import policy
from helion_images_panel.core.family import FORMER, LATEST, NEW, family_of
from helion_images_panel.core.image import Image
from helion_images_panel.core.publication import DOMAIN, publication_of
from helion_images_panel.core.version_swap import journal_of, role_of
from helion_images_panel.ui.publish import audiences
from helion_images_panel.ui.scopes.permissions import change_refusal
from helion_images_panel.ui.scopes.scope import PanelScope
from helion_images_panel.ui.sharing import rules as sharing_rules

ROLE_LABELS: dict[str, str | Promise] = {
    LATEST: pgettext_lazy("version", "Latest"),
    FORMER: pgettext_lazy("version", "Earlier"),
    NEW: pgettext_lazy("version", "New"),
}


def may_change(request: HttpRequest, scope: PanelScope, image: Image) -> bool:
    return not change_refusal(request, scope, image, policy.MODIFY_IMAGE)


def may_create_version(request: HttpRequest, scope: PanelScope, image: Image) -> bool:
    """Whether the user may create a version of the image's family: a new image belongs to the
    active project.
    """
    return (
        scope.creates_images
        and bool(family_of(image))
        and image.owner == request.user.project_id
        and policy.allows(request, policy.ADD_IMAGE)
        and may_change(request, scope, image)
    )


def may_make_latest(request: HttpRequest, scope: PanelScope, image: Image) -> bool:
    """Whether there is anything to do, or to go on with; its state is checked by the dialog."""
    is_other = bool(family_of(image)) and role_of(image) != LATEST
    return (is_other or journal_of(image) is not None) and may_change(request, scope, image)


def audience_refusal(
    request: HttpRequest, scope: PanelScope, new: Image, old: Image | None
) -> str | None:
    """Return why the user cannot give the new version to those who have the old one; None if
    possible.
    """
    if old is None or old.visibility == "private" or new.visibility == "public":
        return None
    if old.visibility == "public":
        if policy.allows(request, policy.PUBLICIZE_IMAGE, new):
            return None
        return _eager(
            "The latest version is public, and you are not allowed to make images public. Ask an "
            "admin to make this version the latest."
        )
    if new.visibility == "community":
        return None
    if old.visibility == "community":
        if policy.allows(request, policy.COMMUNITIZE_IMAGE, new):
            return None
        return _eager(
            "The latest version is a community image, and you are not allowed to make one. Ask an "
            "admin to make this version the latest."
        )
    publication = publication_of(old)
    is_of_domain = publication is not None and publication.audience == DOMAIN
    if is_of_domain and not audiences.may_publish_to_domain(request, scope, new):
        return _eager(
            "The latest version is published to a domain, and you are not allowed to do that. Ask "
            "the domain's admin to make this version the latest."
        )
    return sharing_rules.not_allowed(request, scope, new)
