# SPDX-License-Identifier: Apache-2.0
"""Why an upload ended without the image's data."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from horizon.utils.filters import parse_isotime

from helion_images_panel import exceptions
from helion_images_panel.core.image import Image
from helion_images_panel.transfers import failures, progress
from helion_images_panel.transfers.body import UploadStopped
from helion_images_panel.transfers.digests import ChecksumRefused
from helion_images_panel.transfers.inspection import ContentRefused
from helion_images_panel.ui.base.refusals import (
    INTERRUPTED,
    REFUSED,
    SESSION,
    Refusal,
    of_checksum,
    of_content,
    of_glance,
)

#: A note of an upload that runs is kept for as long, so that one is missed.
STANDSTILL_AFTER = timedelta(seconds=progress.CACHE_S)


def of_error(error: Exception, image: Image) -> Refusal:
    """Of whatever ended an upload into this image."""
    if isinstance(error, ContentRefused):
        return of_content(error.finding, image.format)
    if isinstance(error, ChecksumRefused):
        return of_checksum(error.expected, error.actual)
    if isinstance(error, UploadStopped):
        return Refusal(400, INTERRUPTED, _("The upload was interrupted."))
    if isinstance(error, exceptions.SessionEnded):
        # A 401 would have Horizon's scripts leave the page, and the reason with it.
        return Refusal(400, SESSION, _("Your session ended during the upload. Log in again."))
    if isinstance(error, exceptions.ImageServiceError):
        return of_glance(error, image.format)
    raise error


def of_last_upload(image: Image) -> dict[str, Any]:
    """The body that the last upload into this image was answered; empty where it did not fail.

    A Glance that is killed leaves an image "saving" for ever, and takes no
    data for it any more. After any other end it is "queued" again in a moment.
    """
    kept = dict(failures.load(image.id))
    if image.status == "queued" or not kept:
        return kept
    is_running = progress.taken_bytes(image.id) is not None
    if image.status != "saving" or kept["kind"] != REFUSED or is_running:
        return {}
    advice = _(
        "Unless something else uploads into this image, it takes no data any more: remove it, "
        "and create it again."
    )
    kept["reason"] = f"{kept['reason']} {advice}"
    return kept


def of_standstill(image: Image) -> str:
    """What it most likely means that an image is "saving" with nobody at it; else empty.

    Only uploads through this dashboard say that they run: another client's may
    take hours, of which Glance tells nothing.
    """
    since = parse_isotime(image.updated_at) if image.updated_at else None
    if image.status != "saving" or since is None or timezone.now() - since < STANDSTILL_AFTER:
        return ""
    if progress.taken_bytes(image.id) is not None:
        return ""
    return _(
        "Unless somebody is uploading into it right now, by another program than this "
        "dashboard, the image service broke down during the upload, and the image takes no data "
        "any more: remove it, and create it again."
    )
