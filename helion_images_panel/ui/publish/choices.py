# SPDX-License-Identifier: Apache-2.0
"""The audiences to choose from for some images, with their consequences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from helion_images_panel import exceptions
from helion_images_panel.api.parallel import in_parallel
from helion_images_panel.core.domain_plan import DomainPlan
from helion_images_panel.core.image import Image
from helion_images_panel.core.publication import (
    CLOUD,
    DOMAIN,
    OWN,
    unpublished_visibility,
    with_record,
)
from helion_images_panel.publishing.plan import plan_of, quota, record_refusal
from helion_images_panel.publishing.steps import OwnersDomain
from helion_images_panel.ui.base import labels
from helion_images_panel.ui.publish import audiences
from helion_images_panel.ui.scopes.domain_names import domain_name
from helion_images_panel.ui.scopes.domain_roles import is_cloud_admin
from helion_images_panel.ui.scopes.scope import PanelScope


def choices(
    request: HttpRequest,
    scope: PanelScope,
    wanted: Sequence[Image],
    allowed: Mapping[str, Sequence[str]],
    selected: str = "",
) -> list[Mapping[str, Any]]:
    """Return `value`, `label`, `help`, `refused` (why it cannot be chosen) and `checked` of
    each audience.

    :param allowed: image ID to the audiences to which the user may publish it
    :param selected: the preselected audience
    """
    shown = [
        audience
        for audience in audiences.AUDIENCES
        if any(audience in allowed[image.id] for image in wanted)
    ]
    entries = [
        {"value": audience, **_described(request, scope, audience, wanted, allowed)}
        for audience in shown
    ]
    selectable = [choice["value"] for choice in entries if not choice["refused"]]
    chosen = _preselected(request, shown, selectable, selected)
    return [{**choice, "checked": choice["value"] == chosen} for choice in entries]


def _preselected(
    request: HttpRequest, shown: Sequence[str], selectable: Sequence[str], selected: str
) -> str:
    """Return the audience that is selected at first; empty for none.

    The whole cloud takes no other audience's place, and an admin of one domain chooses it.
    """
    if selected:
        return selected if selected in selectable else ""
    if DOMAIN in shown:
        return DOMAIN if DOMAIN in selectable else ""
    if CLOUD in selectable:
        return CLOUD if is_cloud_admin(request) else ""
    return selectable[0] if selectable else ""


def _described(
    request: HttpRequest,
    scope: PanelScope,
    audience: str,
    wanted: Sequence[Image],
    allowed: Mapping[str, Sequence[str]],
) -> Mapping[str, Any]:
    if audience == OWN:
        before = {unpublished_visibility(image) for image in wanted if OWN in allowed[image.id]}
        return {
            "label": labels.visibility_label(before.pop())
            if len(before) == 1
            else _("Previous visibility"),
            "help": _(
                "Removes the access given by publishing. Projects that the image was shared with "
                "individually keep access."
            ),
            "refused": "",
        }
    if audience == CLOUD:
        return {
            "label": pgettext("visibility", "Public"),
            "help": _("Every project of this cloud can see and use the image."),
            "refused": "",
        }
    return _domain_described(
        request, scope, [image for image in wanted if DOMAIN in allowed[image.id]]
    )


def _domain_described(
    request: HttpRequest, scope: PanelScope, wanted: Sequence[Image]
) -> Mapping[str, Any]:
    label = _("All projects in the domain")
    try:
        plans = _plans(request, scope, wanted)
    except exceptions.ImageServiceError as error:
        return {"label": label, "help": "", "refused": str(error)}
    owners = {found.id: found for found, _plan in plans}
    if len(owners) == 1:
        name = domain_name(scope.request_for(request, wanted[0]), next(iter(owners)))
        label = _("All projects in %(domain)s") % {"domain": name} if name else label
    limit = quota()
    full = [
        image.display_name
        for image, (_found, plan) in zip(wanted, plans, strict=True)
        if limit is not None and plan.add and plan.members_after > limit
    ]
    sentences = [_what_it_takes([plan for _found, plan in plans], limit)]
    if any(image.visibility in ("public", "community") for image in wanted):
        sentences.append(
            _("Projects in other domains lose access to images that are public or community now.")
        )
    if full and len(full) < len(wanted):
        sentences.append(
            _(
                "Not published, because they would exceed the limit of members per image: "
                "%(images)s."
            )
            % {"images": ", ".join(full)}
        )
    refused = ""
    if len(full) == len(wanted):
        refused = ngettext(
            "This exceeds the limit of %(limit)s member per image.",
            "This exceeds the limit of %(limit)s members per image.",
            limit or 0,
        ) % {"limit": limit}
    too_long = [
        record_refusal(image, plan) for image, (_found, plan) in zip(wanted, plans, strict=True)
    ]
    if not refused and all(too_long):
        refused = str(too_long[0])
    return {"label": label, "help": " ".join(sentences), "refused": refused}


def _what_it_takes(plans: Sequence[DomainPlan], limit: int | None) -> str:
    """Describe the number of projects, and the largest number of members of an image."""
    totals = [plan.reach.total for plan in plans]
    template = ngettext(
        "The domain has %(count)s project.", "The domain has %(count)s projects.", max(totals)
    )
    if min(totals) != max(totals):
        template = _("The domains have %(least)s to %(count)s projects.")
    count_of_projects = template % {"least": min(totals), "count": max(totals)}
    members = max(plan.members_after for plan in plans)
    counted = {"members": members, "limit": limit}
    if limit is None:
        more = _("The image is shared with each project. Number of members: %(members)s.")
    else:
        more = _(
            "The image is shared with each project. Number of members: %(members)s (maximum: "
            "%(limit)s)."
        )
    later = _("Projects added later get the image after a re-sync.")
    return f"{count_of_projects} {more % counted} {later}"


def _plans(
    request: HttpRequest, scope: PanelScope, wanted: Sequence[Image]
) -> list[tuple[OwnersDomain, DomainPlan]]:
    """Return the plan of each image: one request for each that is shared now, and two for each
    owner.

    With several owners, cached projects are used: publishing itself reads them again.
    """
    requests = [scope.request_for(request, image) for image in wanted]
    is_one = len({image.owner for image in wanted}) == 1
    by_owner: dict[str | None, OwnersDomain] = {}
    for acting_request, image in zip(requests, wanted, strict=True):
        if image.owner not in by_owner:
            by_owner[image.owner] = audiences.owners_domain(acting_request, image, uncached=is_one)
    domains = [by_owner[image.owner] for image in wanted]
    plans = in_parallel(
        lambda arguments: plan_of(*arguments),
        [
            (acting_request, with_record(image), owners.enabled)
            for acting_request, image, owners in zip(requests, wanted, domains, strict=True)
        ],
    )
    return list(zip(domains, plans, strict=True))
