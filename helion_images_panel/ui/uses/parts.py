# SPDX-License-Identifier: Apache-2.0
"""The parts of the tab Used By: the uses of one kind, with links to those that have a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helion_images_panel.core.uses import INSTANCES, VOLUMES, ImageUses, Use, Uses
from helion_images_panel.core.visible_text import shown
from helion_images_panel.ui.scopes.horizon_pages import details_url
from helion_images_panel.ui.scopes.scope import PanelScope
from helion_images_panel.ui.uses import labels

#: Maximum number of uses of a kind that are shown; the others are counted.
SHOWN = 20


@dataclass(frozen=True)
class Row:
    """:ivar url: empty where the user has no page of it"""

    name: str
    url: str
    project: str


@dataclass(frozen=True)
class Part:
    """:ivar more: the number of those that are not shown, as a sentence; empty for none"""

    slug: str
    title: str
    count: str
    rows: list[Row]
    more: str
    none: str
    projects: str = ""
    failure: str = ""


def of_services(
    request: HttpRequest, scope: PanelScope, uses: ImageUses, names: Mapping[str, str]
) -> list[Part]:
    """Return the parts of the services that the cloud has.

    :param names: those of projects, where the panel shows several
    """
    titles = {INSTANCES: _("Instances"), VOLUMES: _("Volumes")}
    none = {
        INSTANCES: _("No instance was launched from it."),
        VOLUMES: _("No volume was created from it."),
    }
    found = {INSTANCES: uses.instances, VOLUMES: uses.volumes}
    parts = []
    for kind, each in found.items():
        failure = uses.failures.get(kind)
        if each is None and failure is None:
            continue
        rows = [
            _row(use, details_url(request, scope, kind, use.project_id, use.id), names)
            for use in (each.items[:SHOWN] if each else ())
        ]
        parts.append(
            Part(
                kind,
                titles[kind],
                labels.counted(each) if each else "",
                rows,
                _more(each) if each else "",
                none[kind] if each is not None and each.is_complete else "",
                _projects(each, names) if each else "",
                labels.failure(kind, failure) if failure else "",
            )
        )
    return parts


def images_part(scope: PanelScope, uses: ImageUses, names: Mapping[str, str]) -> Part | None:
    """Return the images that were made from this one; None if Glance fails."""
    found = uses.images
    if found is None:
        return None
    rows = [_row(use, scope.url_in_domain("detail", use.id), names) for use in found.items[:SHOWN]]
    none = _("No image was made from it.") if found.is_complete else ""
    return Part("images", _("Images"), labels.counted(found), rows, _more(found), none)


def _row(use: Use, url: str, names: Mapping[str, str]) -> Row:
    project = (names.get(use.project_id) or use.project_id) if names else ""
    return Row(shown(use.name) or use.id, url, project)


def _projects(uses: Uses, names: Mapping[str, str]) -> str:
    """Return the numbers of several projects; empty for one, and for more than can be read."""
    return labels.projects(uses, names) if 1 < len(uses.by_project) <= SHOWN else ""


def _more(uses: Uses) -> str:
    """Return how many are not shown; also where there may be more than are known."""
    count = len(uses) - SHOWN
    if count <= 0:
        return "" if uses.is_complete else _("There may be more.")
    if uses.is_complete:
        message = ngettext("%(count)s more is not shown.", "%(count)s more are not shown.", count)
    else:
        message = ngettext(
            "At least %(count)s more is not shown.", "At least %(count)s more are not shown.", count
        )
    return message % {"count": count}
