# SPDX-License-Identifier: Apache-2.0
"""The origin of a snapshot: its instance, its base image, and the volumes that hold its data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _eager
from django.utils.translation import ngettext
from openstack_dashboard.api import base, cinder

from helion_images_panel.core.block_devices import total_gib
from helion_images_panel.core.identifiers import UUID
from helion_images_panel.core.image import Image
from helion_images_panel.core.visible_text import is_visible
from helion_images_panel.ui.base import labels
from helion_images_panel.ui.scopes.horizon_pages import page_url
from helion_images_panel.ui.scopes.scope import PanelScope


@dataclass(frozen=True)
class _Volume:
    """A volume in words; without the ID of its snapshot `snapshot_url` is empty."""

    name: str
    size: str
    snapshot_id: str
    snapshot_url: str


def origin_context(request: HttpRequest, scope: PanelScope, image: Image) -> dict[str, Any]:
    """Return what the page shows of the origin; URLs are empty where the user has no page."""
    instance = str(image.properties.get("instance_uuid") or "")
    return {
        "base_image_url": _base_image_url(scope, image),
        "instance_url": _instance_url(request, scope, image, instance),
        "volumes": _volumes(request, scope, image),
        "volumes_label": _volumes_label(image),
    }


def _base_image_url(scope: PanelScope, image: Image) -> str:
    base_image = image.properties.get("base_image_ref")
    return scope.url("detail", str(base_image)) if base_image and "/" not in str(base_image) else ""


def _instance_url(request: HttpRequest, scope: PanelScope, image: Image, instance: str) -> str:
    """Return the URL of the instance's details, which Horizon has for the present project."""
    is_here = _is_of_present_project(request, scope, image)
    if is_here and UUID.fullmatch(instance) and base.is_service_enabled(request, "compute"):
        return page_url("horizon:project:instances:detail", instance)
    return ""


def _volumes(request: HttpRequest, scope: PanelScope, image: Image) -> list[_Volume]:
    has_page = (
        bool(image.volumes)
        and _is_of_present_project(request, scope, image)
        and bool(cinder.is_volume_service_enabled(request))
    )
    return [
        _Volume(
            name=volume.name if is_visible(volume.name) else _eager("Volume"),
            size=labels.gib_label(volume.size_gib) or _eager("Unknown"),
            snapshot_id=volume.snapshot_id,
            snapshot_url=(
                page_url("horizon:project:snapshots:detail", volume.snapshot_id)
                if has_page and volume.snapshot_id
                else ""
            ),
        )
        for volume in image.volumes
    ]


def _volumes_label(image: Image) -> str:
    """Return number and total size of the volumes: "21 GiB in 2 volumes"."""
    count, total = len(image.volumes), total_gib(image.volumes)
    if not count or total is None:
        return labels.volumes_label(count) if count else ""
    template = ngettext("%(size)s in %(count)s volume", "%(size)s in %(count)s volumes", count)
    return template % {"size": labels.gib_label(total), "count": count}


def _is_of_present_project(request: HttpRequest, scope: PanelScope, image: Image) -> bool:
    return scope.launches_instances and image.owner == request.user.project_id
