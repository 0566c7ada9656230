# SPDX-License-Identifier: Apache-2.0
"""How images come along, for the scripts of a page that waits for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views import generic

from helion_images_panel import policy
from helion_images_panel.api import image_pages, images, imports
from helion_images_panel.api.imports import ImportTask
from helion_images_panel.api.parallel import in_parallel
from helion_images_panel.core.image import IMPORT_TASK, Image
from helion_images_panel.core.verification import state_of
from helion_images_panel.transfers import attempts, progress
from helion_images_panel.ui.base import labels
from helion_images_panel.ui.base.json_views import JsonViewMixin
from helion_images_panel.ui.base.views import ScopedView
from helion_images_panel.ui.scopes.permissions import change_refusal
from helion_images_panel.ui.transfers import import_failures, upload_failures, verification

#: Images that one request may ask about.
IMAGES_PER_REQUEST = image_pages.IDS_PER_CALL


class ProgressView(JsonViewMixin, ScopedView, generic.View):
    """GET ?id=…&id=…: where these images stand, in one call to Glance.

    Hidden images, and those that are being imported, cost one call more each.
    Images that the panel does not have are left out, as if they were gone:
    `project` tells a page which project that was seen from.
    """

    http_method_names = ["get"]
    keeps_session = True

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
        found = self._read_again(found, tasks_of)
        states = [self._state(image, tasks_of.get(image.id)) for image in found]
        return JsonResponse({"images": states, "project": request.user.project_id})

    def _read_again(
        self, found: Sequence[Image], tasks_of: Mapping[str, Sequence[ImportTask]]
    ) -> list[Image]:
        """The images as they are now that their tasks are known to have failed.

        What is left on an image tells the cause, and Glance may have taken it
        away between the first look and the one at the tasks.
        """
        stale = [
            image.id for image in found if import_failures.is_stale(image, tasks_of.get(image.id))
        ]
        now = {image.id: image for image in images.images_by_id(self.request, stale)}
        return [now.get(image.id, image) for image in found]

    def _tells_why_it_waits(self, image: Image) -> bool:
        """Whether data is on its way to it, or none has come, and the person may know."""
        waits = (
            image.status in ("queued", "importing")
            or IMPORT_TASK in image.properties
            or bool(upload_failures.of_last_upload(image))
        )
        return waits and self._may_change(image)

    def _standstill(self, image: Image) -> str:
        words = upload_failures.of_standstill(image)
        return words if words and self._may_change(image) else ""

    def _may_change(self, image: Image) -> bool:
        return not change_refusal(self.request, self.scope, image, policy.MODIFY_IMAGE)

    def _state(self, image: Image, known_tasks: Sequence[ImportTask] | None) -> dict[str, Any]:
        """`known_tasks` is None where they are no business of the person's."""
        tasks = known_tasks or ()
        failure = _failure(image, known_tasks)
        is_failed_upload = image.status == "saving" and bool(failure["failure"])
        is_running = image.in_progress or bool(tasks and tasks[0].is_running)
        uploads = attempts.of_image(image.id)
        return {
            "id": image.id,
            "status": image.status,
            "status_label": labels.status_label(image.status),
            "in_progress": is_running and not is_failed_upload,
            "stored_bytes": _stored_bytes(image, tasks),
            "size_bytes": image.size_bytes,
            "stored_attempt": uploads.stored,
            "refused_attempts": uploads.refused,
            **failure,
            # It may be on its way all the same: the page goes on to look.
            "standstill": self._standstill(image),
            "verification": state_of(image),
            "check_due": verification.check_is_due(self.request, self.scope, image),
            "may_check": verification.may_check(self.request, self.scope, image),
            "verify_url": self.scope.url("verify", image.id),
            "copying_to": list(image.copying_to),
            "failed_stores": list(image.failed_stores),
        }


def _stored_bytes(image: Image, tasks: Sequence[ImportTask]) -> int | None:
    if image.status == "saving":
        return progress.taken_bytes(image.id)
    return import_failures.stored_bytes(tasks)


def _failure(image: Image, known_tasks: Sequence[ImportTask] | None) -> dict[str, Any]:
    """Why an image has no data; an empty "failure" where nothing has failed."""
    told: dict[str, Any] = {
        "failure": "",
        "failure_kind": "",
        "actual_format": "",
        "actual_label": "",
    }
    if known_tasks is None:
        return told
    # A new beginning forgets the failed upload before it: what is kept is the last.
    kept = upload_failures.of_last_upload(image)
    if not kept and image.status != "queued":
        return told
    if not kept:
        return {**told, "failure": import_failures.failure(image, known_tasks)}
    return {
        **told,
        "failure": kept.pop("reason", ""),
        "failure_kind": kept.pop("kind", ""),
        **kept,
    }
