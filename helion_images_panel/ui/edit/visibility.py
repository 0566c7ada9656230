# SPDX-License-Identifier: Apache-2.0
"""The visibilities to choose from in Edit Image."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _eager

from helion_images_panel import policy
from helion_images_panel.api import members
from helion_images_panel.core.image import Image, Member
from helion_images_panel.core.publication import DOMAIN, unpublished_visibility
from helion_images_panel.ui.base import labels
from helion_images_panel.ui.base.errors import or_default
from helion_images_panel.ui.publish import audiences
from helion_images_panel.ui.scopes.scope import PanelScope


def visibility_choices(
    request: HttpRequest, scope: PanelScope, image: Image
) -> list[tuple[str, str]]:
    """Return the image's own visibility, and those that policy allows the user to set.

    DOMAIN is listed as if it were a visibility of Glance. For an image that is
    published to a domain, the others are the previous visibility, and public.
    """
    current = visibility_of(image)
    offered = {current}
    if audiences.domain_of(image):
        if audiences.may_unpublish(request, scope, image):
            offered |= {DOMAIN, unpublished_visibility(image)}
    else:
        offered |= {"private", "shared"}
        if policy.allows(request, policy.COMMUNITIZE_IMAGE, image):
            offered.add("community")
        if audiences.may_publish_to_domain(request, scope, image):
            offered.add(DOMAIN)
    if policy.allows(request, policy.PUBLICIZE_IMAGE, image):
        offered.add("public")
    order = ("private", "shared", DOMAIN, "community", "public")
    known = [value for value in order if value in offered]
    unknown = sorted(offered.difference(order))
    return [(value, _visibility_label(value)) for value in (*known, *unknown)]


def visibility_of(image: Image) -> str:
    """Return the visibility, or DOMAIN if the image is published to a domain."""
    is_domains = image.visibility == "shared" and audiences.domain_of(image)
    return DOMAIN if is_domains else image.visibility


#: Visibilities by the number of projects that can use an image. All projects can use a community
#: image as they can a public one, though their lists do not have it.
_FROM_FEW_TO_ALL = (("private",), ("shared",), (DOMAIN,), ("community", "public"))


def narrower_visibilities(image: Image) -> list[str]:
    """Return the visibilities with which fewer projects can use the image than now."""
    found: list[str] = []
    for each in _FROM_FEW_TO_ALL:
        if visibility_of(image) in each:
            return found
        found.extend(each)
    return []


def removable_members(request: HttpRequest, image: Image) -> int | None:
    """Return the number of members that the user may remove; None if it cannot be read.

    With None the form offers the removal, and reports the error when it fails.
    """
    if visibility_of(image) != "shared" or not policy.allows(request, policy.DELETE_MEMBER, image):
        return 0

    def fetch(shared_image: Image) -> list[Member]:
        return members.member_list(request, shared_image.id)

    found_members = or_default(fetch, None, "the image's members")(image)
    return None if found_members is None else len(found_members)


def _visibility_label(value: str) -> str:
    return (
        _eager("All projects in the domain") if value == DOMAIN else labels.visibility_label(value)
    )
