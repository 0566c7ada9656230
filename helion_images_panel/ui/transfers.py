# SPDX-License-Identifier: Apache-2.0
"""The page's script asks here: an upload's bytes, and how images come along."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views import generic
from horizon import exceptions as horizon_exceptions

from helion_images_panel import exceptions, policy
from helion_images_panel.api import images, imports
from helion_images_panel.api.imports import ImportTask
from helion_images_panel.api.parallel import in_parallel
from helion_images_panel.core.image import Image
from helion_images_panel.ui import importing, text
from helion_images_panel.ui.actions import not_changeable
from helion_images_panel.ui.views import ChangingView, ScopedView
from helion_images_panel.ui.workflows import upload_mode
from helion_images_panel.uploads import failures
from helion_images_panel.uploads.body import UploadInterrupted
from helion_images_panel.uploads.upload import upload

LOG = logging.getLogger(__name__)

#: Images that one request may ask about.
IMAGES_PER_REQUEST = images.IDS_PER_CALL


class JsonAnswers:
    """Errors go to the page's script, which tells the person."""

    def failed(self, error: exceptions.ImageServiceError) -> HttpResponse:
        return _refused(str(error), error.status or 502)


class UploadView(JsonAnswers, ChangingView, generic.View):
    """PUT: the data of a queued image, as the whole body of the request.

    The body is not parsed by Django and not kept: it is read as Glance takes
    it. Answers JSON, `reason` telling a person what went wrong.
    """

    http_method_names = ["put"]
    rule = policy.UPLOAD_IMAGE

    def put(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if upload_mode() == "off":
            raise horizon_exceptions.NotAuthorized()
        try:
            size_bytes = int(request.META["CONTENT_LENGTH"])
        except (KeyError, ValueError):
            return _refused(_("The browser did not say how large the file is."), 411)
        if size_bytes <= 0:
            return _refused(_("The file is empty."), 400)
        if self.image.status != "queued":
            return _refused(_("The image has data already, and that never changes."), 409)
        failures.forget(self.image.id)
        try:
            upload(request, self.image.id, request, size_bytes)
        except UploadInterrupted as error:
            return self._failed(_("The upload was interrupted."), error, 400)
        except exceptions.SessionEnded as error:
            # A 401 would have Horizon's scripts leave the page, and the reason
            # with it.
            reason = _("Your session ended during the upload. Log in again.")
            return self._failed(reason, error, 400)
        except exceptions.ImageServiceError as error:
            return self._failed(_explained(error), error, error.status or 502)
        messages.success(request, _("Created image %s.") % text.inert(self.image.display_name))
        return JsonResponse({"id": self.image.id})

    def _failed(self, reason: str, error: Exception, status: int) -> HttpResponse:
        LOG.warning("Upload into image %s failed: %s", self.image.id, error)
        failures.remember(self.image.id, reason)
        return _refused(reason, status)


def _explained(error: exceptions.ImageServiceError) -> str:
    if error.status != 415:
        return str(error)
    return _(
        "The file is not what the chosen format says (%(reason)s). Remove this image and "
        "create it again with the format of the file."
    ) % {"reason": error}


def _refused(reason: str, status: int) -> JsonResponse:
    return JsonResponse({"reason": reason}, status=status)


class ProgressView(JsonAnswers, ScopedView, generic.View):
    """GET ?id=…&id=…: where these images stand, in one call to Glance.

    Those that are being imported cost one call more each, for their task.
    Images that the panel does not have are left out, as if they were gone.
    """

    http_method_names = ["get"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        image_ids = request.GET.getlist("id")[:IMAGES_PER_REQUEST]
        found = [
            image
            for image in images.images_by_id(request, image_ids)
            if self.scope.may_read(request, image)
        ]
        return JsonResponse({"images": in_parallel(lambda i: self._state(request, i), found)})

    def _state(self, request: HttpRequest, image: Image) -> dict[str, Any]:
        asks = image.status in ("queued", "importing") and not not_changeable(
            request, self.scope, image, policy.MODIFY_IMAGE
        )
        tasks = imports.import_tasks(request, image.id) if asks else []
        return {
            "id": image.id,
            "status": image.status,
            "status_label": text.status_label(image.status),
            "in_progress": image.in_progress or bool(tasks and tasks[0].status == "processing"),
            "stored_bytes": importing.stored_bytes(tasks),
            "failure": _failure(image, tasks),
        }


def _failure(image: Image, tasks: Sequence[ImportTask]) -> str:
    """Why a queued image has no data; empty where nothing has failed."""
    if image.status != "queued":
        return ""
    return importing.failure(tasks) or failures.recall(image.id)
