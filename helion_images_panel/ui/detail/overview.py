# SPDX-License-Identifier: Apache-2.0
"""The tab Overview of an image's details."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _
from horizon import tabs

from helion_images_panel import exceptions, policy
from helion_images_panel.api import forgiven, images, imports
from helion_images_panel.core import verification
from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.decompression import decompressed_of
from helion_images_panel.core.deletion import deletion_of, is_interrupted
from helion_images_panel.core.end_dates import end_dates_of
from helion_images_panel.core.image import (
    GLANCE_PROPERTY_PREFIX,
    OWN_PROPERTY_PREFIX,
    STATUSES_OF_TRANSFERS,
    Image,
)
from helion_images_panel.core.publication import audience_of, publication_of
from helion_images_panel.core.visible_text import shown
from helion_images_panel.redaction import without_secrets
from helion_images_panel.transfers import conversion
from helion_images_panel.ui.base import labels, refusals, times
from helion_images_panel.ui.base.deleted_images import summary
from helion_images_panel.ui.base.end_dates import sentences, today
from helion_images_panel.ui.base.upload_mode import may_upload_files
from helion_images_panel.ui.boot.panel import boot_context
from helion_images_panel.ui.detail.origin import origin_context
from helion_images_panel.ui.detail.tag_links import list_url
from helion_images_panel.ui.scopes.permissions import change_refusal
from helion_images_panel.ui.scopes.project_names import panel_names
from helion_images_panel.ui.scopes.scope import PanelScope
from helion_images_panel.ui.transfers import (
    import_failures,
    import_standstill,
    planned,
    upload_failures,
)
from helion_images_panel.ui.transfers.availability import may_upload_data, no_data_refusal
from helion_images_panel.ui.transfers.import_failures import ImportFailure
from helion_images_panel.ui.transfers.import_retry import Retries
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
        return {
            "image": image,
            "type_label": _("Snapshot") if image.is_snapshot else _("Image"),
            "visibility_label": labels.visibility_label(image.visibility),
            "visibility_before": _visibility_before(image),
            "visibility_planned": planned.note_of(request, image),
            # The heading has the owner's name, or the ID if it has none.
            "owner_id": image.owner if owner_name(request, scope, image) else "",
            "format_label": labels.format_label(image.format),
            "size_label": labels.size_label(image.size_bytes),
            "exact_size_label": labels.exact_size_label(image.size_bytes),
            "virtual_size_label": labels.size_label(image.virtual_size_bytes),
            "exact_virtual_size_label": labels.exact_size_label(image.virtual_size_bytes),
            "hash_label": _hash_label(image),
            # A signed URL opens the data to everybody.
            "locations": [without_secrets(url) for url in image.locations],
            "created": times.time_element(image.created_at, shows_exact=True),
            "properties": _properties(image),
            "tags": [(shown(tag), list_url(request, scope, tag)) for tag in image.tags],
            **origin_context(request, scope, image),
            **_deletion(image),
            **_end_dates(request, scope, image),
            "failure": _failure(request, scope, image),
            "no_data_reason": _no_data_reason(image),
            "upload_data_url": (
                scope.url("upload_data", image.id) if may_upload_data(request, scope, image) else ""
            ),
            **_verification(request, scope, image),
            **boot_context(request, scope, image),
        }


def owner_name(request: HttpRequest, scope: PanelScope, image: Image) -> str:
    """Return the name of the owner; empty if the user may not see it."""
    owner = image.owner or ""
    return panel_names(request, scope, [owner]).get(owner, "")


def _hash_label(image: Image) -> str:
    if not image.hash_algorithm:
        return _eager("Hash")
    return _eager("Hash (%(algorithm)s)") % {"algorithm": image.hash_algorithm.upper()}


def _deletion(image: Image) -> dict[str, Any]:
    deletion = deletion_of(image)
    if deletion is None:
        return {}
    return {"deletion": summary(deletion), "is_interrupted": is_interrupted(image)}


def _end_dates(request: HttpRequest, scope: PanelScope, image: Image) -> dict[str, Any]:
    dates = end_dates_of(image)
    if dates is None:
        return {}
    replacement: dict[str, Any] = {"replacement_id": dates.replacement}
    if dates.replacement:
        try:
            other = scope.image(request, dates.replacement)
            url = scope.url_in_domain("detail", other.id)
            replacement |= {"replacement_name": other.display_name, "replacement_url": url}
        except exceptions.ImageServiceError as error:
            forgiven.log("the replacement of an image", error)
    return {
        "end_dates": sentences(dates, image.protected),
        "has_ended": bool(dates.state(today())),
        **replacement,
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


def _failure(request: HttpRequest, scope: PanelScope, image: Image) -> ImportFailure | None:
    """Return why an image has no data, for users who may change it."""
    if image.status not in ("queued", *STATUSES_OF_TRANSFERS):
        return None
    if change_refusal(request, scope, image, policy.MODIFY_IMAGE):
        return None
    # A new upload deletes the failure of the one before: the cached one is the last.
    upload = upload_failures.of_last_upload(request, image)
    if upload.get("kind") == refusals.BUSY:
        upload = {}  # It waited for a slot, and is not waiting on this page.
    reason = upload.get("reason") or upload_failures.of_standstill(request, image)
    if upload or reason or image.status == "saving":
        return ImportFailure(str(reason)) if reason else None
    tasks = imports.import_tasks(request, image.id)
    if import_failures.is_stale(image, tasks):
        image = images.image_get(request, image.id)
    # The script of the page asks how it goes on, and that starts it.
    retry = Retries(request, scope).seen(image, tasks)
    if retry.state:
        return ImportFailure(retry.note, retry.details, goes_on=retry.state)
    if standstill := import_standstill.of_standstill(image, tasks):
        return ImportFailure(standstill)
    return import_failures.failure(image, tasks, may_upload_files(request))


def _no_data_reason(image: Image) -> str:
    """Return why an image that is complete has no data; empty if it has, or is not complete."""
    complete = image.status in ("active", "deactivated")
    return (no_data_refusal(image) or "") if complete else ""


def _verification(request: HttpRequest, scope: PanelScope, image: Image) -> dict[str, Any]:
    """Return the verification of the data; the URLs of a check only for users who may start it."""
    conversion.notice(request, image)
    summary, url = summary_of(image), scope.url("verify", image.id)
    expected = verification.expected_of(image)
    decompressed = decompressed_of(image)
    may_verify = may_check(request, scope, image)
    return {
        "verification": summary,
        "verified_at": times.time_element(summary.at),
        # Each checksum is shown once.
        "verified_checksum": (
            summary.claimed
            if summary.state == verification.VERIFIED
            and summary.claimed != expected
            and not _shown_as(image, summary.claimed)
            else None
        ),
        "expected": expected,
        "expected_shown_as": _shown_as(image, expected),
        "decompressed": decompressed if decompressed and decompressed.checksum else None,
        "verify_now_url": url if may_verify else "",
        "verify_due_url": url if check_is_due(request, scope, image) else "",
    }


def _shown_as(image: Image, checksum: Checksum | None) -> str:
    """Return the term of Glance's own checksum that is equal to this one; empty for none."""
    if checksum is None or not verification.agrees(image, checksum):
        return ""
    return _eager("Checksum (MD5)") if checksum.algorithm == "md5" else _hash_label(image)
