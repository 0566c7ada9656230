# SPDX-License-Identifier: Apache-2.0
"""The data of an upload, as the page's script sends it."""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views import generic
from horizon import exceptions as horizon_exceptions

from helion_images_panel import conf, exceptions, policy
from helion_images_panel.api import images, stores
from helion_images_panel.core import formats, verification
from helion_images_panel.core.decompression import (
    DECOMPRESSED_PROPERTY,
    Decompressed,
    decompressed_of,
    decompressed_property,
)
from helion_images_panel.core.image import Image
from helion_images_panel.core.staged_image import is_staged
from helion_images_panel.transfers import attempts, failures, import_retry, slots, staged
from helion_images_panel.transfers.body import UploadStopped
from helion_images_panel.transfers.drain import DRAIN_S, drain
from helion_images_panel.transfers.standstill import STANDSTILL_S, time_limit
from helion_images_panel.transfers.upload import Uploaded, upload
from helion_images_panel.transfers.upload_decompressed import upload_decompressed
from helion_images_panel.transfers.verdicts import NothingInCommon, Verdict
from helion_images_panel.ui.base import refusals
from helion_images_panel.ui.base.json_views import JsonViewMixin
from helion_images_panel.ui.base.refusals import Refusal
from helion_images_panel.ui.base.upload_mode import upload_mode
from helion_images_panel.ui.base.views import ChangingView
from helion_images_panel.ui.scopes.permissions import change_refusal
from helion_images_panel.ui.transfers import upload_causes, upload_failures
from helion_images_panel.ui.transfers.availability import DECOMPRESS, state_refusal

LOG = logging.getLogger(__name__)

#: Seconds for which the body of a browser that has to retry anyway is read.
BUSY_DRAIN_S = 1.0


#: Part of Glance's message of a 410 about the image; others are about its store.
_GONE = "could not be found after upload"


class UploadView(JsonViewMixin, ChangingView, generic.View):
    """PUT: the data of a queued image, as the complete body of the request.

    The body is neither parsed by Django nor stored: it is read as Glance accepts it.
    `?store=` is the target store, `?format=` another format that the image is changed
    to first, `?attempt=` the ID by which the page queries the outcome: see
    `transfers.attempts`. `?decompress=1` stores the content of a compressed file. `?staged=`
    with an empty body starts the import of data that an earlier request has staged. The
    response is JSON, with `reason` for the user, and `kind` for the page's script.
    """

    http_method_names = ["put"]
    takes_long = True
    rule = policy.UPLOAD_IMAGE
    drain_s = DRAIN_S

    def put(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        size_bytes = content_length(request)
        if size_bytes is not None and size_bytes > sys.maxsize:
            # No browser can send that much: there is no body to read.
            self.drain_s = 0
        refusal = self._refusal(size_bytes)
        if refusal:
            return self.refused(refusal)
        slot = slots.UPLOADS.acquire()
        if slot is None:
            self.drain_s = BUSY_DRAIN_S
            return self.broke_off(upload_causes.BUSY)
        try:
            with slot, time_limit(STANDSTILL_S, request.META.get("gunicorn.socket")):
                uploaded = self._upload(size_bytes or 0)
        except (
            UploadStopped,
            exceptions.SessionEnded,
            exceptions.ImageServiceError,
        ) as error:
            # The slot is free again: the rest concerns the browser only.
            LOG.warning("Upload into image %s failed: %s", self.image.id, error)
            return self.broke_off(upload_causes.of_error(error, self.image))
        return self._response(uploaded)

    def _upload(self, size_bytes: int) -> Uploaded:
        failures.clear(self.request, self.image.id)
        import_retry.give_up(self.request, self.image.id)
        store = self.request.GET.get("store")
        if self._is_staged:
            staged.resume_import(self.request, self.image, store)
            uploaded = Uploaded(Verdict(verification.UNKNOWN), importing=True)
        else:
            send = upload_decompressed if self._decompresses else upload
            image = self._with_source(self._with_format(self.request.GET.get("format", "")))
            uploaded = send(self.request, image, self.request, size_bytes, store)
        attempt = self.request.GET.get("attempt", "")
        attempts.record_stored(self.request, self.image.id, attempt)
        return uploaded

    @property
    def _decompresses(self) -> bool:
        return DECOMPRESS in self.request.GET

    def _with_source(self, image: Image) -> Image:
        """Note before the data is sent whether it is that of the file itself, and return the
        image.
        """
        recorded = decompressed_of(image)
        if self._decompresses and recorded != Decompressed():
            changes: Mapping[str, Any] = decompressed_property(image.id, Decompressed())
        elif not self._decompresses and recorded:
            changes = {DECOMPRESSED_PROPERTY: None}
        else:
            return image
        self._require_change()
        self.image = images.image_update(self.request, image.id, changes)
        return self.image

    def _require_change(self) -> None:
        """Refuse a user who may send data, and not change the image."""
        if change_refusal(self.request, self.scope, self.image, policy.MODIFY_IMAGE):
            raise horizon_exceptions.NotAuthorized()

    @property
    def _is_staged(self) -> bool:
        """Whether the request is about data that was sent before; it has none itself."""
        return bool(self.request.GET.get("staged")) and content_length(self.request) == 0

    def _refusal(self, size_bytes: int | None) -> Refusal | None:
        """Return a refusal that does not depend on the data."""
        if upload_mode() == "off":
            return refusals.invalid(403, _("File uploads are disabled on this dashboard."))
        if size_bytes is None:
            return refusals.invalid(411, _("The browser did not send the size of the file."))
        if size_bytes > sys.maxsize:
            return refusals.invalid(413, _("The file exceeds the maximum image size."))
        if self._is_staged:
            return self._staged_refusal()
        if size_bytes <= 0:
            return refusals.invalid(400, _("The file is empty."))
        if self._decompresses and not conf.DECOMPRESSED_GIB.value:
            return refusals.invalid(403, _("This dashboard does not decompress files."))
        no_data = upload_failures.takes_no_data(self.request, self.image)
        if no_data:
            return no_data
        not_waiting = state_refusal(self.image)
        if not_waiting:
            return refusals.taken(not_waiting)
        name = self.request.GET.get("format")
        if name and name not in dict(settings.OPENSTACK_IMAGE_BACKEND["image_formats"]):
            return refusals.invalid(400, _("The cloud does not support this format."))
        return self._store_refusal()

    def _staged_refusal(self) -> Refusal | None:
        if not is_staged(self.image):
            return refusals.taken(_("The image service has no file that waits for its import."))
        return self._store_refusal()

    def _store_refusal(self) -> Refusal | None:
        store = self.request.GET.get("store")
        if store is not None and store not in (s.id for s in stores.store_list(self.request)):
            return refusals.invalid(400, _("Store not found."))
        return None

    def _with_format(self, name: str) -> Image:
        """Change the image to that format, and return it."""
        if not name or name == self.image.format:
            return self.image
        self._require_change()
        disk_format, container_format = formats.glance_formats(name)
        changes = {"disk_format": disk_format, "container_format": container_format}
        self.image = images.image_update(self.request, self.image.id, changes)
        return self.image

    def _response(self, uploaded: Uploaded) -> HttpResponse:
        verdict = uploaded.verdict
        warnings = [
            refusals.of_finding(finding, self.image.format) for finding in uploaded.findings
        ]
        if verdict.state == verification.MISMATCH:
            warnings.append(
                _(
                    "The stored data does not match the uploaded file. Do not use this image. "
                    "Delete it, upload the file again, and contact the cloud's operator."
                )
            )
        elif verdict.error:
            warnings.append(_not_compared(verdict.error))
        answer = {"id": self.image.id, "verification": verdict.state, "warnings": warnings}
        # The page then follows the import.
        return JsonResponse(answer | ({"importing": True} if uploaded.importing else {}))

    def broke_off(self, cause: upload_causes.Cause) -> HttpResponse:
        refusal = upload_causes.refusal(cause)
        is_of_image = refusal.status in (403, 404, 409)
        if is_of_image or (refusal.status == 410 and _GONE in refusal.reason):
            refusal = self._of_end(refusal)
        # If another upload was accepted, the end of this one is not a failure of the
        # image.
        if refusal.status not in (409, 410):
            upload_failures.save(self.request, self.image, cause)
        return self.refused(refusal)

    def _of_end(self, refusal: Refusal) -> Refusal:
        """Return why Glance does not find the image, finds it in another state, or does not
        allow the upload.

        Of an image that was deleted meanwhile it may say each of them: at the end it deletes
        its own copy, and refuses even that if the image was protected when the upload began.
        It says "gone" to the slower of two uploads too, if the image was still queued when
        both began.
        """
        try:
            images.image_get(self.request, self.image.id)
        except exceptions.ImageNotFound:
            return upload_failures.deleted_meanwhile()
        except (exceptions.ImageServiceError, exceptions.SessionEnded):
            return refusal
        if refusal.status in (403, 404):
            return refusal
        # In any state: the faster upload may still be in progress.
        return refusals.taken(_("Another upload into this image was faster."))

    def refused(self, refusal: Refusal) -> HttpResponse:
        """Read the rest of the body first: a browser reads no response while it is sending.

        If the browser does not read the response, its next query for the image's state
        returns the reason.
        """
        if refusal.status == 409 and refusal.kind != refusals.ELSEWHERE:
            if refusal.kind != refusals.TAKEN:
                # Only Glance has noticed this, and its message is about transitions of states.
                refusal = refusals.taken(_("Another upload into this image was faster."))
            attempt = self.request.GET.get("attempt", "")
            attempts.record_refused(self.request, self.kwargs["image_id"], attempt)
        connection = self.request.META.get("gunicorn.socket")
        drain(self.request, content_length(self.request) or 0, self.drain_s, connection)
        return super().refused(refusal)


def content_length(request: HttpRequest) -> int | None:
    """Return the size of the body in bytes; None without a valid header."""
    try:
        return int(request.META["CONTENT_LENGTH"])
    except (KeyError, ValueError):
        return None


def _not_compared(error: Exception) -> str:
    if isinstance(error, exceptions.SessionEnded):
        return _(
            "The image is stored, but your session ended before the result of its verification "
            "could be saved."
        )
    if isinstance(error, NothingInCommon):
        return _(
            "The image is stored but not verified: the image service stores no checksum that "
            "this dashboard can compute."
        )
    return _(
        "The image is stored, but the result of its verification could not be saved: %(reason)s"
    ) % {"reason": error}
