# SPDX-License-Identifier: Apache-2.0
"""Reasons why an upload ended without the image's data."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from horizon.utils.filters import parse_isotime

from helion_images_panel import exceptions
from helion_images_panel.api.client import Request
from helion_images_panel.core.image import Image
from helion_images_panel.transfers import failures, progress
from helion_images_panel.transfers.body import UploadStopped
from helion_images_panel.transfers.digests import AlgorithmUnavailable, ChecksumRefused
from helion_images_panel.transfers.inspection import ContentRefused
from helion_images_panel.ui.base.refusals import (
    CHECKSUM,
    GONE,
    INTERRUPTED,
    REFUSED,
    SESSION,
    STUCK,
    Refusal,
    has_refused_data,
    of_checksum,
    of_content,
    of_glance,
)

#: The progress of a running upload is cached for as long, so that one without an entry
#: has stopped.
STANDSTILL_AFTER = timedelta(seconds=progress.CACHE_S)


def of_error(error: Exception, image: Image) -> Refusal:
    """Convert the error that ended an upload into this image."""
    if isinstance(error, ContentRefused):
        return of_content(error.finding, image.format)
    if isinstance(error, ChecksumRefused):
        return of_checksum(error.expected, error.actual)
    if isinstance(error, AlgorithmUnavailable):
        return Refusal(
            422,
            CHECKSUM,
            _(
                "The file was not uploaded: the image expects an MD5 checksum, and this "
                "dashboard's system does not allow MD5. Use Upload Data with the SHA-256 or "
                "SHA-512 checksum, or without one."
            ),
        )
    if isinstance(error, UploadStopped):
        return Refusal(400, INTERRUPTED, _("The upload was interrupted."))
    if isinstance(error, exceptions.SessionEnded):
        # A 401 would have Horizon's scripts leave the page, and the reason with it.
        return Refusal(400, SESSION, _("Your session ended during the upload. Log in again."))
    if isinstance(error, exceptions.ImageServiceError):
        if error.status == 500 and image.failed_stores:
            # An import ended so because of the content, which is still in the store.
            return has_refused_data()
        return of_glance(error, image.format)
    raise error


def deleted_meanwhile() -> Refusal:
    return Refusal(
        410,
        GONE,
        _(
            "The image was deleted during the upload, or is not visible to you any more. The file "
            "was not stored. Create a new image for it."
        ),
    )


def takes_no_data(request: Request, image: Image) -> Refusal | None:
    """Return the refusal for a queued image whose store still has data that Glance refused.

    Glance shows the store if it has several ones. Otherwise only the cached failure of the
    last upload is known.
    """
    if image.status != "queued":
        return None
    if image.has_refused_data or failures.load(request, image.id).get("kind") == STUCK:
        return has_refused_data()
    return None


def of_last_upload(request: Request, image: Image) -> dict[str, Any]:
    """Return the response of the last upload into this image; empty if it did not fail.

    If Glance is killed, the image stays "saving" for good, and accepts no further data.
    After any other end it is "queued" again within a moment.
    """
    cached = dict(failures.load(request, image.id))
    if image.has_refused_data and cached.get("kind") != STUCK:
        return has_refused_data().body
    if image.status == "queued" or not cached:
        return cached
    is_running = progress.taken_bytes(request, image.id) is not None
    if image.status != "saving" or cached["kind"] != REFUSED or is_running:
        return {}
    advice = _(
        "If no other upload into this image is in progress, it accepts no more data: delete it "
        "and create it again."
    )
    cached["reason"] = f"{cached['reason']} {advice}"
    return cached


def of_standstill(request: Request, image: Image) -> str:
    """Return the likely reason why an image is "saving" without a running upload; empty otherwise.

    Only uploads through this dashboard record their progress: an upload of another
    client may take hours, without any progress in Glance.
    """
    since = parse_isotime(image.updated_at) if image.updated_at else None
    if image.status != "saving" or since is None or timezone.now() - since < STANDSTILL_AFTER:
        return ""
    if progress.taken_bytes(request, image.id) is not None:
        return ""
    return _(
        "If no other program is uploading into this image, the image service failed during the "
        "upload and the image accepts no more data: delete it and create it again."
    )
