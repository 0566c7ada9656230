# SPDX-License-Identifier: Apache-2.0
"""The state of images, for the scripts of a page that waits for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views import generic

from helion_images_panel import policy
from helion_images_panel.api import image_rows, images, imports
from helion_images_panel.api.imports import ImportTask
from helion_images_panel.api.parallel import in_parallel
from helion_images_panel.core.image import IMPORT_TASK, STATUSES_OF_TRANSFERS, Image
from helion_images_panel.core.verification import state_of
from helion_images_panel.transfers import attempts, conversion, import_size, progress
from helion_images_panel.ui.base import labels
from helion_images_panel.ui.base.errors import or_default
from helion_images_panel.ui.base.json_views import JsonViewMixin
from helion_images_panel.ui.base.statuses import shown_status
from helion_images_panel.ui.base.upload_mode import may_upload_files
from helion_images_panel.ui.base.views import ScopedView
from helion_images_panel.ui.scopes.permissions import change_refusal
from helion_images_panel.ui.transfers import (
    import_failures,
    import_standstill,
    upload_failures,
    verification,
)
from helion_images_panel.ui.transfers.import_retry import Retries, Retry

#: Maximum number of images in one request.
IMAGES_PER_REQUEST = image_rows.IDS_PER_CALL


class ProgressView(JsonViewMixin, ScopedView, generic.View):
    """GET ?id=…&id=…: the state of these images, in one request to Glance.

    Hidden images, and images that are being imported, take one more request each.
    Images that the panel does not have are left out, as if they were deleted: `project`
    is the active project of the response. 400 for more than IMAGES_PER_REQUEST.
    """

    http_method_names = ["get"]
    keeps_session = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        image_ids = request.GET.getlist("id")
        if refused := self.too_many(IMAGES_PER_REQUEST, image_ids):
            return refused
        shown = [
            image
            for image in images.images_by_id(request, image_ids)
            if self.scope.may_read(request, image)
        ]
        # Permissions are checked and messages translated in the request's own thread;
        # others only send requests to Glance.
        waiting = [image.id for image in shown if self._needs_tasks(image)]
        tasks = in_parallel(
            or_default(
                lambda image_id: imports.import_tasks(request, image_id),
                None,
                "the tasks of an image",
            ),
            waiting,
        )
        pairs = zip(waiting, tasks, strict=True)
        tasks_of = {image_id: found for image_id, found in pairs if found is not None}
        # What is not known yet is not over.
        self._unknown = set(waiting).difference(tasks_of)
        shown = self._read_again(shown, tasks_of)
        self._retries = Retries(request, self.scope)
        states = [self._state(image, tasks_of.get(image.id)) for image in shown]
        return JsonResponse({"images": states, "project": request.user.project_id})

    def _read_again(
        self, shown: Sequence[Image], tasks_of: Mapping[str, Sequence[ImportTask]]
    ) -> list[Image]:
        """Return the images as they are after their tasks have failed.

        The properties left on an image show the cause, and Glance may have deleted them
        between the requests for the image and for its tasks.
        """
        stale_ids = [
            image.id for image in shown if import_failures.is_stale(image, tasks_of.get(image.id))
        ]
        current = {image.id: image for image in images.images_by_id(self.request, stale_ids)}
        return [current.get(image.id, image) for image in shown]

    def _needs_tasks(self, image: Image) -> bool:
        """Whether the image waits for data, or is being imported, and the user may change it."""
        waits = (
            image.status in ("queued", "importing")
            or IMPORT_TASK in image.properties
            or bool(upload_failures.of_last_upload(self.request, image))
        )
        return waits and self._may_change(image)

    def _standstill(self, image: Image, tasks: Sequence[ImportTask]) -> str:
        message = upload_failures.of_standstill(
            self.request, image
        ) or import_standstill.of_standstill(image, tasks)
        return message if message and self._may_change(image) else ""

    def _may_change(self, image: Image) -> bool:
        return not change_refusal(self.request, self.scope, image, policy.MODIFY_IMAGE)

    def _state(self, image: Image, known_tasks: Sequence[ImportTask] | None) -> dict[str, Any]:
        """`known_tasks` is None if the user may not see them."""
        tasks = known_tasks or ()
        failure = _failure(self.request, image, known_tasks)
        conversion.notice(self.request, image)
        retry = self._retries.advance(image, tasks) if tasks else Retry()
        if retry.state:
            failure = dict(_NO_FAILURE)
        has_stopped = image.status in STATUSES_OF_TRANSFERS and bool(failure["failure"])
        is_running = (
            image.in_progress
            or bool(tasks and tasks[0].is_running)
            or image.id in self._unknown
            or bool(retry.state)
        )
        uploads = attempts.of_image(self.request, image.id)
        return {
            "id": image.id,
            "status": shown_status(image),
            "status_label": labels.status_label(shown_status(image)),
            "in_progress": is_running and not has_stopped,
            "stored_bytes": _stored_bytes(self.request, image, tasks),
            # Seconds: the time of this number, which Glance updates once a minute.
            "stored_at_s": import_failures.updated_at_s(tasks),
            "expected_bytes": import_size.of_image(self.request, image.id) if tasks else None,
            "size_bytes": image.size_bytes,
            "stored_attempt": uploads.stored,
            "refused_attempts": uploads.refused,
            **failure,
            "retry": retry.state,
            "retry_note": retry.note,
            "retry_details": retry.details,
            # The upload may still be running: the page continues to query.
            "standstill": self._standstill(image, tasks),
            "verification": state_of(image),
            "verification_note": verification.note_of(image),
            # An import may have converted the image.
            "format": image.format or "",
            "format_label": labels.format_label(image.format),
            "check_due": verification.check_is_due(self.request, self.scope, image),
            "may_check": verification.may_check(self.request, self.scope, image),
            "verify_url": self.scope.url("verify", image.id),
            "copying_to": list(image.copying_to),
            "failed_stores": list(image.failed_stores),
        }


_NO_FAILURE: Mapping[str, Any] = {
    "failure": "",
    "failure_details": "",
    "failure_kind": "",
    "takes_url": False,
    "takes_file": False,
    "actual_format": "",
    "actual_label": "",
}


def _stored_bytes(request: HttpRequest, image: Image, tasks: Sequence[ImportTask]) -> int | None:
    if image.status in ("saving", "uploading"):
        return progress.taken_bytes(request, image.id)
    return import_failures.stored_bytes(tasks)


def _failure(
    request: HttpRequest, image: Image, known_tasks: Sequence[ImportTask] | None
) -> dict[str, Any]:
    """Return why an image has no data; "failure" is empty if nothing has failed."""
    response = dict(_NO_FAILURE)
    if known_tasks is None:
        return response
    # A new upload deletes the failure of the one before: the cached one is the last.
    cached = upload_failures.of_last_upload(request, image)
    if not cached and image.status not in ("queued", "importing"):
        return response
    if not cached:
        return response | _import_failure(request, image, known_tasks)
    return {
        **response,
        "failure": cached.pop("reason", ""),
        "failure_kind": cached.pop("kind", ""),
        **cached,
    }


def _import_failure(
    request: HttpRequest, image: Image, tasks: Sequence[ImportTask]
) -> dict[str, Any]:
    failure = import_failures.failure(image, tasks, may_upload_files(request))
    if not failure:
        return {}
    return {
        "failure": failure.summary,
        "failure_details": failure.details,
        "takes_url": failure.takes_url,
        "takes_file": failure.takes_file,
    }
