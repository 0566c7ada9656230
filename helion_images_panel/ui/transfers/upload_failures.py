# SPDX-License-Identifier: Apache-2.0
"""Reasons why an upload ended without the image's data."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from horizon.utils.filters import parse_isotime

from helion_images_panel.api.client import Request
from helion_images_panel.core.image import Image
from helion_images_panel.core.staged_image import is_staged
from helion_images_panel.transfers import failures, progress
from helion_images_panel.ui.base.refusals import (
    GONE,
    REFUSED,
    STAGED,
    STUCK,
    Refusal,
    has_refused_data,
)
from helion_images_panel.ui.transfers import upload_causes

#: Key of the cause among the cached details.
CAUSE = "cause"

#: The progress of a running upload is cached for as long, so that one without an entry
#: has stopped.
STANDSTILL_AFTER = timedelta(seconds=progress.CACHE_S)


def save(request: Request, image: Image, cause: upload_causes.Cause) -> None:
    """Cache why an upload into this image failed.

    The response itself is for dashboards of an older release that share the cache.
    """
    body = upload_causes.refusal(cause).body
    failures.save(request, image.id, {**body, CAUSE: dict(cause)})


def _last(request: Request, image: Image) -> dict[str, Any]:
    """Return the cached failure in the language of this request; empty without one."""
    cached = dict(failures.load(request, image.id))
    cause = cached.pop(CAUSE, None)
    try:
        return upload_causes.refusal(cause).body if cause else cached
    except (KeyError, TypeError):
        # Of a dashboard of another release that shares the cache.
        return cached


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

    If Glance is killed, the image stays "saving" or "uploading" for good, and accepts no
    further data. After any other end it is "queued" again within a moment, unless all of its
    data is staged: then only the import is missing.
    """
    cached = _last(request, image)
    if is_staged(image) or cached.get("kind") == STAGED:
        return _of_staged(request, image, cached)
    if image.has_refused_data and cached.get("kind") != STUCK:
        return has_refused_data().body
    if image.status == "queued" or not cached:
        return cached
    is_running = progress.taken_bytes(request, image.id) is not None
    if image.status not in ("saving", "uploading") or cached["kind"] != REFUSED or is_running:
        return {}
    advice = _(
        "If no other upload into this image is in progress, it accepts no more data: delete it "
        "and create it again."
    )
    cached["reason"] = f"{cached['reason']} {advice}"
    return cached


def _of_staged(request: Request, image: Image, cached: dict[str, Any]) -> dict[str, Any]:
    """Return why the import of staged data was not started; empty if it may still be.

    Another client may need a moment between the two; a killed dashboard never starts it.
    """
    if not is_staged(image) or progress.taken_bytes(request, image.id) is not None:
        return {}
    if cached.get("kind") == STAGED:
        return cached
    return upload_causes.refusal(upload_causes.NOT_IMPORTED).body if _stands_still(image) else {}


def _stands_still(image: Image) -> bool:
    since = parse_isotime(image.updated_at) if image.updated_at else None
    return since is not None and timezone.now() - since >= STANDSTILL_AFTER


def of_standstill(request: Request, image: Image) -> str:
    """Return the likely reason why an image receives data without a running upload; empty
    otherwise.

    Only uploads through this dashboard record their progress: an upload of another
    client may take hours, without any progress in Glance.
    """
    receives = image.status == "saving" or (
        image.status == "uploading" and image.size_bytes is None
    )
    if not receives or not _stands_still(image):
        return ""
    if progress.taken_bytes(request, image.id) is not None:
        return ""
    return _(
        "If no other program is uploading into this image, the image service failed during the "
        "upload and the image accepts no more data: delete it and create it again."
    )
