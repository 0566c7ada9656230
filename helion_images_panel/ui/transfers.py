# SPDX-License-Identifier: Apache-2.0
"""The page's script asks here: an upload's bytes, and how images come along."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
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
from helion_images_panel.uploads.upload import drain, upload

LOG = logging.getLogger(__name__)

#: Images that one request may ask about.
IMAGES_PER_REQUEST = images.IDS_PER_CALL


class JsonAnswers:
    """Every refusal goes to the page's script, which tells the person."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response: HttpResponse = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        except Http404 as error:
            return self.refused(str(error), 404)
        except horizon_exceptions.NotAuthorized:
            return self.refused(_("You are not allowed to do this."), 403)
        except horizon_exceptions.NotAuthenticated:
            return self.refused(_("Your session has ended. Log in again."), 403)
        return response

    def failed(self, error: exceptions.ImageServiceError) -> HttpResponse:
        return self.refused(str(error), error.status or 502)

    def refused(self, reason: str, status: int) -> HttpResponse:
        return JsonResponse({"reason": reason}, status=status)


class UploadView(JsonAnswers, ChangingView, generic.View):
    """PUT: the data of a queued image, as the whole body of the request.

    The body is not parsed by Django and not kept: it is read as Glance takes
    it. Answers JSON, `reason` telling a person what went wrong.
    """

    http_method_names = ["put"]
    rule = policy.UPLOAD_IMAGE

    def put(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if upload_mode() == "off":
            return self.refused(_("Files cannot be uploaded here."), 403)
        size_bytes = content_length(request)
        if size_bytes is None:
            return self.refused(_("The browser did not say how large the file is."), 411)
        if size_bytes > sys.maxsize:
            # Nobody is going to send that much: there is nothing to wait for.
            return super().refused(_("No image can be as large as that."), 413)
        if size_bytes <= 0:
            return self.refused(_("The file is empty."), 400)
        if self.image.status != "queued":
            return self.refused(_("The image has data already, and that never changes."), 409)
        failures.forget(self.image.id)
        try:
            upload(request, self.image.id, request, size_bytes)
        except UploadInterrupted as error:
            return self.broke_off(_("The upload was interrupted."), error, 400)
        except exceptions.SessionEnded as error:
            # A 401 would have Horizon's scripts leave the page, and the reason
            # with it.
            reason = _("Your session ended during the upload. Log in again.")
            return self.broke_off(reason, error, 400)
        except exceptions.ImageServiceError as error:
            return self.broke_off(_explained(error), error, error.status or 502)
        messages.success(request, _("Created image %s.") % text.inert(self.image.display_name))
        return JsonResponse({"id": self.image.id})

    def broke_off(self, reason: str, error: Exception, status: int) -> HttpResponse:
        LOG.warning("Upload into image %s failed: %s", self.image.id, error)
        failures.remember(self.image.id, reason)
        return self.refused(reason, status)

    def refused(self, reason: str, status: int) -> HttpResponse:
        """Lets the browser finish first: it reads no answer while it is sending."""
        drain(self.request, content_length(self.request) or 0)
        return super().refused(reason, status)


def content_length(request: HttpRequest) -> int | None:
    """The size of the body in bytes, where the browser gave one."""
    try:
        return int(request.META["CONTENT_LENGTH"])
    except (KeyError, ValueError):
        return None


def _explained(error: exceptions.ImageServiceError) -> str:
    if error.status != 415:
        return str(error)
    return _(
        "The file is not what the chosen format says (%(reason)s). Remove this image and "
        "create it again with the format of the file."
    ) % {"reason": error}


class ProgressView(JsonAnswers, ScopedView, generic.View):
    """GET ?id=…&id=…: where these images stand, in one call to Glance.

    Hidden images, and those that are being imported, cost one call more each.
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
        # Policy and words are for the request's own thread; others ask Glance.
        waiting = [image.id for image in found if self._tells_why_it_waits(image)]
        tasks = in_parallel(lambda image_id: imports.import_tasks(request, image_id), waiting)
        tasks_of = dict(zip(waiting, tasks, strict=True))
        return JsonResponse({"images": [_state(image, tasks_of.get(image.id)) for image in found]})

    def _tells_why_it_waits(self, image: Image) -> bool:
        """Whether the image has no data yet, and the person may know why."""
        return image.status in ("queued", "importing") and not not_changeable(
            self.request, self.scope, image, policy.MODIFY_IMAGE
        )


def _state(image: Image, known_tasks: Sequence[ImportTask] | None) -> dict[str, Any]:
    """`known_tasks` is None where they are no business of the person's."""
    tasks = known_tasks or ()
    return {
        "id": image.id,
        "status": image.status,
        "status_label": text.status_label(image.status),
        "in_progress": image.in_progress or bool(tasks and tasks[0].status == "processing"),
        "stored_bytes": importing.stored_bytes(tasks),
        "failure": "" if known_tasks is None else _failure(image, tasks),
    }


def _failure(image: Image, tasks: Sequence[ImportTask]) -> str:
    """Why a queued image has no data; empty where nothing has failed."""
    if image.status != "queued":
        return ""
    return importing.failure(tasks) or failures.recall(image.id)
