# SPDX-License-Identifier: Apache-2.0
"""The parts of the tab Used By: the uses of one kind, with links to those that have a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _

from helion_images_panel.core.image import Image
from helion_images_panel.core.uses import (
    BOOTED_FORMATS,
    BOOTING,
    INSTANCES,
    VOLUMES,
    ImageUses,
    Use,
    Uses,
)
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
                labels.more_than(each, SHOWN) if each else "",
                none[kind] if each is not None and each.is_complete else "",
                _projects(each, names) if each else "",
                labels.failure(kind, failure) if failure else "",
            )
        )
    return parts


def booting_part(
    scope: PanelScope, image: Image, uses: ImageUses, names: Mapping[str, str]
) -> Part | None:
    """Return the images that have this one as their kernel or ramdisk.

    None for an image that can be neither, and for one that may be by its format alone, and is
    none.
    """
    found, failure = uses.booting, uses.failures.get(BOOTING)
    rows, none = [], ""
    if found is not None:
        is_meant = image.disk_format in BOOTED_FORMATS
        if not found and found.is_complete and not is_meant:
            return None
        rows = [
            _row(use, scope.url_in_domain("detail", use.id), names) for use in found.items[:SHOWN]
        ]
        none = _("No image has it as its kernel or ramdisk.") if found.is_complete else ""
    elif failure is None:
        return None
    return Part(
        BOOTING,
        _("Kernel or Ramdisk Of"),
        labels.counted(found) if found else "",
        rows,
        labels.more_than(found, SHOWN) if found else "",
        none,
        failure=labels.failure(BOOTING, failure) if failure else "",
    )


def _row(use: Use, url: str, names: Mapping[str, str]) -> Row:
    project = (names.get(use.project_id) or use.project_id) if names else ""
    return Row(shown(use.name) or use.id, url, project)


def _projects(uses: Uses, names: Mapping[str, str]) -> str:
    """Return the numbers of several projects; empty for one, and for more than can be read."""
    return labels.projects(uses, names) if 1 < len(uses.by_project) <= SHOWN else ""
