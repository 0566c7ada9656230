# SPDX-License-Identifier: Apache-2.0
"""The filters of a request, read as its user writes numbers and days."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import get_format

from helion_images_panel.api import projects
from helion_images_panel.core.filter_values import CHOICE, Reading, WrongValue
from helion_images_panel.core.query import SEVERAL_VALUES, ImageQuery
from helion_images_panel.ui.base.errors import or_default
from helion_images_panel.ui.listing import owner_filter
from helion_images_panel.ui.scopes.domain_roles import is_cloud_admin
from helion_images_panel.ui.scopes.scope import ALL_DOMAINS, PanelScope


def query_of(request: HttpRequest, scope: PanelScope) -> ImageQuery:
    """Return the filters of the URL, with the ID of the owner that was written by name.

    Wrong values are in `errors`: see `filter_messages`.
    """
    parameters = request.GET.dict()
    found: dict[str, WrongValue] = {}
    if owner := parameters.get("owner", "").strip():
        try:
            parameters["owner"] = owner_filter.project_id(request, scope, owner)
        except WrongValue as error:
            found["owner"] = error
    if _is_unknown_domain(request, scope):
        found["domain"] = WrongValue(CHOICE, parameters["domain"])
    formats = {name for name, _label in settings.OPENSTACK_IMAGE_BACKEND["image_formats"] if name}
    reading = Reading(
        timezone.get_current_timezone(),
        str(get_format("THOUSAND_SEPARATOR")),
        frozenset(formats),
        found,
    )
    tags, properties = (request.GET.getlist(name) for name in SEVERAL_VALUES)
    return ImageQuery.from_url(parameters, tags, properties, reading)


def _is_unknown_domain(request: HttpRequest, scope: PanelScope) -> bool:
    """Whether a cloud admin chose a domain that does not exist; for others it means nothing."""
    written = request.GET.get("domain", "")
    if written in ("", ALL_DOMAINS) or not scope.chooses_domain or not is_cloud_admin(request):
        return False
    domains = or_default(projects.domain_list, None, "the choice of domains")(request)
    return domains is not None and written not in (domain.id for domain in domains)
