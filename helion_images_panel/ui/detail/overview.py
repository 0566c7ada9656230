# SPDX-License-Identifier: Apache-2.0
"""The tab Overview of an image's details."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from horizon import tabs

from helion_images_panel import policy
from helion_images_panel.api import images, imports
from helion_images_panel.core import verification
from helion_images_panel.core.image import GLANCE_PROPERTY_PREFIX, OWN_PROPERTY_PREFIX, Image
from helion_images_panel.core.publication import audience_of, publication_of
from helion_images_panel.redaction import without_secrets
from helion_images_panel.ui.base import labels, refusals
from helion_images_panel.ui.detail.tag_links import list_url
from helion_images_panel.ui.scopes.permissions import change_refusal
from helion_images_panel.ui.scopes.scope import PanelScope
from helion_images_panel.ui.transfers import import_failures, upload_failures
from helion_images_panel.ui.transfers.availability import may_upload_data, no_data_refusal
from helion_images_panel.ui.transfers.verification import check_is_due, may_check, summary_of

#: Properties that are shown elsewhere on the page.
_SHOWN_ELSEWHERE = {"description", "architecture", "instance_uuid", "base_image_ref"}


class OverviewTab(tabs.Tab):
    name = _("Overview")
    slug = "overview"
    template_name = "helion_images_panel/detail/_overview.html"

    def get_context_data(self, request: HttpRequest) -> dict[str, Any]:
        image: Image = self.tab_group.kwargs["image"]
        scope: PanelScope = self.tab_group.kwargs["scope"]
        names = scope.project_names(request, [image.owner or ""])
        return {
            "image": image,
            "type_label": _("Snapshot") if image.is_snapshot else _("Image"),
            "status_label": labels.status_label(image.status),
            "visibility_label": labels.visibility_label(image.visibility),
            "visibility_before": _visibility_before(image),
            "format_label": labels.format_label(image.format),
            "size_label": labels.size_label(image.size_bytes),
            "virtual_size_label": labels.size_label(image.virtual_size_bytes),
            # A signed URL opens the data to everybody.
            "locations": [without_secrets(url) for url in image.locations],
            "created_label": labels.time_label(image.created_at),
            "updated_label": labels.time_label(image.updated_at),
            "owner_name": names.get(image.owner or "", ""),
            "properties": _properties(image),
            "tags": [(tag, list_url(request, scope, tag)) for tag in image.tags],
            "base_image_url": _base_image_url(scope, image),
            "failure": _failure(request, scope, image),
            "no_data_reason": _no_data_reason(image),
            "upload_data_url": (
                scope.url("upload_data", image.id) if may_upload_data(request, scope, image) else ""
            ),
            **_verification(request, scope, image),
        }


def _visibility_before(image: Image) -> str:
    """Return the previous visibility of a public or community image; empty for others."""
    publication = publication_of(image)
    if publication is None or publication.audience != audience_of(image.visibility):
        return ""
    return labels.visibility_label(publication.before)


def _properties(image: Image) -> list[tuple[str, str, Any]]:
    """Return name, title and value of the custom properties, by title."""
    titles = settings.IMAGE_CUSTOM_PROPERTY_TITLES
    shown = [
        (name, str(titles.get(name, name)), value)
        for name, value in image.properties.items()
        if name not in _SHOWN_ELSEWHERE
        and not name.startswith(OWN_PROPERTY_PREFIX)
        and not (name.startswith(GLANCE_PROPERTY_PREFIX) and not value)
    ]
    return sorted(shown, key=lambda row: row[1].casefold())


def _base_image_url(scope: PanelScope, image: Image) -> str:
    base = image.properties.get("base_image_ref")
    return scope.url("detail", str(base)) if base and "/" not in str(base) else ""


def _failure(request: HttpRequest, scope: PanelScope, image: Image) -> str:
    """Return why an image has no data, for users who may change it."""
    if image.status not in ("queued", "saving", "importing"):
        return ""
    if change_refusal(request, scope, image, policy.MODIFY_IMAGE):
        return ""
    # A new upload deletes the failure of the one before: the cached one is the last.
    upload = upload_failures.of_last_upload(request, image)
    if upload.get("kind") == refusals.BUSY:
        upload = {}  # It waited for a slot, and is not waiting on this page.
    if upload or image.status == "saving":
        failure = str(upload.get("reason", ""))
        return failure or upload_failures.of_standstill(request, image)
    tasks = imports.import_tasks(request, image.id)
    if import_failures.is_stale(image, tasks):
        image = images.image_get(request, image.id)
    return import_failures.failure(image, tasks)


def _no_data_reason(image: Image) -> str:
    """Return why an image that is complete has no data; empty if it has, or is not complete."""
    complete = image.status in ("active", "deactivated")
    return (no_data_refusal(image) or "") if complete else ""


def _verification(request: HttpRequest, scope: PanelScope, image: Image) -> dict[str, Any]:
    """Return the verification of the data; the URLs of a check only for users who may start it."""
    summary, url = summary_of(image), scope.url("verify", image.id)
    may_verify = may_check(request, scope, image)
    return {
        "verification": summary,
        "expected": verification.expected_of(image),
        "verify_now_url": url if may_verify else "",
        "verify_due_url": url if check_is_due(request, scope, image) else "",
    }
