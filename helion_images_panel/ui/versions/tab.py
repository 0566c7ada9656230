# SPDX-License-Identifier: Apache-2.0
"""The tab Versions of an image's details: the versions of its family as a timeline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _
from horizon import tabs

from helion_images_panel.api import families, forgiven
from helion_images_panel.core.end_rule import remembered_rule
from helion_images_panel.core.family import LATEST, family_of
from helion_images_panel.core.image import Image
from helion_images_panel.core.version_swap import is_former, journal_of, role_of, version_of
from helion_images_panel.exceptions import ImageServiceError
from helion_images_panel.ui.base import labels, times
from helion_images_panel.ui.base.page_urls import tab_url
from helion_images_panel.ui.base.statuses import shown_status, status_icon
from helion_images_panel.ui.scopes.scope import PanelScope
from helion_images_panel.ui.transfers.verification import state_label, summary_of
from helion_images_panel.ui.versions import end_rule, rules

TAB = "versions"

#: Maximum number of versions on the page.
SHOWN = 100

#: Maximum number of versions of another project: for an admin each may take a request.
CHECKED = 10

#: Number of digits of a checksum in the timeline; the details have all of them.
_DIGITS = 12


@dataclass(frozen=True)
class VersionRow:
    """One version as the page shows it; `change_url` is empty if the user cannot make it the
    latest.
    """

    image: Image
    version: str
    role: str | Promise
    is_latest: bool
    is_shown_here: bool
    created: SafeString | str
    status_icon: SafeString
    status: str
    verification: str
    checksum: str
    algorithm: str
    url: str
    uses_url: str
    uses_name: str
    change_url: str = ""
    change_label: str = ""
    change_name: str = ""


class VersionsTab(tabs.Tab):
    """Loaded when it is selected: it takes two requests to Glance."""

    name = _("Versions")
    slug = TAB
    template_name = "helion_images_panel/versions/_tab.html"
    preload = False

    def get_context_data(self, request: HttpRequest) -> dict[str, Any]:
        image: Image = self.tab_group.kwargs["image"]
        scope: PanelScope = self.tab_group.kwargs["scope"]
        name = family_of(image)
        may_change = rules.may_change(request, scope, image)
        context = {
            "family": name,
            "family_url": scope.url("family", image.id) if may_change else "",
            "existing_url": scope.url("existing_version", image.id) if may_change else "",
            "new_version_url": scope.url("new_version", image.id)
            if rules.may_create_version(request, scope, image)
            else "",
        }
        if not name:
            return context
        context["latest_url"] = _latest_url(request, scope, image, name)
        try:
            found = families.all_versions(request, image.owner or "", name)
        except ImageServiceError as error:
            forgiven.log("the versions of a family", error)
            return {**context, "failure": str(error)}
        if scope.is_of_active_project and image.owner != request.user.project_id:
            found = found[:CHECKED]
        seen = [each for each in found if each.id == image.id or scope.may_read(request, each)]
        if image.id not in {each.id for each in seen}:
            seen.append(image)
        latest = next((each for each in seen if role_of(each) == LATEST), None)
        rows = [_row(request, scope, each, image) for each in seen[:SHOWN]]
        return {
            **context,
            "rows": rows,
            "more": max(0, len(seen) - SHOWN),
            "end_rule": end_rule.sentences(remembered_rule(latest)),
            "end_rule_url": scope.url("end_rule", latest.id)
            if latest and rules.may_change(request, scope, latest)
            else "",
        }


def _row(request: HttpRequest, scope: PanelScope, image: Image, shown: Image) -> VersionRow:
    url = label = ""
    if rules.may_make_latest(request, scope, image):
        url, label = scope.url("make_latest", image.id), _change_label(image)
    return VersionRow(
        image=image,
        version=version_of(image),
        role=rules.ROLE_LABELS[role_of(image)],
        is_latest=role_of(image) == LATEST,
        is_shown_here=image.id == shown.id,
        created=times.time_element(image.created_at),
        status_icon=status_icon(image),
        status=labels.status_label(shown_status(image)),
        verification=state_label(summary_of(image).state),
        checksum=(image.hash_value or image.checksum or "")[:_DIGITS],
        algorithm=(image.hash_algorithm or "") if image.hash_value else "md5",
        url=scope.url_in_domain("detail", image.id),
        uses_url=tab_url(scope, image.id, "used_by"),
        uses_name=_named(_eager("Used By"), image),
        change_url=url,
        change_label=label,
        change_name=_named(label, image),
    )


def _named(action: str, image: Image) -> str:
    """Return the label of one of several links of the same label."""
    return _eager("%(action)s: %(image)s") % {"action": action, "image": image.display_name}


def _change_label(image: Image) -> str:
    if journal_of(image):
        return _eager("Finish or Undo")
    return _eager("Roll Back to This Version") if is_former(image) else _eager("Make It the Latest")


def _latest_url(request: HttpRequest, scope: PanelScope, image: Image, name: str) -> str:
    url: str = request.build_absolute_uri(scope.url("latest", name))
    if image.owner == request.user.project_id:
        return url
    return f"{url}?project={image.owner}"
