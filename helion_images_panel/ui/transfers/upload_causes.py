# SPDX-License-Identifier: Apache-2.0
"""The cause of a failed upload as values, which are cached, and its reason in the reader's words.

Another user may read the reason, on another day and in another language.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _

from helion_images_panel import exceptions
from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.image import Image
from helion_images_panel.transfers.body import UploadStopped
from helion_images_panel.transfers.decompression import NotDecompressed
from helion_images_panel.transfers.digests import AlgorithmUnavailable, ChecksumRefused
from helion_images_panel.transfers.inspection import ContentRefused, Finding
from helion_images_panel.transfers.sending import StagingBusy
from helion_images_panel.transfers.staged import ImportNotStarted
from helion_images_panel.ui.base.refusals import (
    CHECKSUM,
    COMPRESSED,
    INTERRUPTED,
    SESSION,
    STAGED,
    Refusal,
    busy,
    has_refused_data,
    of_checksum,
    of_content,
    of_glance,
    stuck,
)
from helion_images_panel.ui.transfers import decompression_words

Cause = Mapping[str, Any]

#: All slots for uploads are taken.
BUSY: Cause = {"of": "busy"}

#: Part of Glance's message of a 409 about an image whose staging area is not empty, though it
#: is queued.
_STAGED_BEFORE = "has data on staging"

#: The data is staged, and nothing else is known of its import.
NOT_IMPORTED: Cause = {"of": "import", "reason": "", "session": False}


def of_error(error: Exception, image: Image) -> Cause:
    """Convert the error that ended an upload into this image."""
    if isinstance(error, ContentRefused):
        return {"of": "content", "finding": asdict(error.finding), "format": image.format}
    if isinstance(error, ChecksumRefused):
        values = {"expected": asdict(error.expected), "actual": asdict(error.actual)}
        return {"of": "checksum", **values}
    if isinstance(error, AlgorithmUnavailable):
        return {"of": "algorithm"}
    if isinstance(error, NotDecompressed):
        return {
            "of": "decompression",
            "cause": error.cause,
            "kind": error.kind,
            "content": error.content,
        }
    if isinstance(error, StagingBusy):
        return BUSY
    if isinstance(error, UploadStopped):
        return {"of": "interruption"}
    if isinstance(error, ImportNotStarted):
        ended = isinstance(error.error, exceptions.SessionEnded)
        return {"of": "import", "reason": "" if ended else error.args[0], "session": ended}
    if isinstance(error, exceptions.SessionEnded):
        return {"of": "session"}
    if isinstance(error, exceptions.ImageServiceError):
        if error.status == 500 and image.failed_stores:
            # An import ended so because of the content, which is still in the store.
            return {"of": "refused_data"}
        if error.status == 409 and _STAGED_BEFORE in str(error):
            return {"of": "staged_before"}
        # Glance's own words, or a lazy text of this panel: both stay what they are.
        reason = error.args[0] or str(error)
        return {
            "of": "glance",
            "reason": reason,
            "status": error.status,
            "format": image.format,
        }
    raise error


def refusal(cause: Cause) -> Refusal:
    """Return the refusal in the language of the present request."""
    return _REFUSALS[cause["of"]](cause)


def _of_busy(_cause: Cause) -> Refusal:
    return busy(_("The dashboard is at its upload limit. Your upload will start automatically."))


def _of_content(cause: Cause) -> Refusal:
    return of_content(Finding(**cause["finding"]), cause["format"])


def _of_checksum(cause: Cause) -> Refusal:
    return of_checksum(Checksum(**cause["expected"]), Checksum(**cause["actual"]))


def _of_algorithm(_cause: Cause) -> Refusal:
    return Refusal(
        422,
        CHECKSUM,
        _(
            "The file was not uploaded: the image expects an MD5 checksum, and this "
            "dashboard's system does not allow MD5. Use Upload Data with the SHA-256 or "
            "SHA-512 checksum, or without one."
        ),
    )


def _of_decompression(cause: Cause) -> Refusal:
    return Refusal(415, COMPRESSED, decompression_words.reason(cause))


def _of_interruption(_cause: Cause) -> Refusal:
    return Refusal(400, INTERRUPTED, _("The upload was interrupted."))


def _of_session(_cause: Cause) -> Refusal:
    # A 401 would have Horizon's scripts leave the page, and the reason with it.
    return Refusal(400, SESSION, _("Your session ended during the upload. Log in again."))


def _of_import(cause: Cause) -> Refusal:
    if cause["session"]:
        reason = _(
            "The whole file was received, but your session ended before the cloud could import "
            "it. Log in again in another tab, then press Retry: the file is not sent again."
        )
    elif cause["reason"]:
        reason = _(
            "The whole file was received, but the cloud refused to import it: %(reason)s Retry "
            "tries the import again without sending the file. If it fails again, delete the image "
            "and create it again."
        ) % {"reason": cause["reason"]}
    else:
        reason = _(
            "The whole file was received, but its import was not started. If no other program is "
            "importing it, press Retry on the page of the upload, or delete the image and create "
            "it again."
        )
    return Refusal(400, STAGED, reason)


def _of_staged_before(_cause: Cause) -> Refusal:
    return stuck(415, _("The image service still has the file of an earlier upload."))


def _of_glance(cause: Cause) -> Refusal:
    error = exceptions.ImageServiceError(cause["reason"], cause["status"])
    return of_glance(error, cause["format"])


_REFUSALS: Mapping[str, Callable[[Cause], Refusal]] = {
    "busy": _of_busy,
    "content": _of_content,
    "checksum": _of_checksum,
    "algorithm": _of_algorithm,
    "decompression": _of_decompression,
    "interruption": _of_interruption,
    "session": _of_session,
    "import": _of_import,
    "refused_data": lambda _cause: has_refused_data(),
    "staged_before": _of_staged_before,
    "glance": _of_glance,
}
