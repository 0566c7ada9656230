# SPDX-License-Identifier: Apache-2.0
"""The response of a form, with which the page's script continues."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from horizon import workflows

from helion_images_panel import exceptions
from helion_images_panel.api import images
from helion_images_panel.core.family import NEW
from helion_images_panel.core.image import Image
from helion_images_panel.core.version_swap import role_of
from helion_images_panel.core.visible_text import isolated
from helion_images_panel.redaction import text_without_secrets
from helion_images_panel.ui.base import service_errors
from helion_images_panel.ui.base.change_form import not_confirmed
from helion_images_panel.ui.base.refusals import of_glance
from helion_images_panel.ui.base.upload_mode import stages_files, upload_mode
from helion_images_panel.ui.base.views import DialogView, ScopedView
from helion_images_panel.ui.create import boot_check, checksum_refusals, data_source, url_check
from helion_images_panel.ui.scopes.scope import PanelScope
from helion_images_panel.ui.transfers.availability import DECOMPRESS, FILE

#: Field of a request that asks only about the checksum of a form.
RECOGNIZE = "recognize"


def next_steps(
    request: HttpRequest,
    scope: PanelScope,
    image: Image,
    data: dict[str, Any],
    warnings: Sequence[str] = (),
) -> dict[str, Any]:
    """Return URLs and values for the script; `data` is the cleaned data of the form."""
    store = data.get("store") or ""
    steps: dict[str, Any] = {
        "id": image.id,
        "name": image.bare_name,
        "source": data["source"],
        "format": image.format or "",
        "protected": image.protected,
        "index_url": scope.url("index"),
        "detail_url": scope.url("detail", image.id),
        "progress_url": scope.url("progress"),
        "verify_url": scope.url("verify", image.id),
        "upload_data_url": scope.url("upload_data", image.id),
        "warnings": list(warnings),
    }
    if role_of(image) == NEW:
        steps["make_latest_url"] = scope.url("make_latest", image.id)
    if scope.is_of_active_project:
        # From another project the image may not be visible: see ProgressView.
        steps["project_id"] = request.user.project_id
        steps["project_name"] = isolated(request.user.project_name)
    if data["source"] == FILE:
        decompresses = bool(data.get("decompress"))
        query = urlencode(
            {
                **({"store": store} if store else {}),
                **({DECOMPRESS: 1} if decompresses else {}),
            }
        )
        steps["upload_url"] = scope.url("upload", image.id) + (f"?{query}" if query else "")
        steps["changes_size"] = decompresses or stages_files(request)
        # The image service itself does not decompress what it is sent.
        if upload_mode() == "direct" and not steps["changes_size"]:
            steps["direct"] = {
                # In addition to the token and the content type.
                "headers": {images.STORE_HEADER: store} if store else {},
                **images.direct_upload(request, image.id),
            }
    return steps


def _recognized(posted: Mapping[str, Any]) -> dict[str, str]:
    """Return what kind of checksum a form that is still being filled in has, or the reason why it
    has none.
    """
    text = str(posted.get("checksum", ""))[: data_source.CHECKSUM_LENGTH]
    try:
        checksum = checksum_refusals.checksum_in(text, data_source.named_file(posted))
    except ValidationError as error:
        return {"reason": " ".join(error.messages)}
    return {"recognized": checksum_refusals.recognized(checksum)}


class SignedLocationMixin:
    """Mixin before all other views: keeps the secrets of a posted URL out of Horizon's log.

    Horizon's operation log contains each form as it was posted, after the response is
    complete. A signed URL gives the data to everybody who reads it there.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        finally:
            if request.method == "POST" and request.POST.get("location"):
                post = request.POST.copy()
                post.setlist("location", map(text_without_secrets, post.getlist("location")))
                request.POST = post


class NextStepsView(DialogView, ScopedView, workflows.WorkflowView):
    """A form whose response contains the next steps, or the form with its errors."""

    ajax_template_name = "helion_images_panel/create/_form.html"
    #: Whether it creates the image, which may then be deleted without confirmation.
    creates = False

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "page_title": self.workflow_class.name}

    def failed(self, error: exceptions.ImageServiceError) -> HttpResponse:
        """Return the reason for the script, which keeps the form with the chosen file."""
        if self.request.method != "POST":
            return super().failed(error)
        service_errors.log(self.request, error)
        return JsonResponse({"reason": str(error)}, status=service_errors.STATUS)

    def _checked_url(self, request: HttpRequest) -> dict[str, Any]:
        url = request.POST.get("location", "").strip()
        problem = data_source.url_refusal(url)
        source = request.POST.get("source", "")
        return {"problem": problem} if problem else url_check.answer(request, url, source)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if RECOGNIZE in request.POST:
            return JsonResponse(_recognized(request.POST))
        if url_check.CHECK_URL in request.POST:
            return JsonResponse(self._checked_url(request))
        if boot_check.CHECK_CONTENT in request.POST:
            return JsonResponse(boot_check.content_of(request))
        if boot_check.CHECK_BOOT in request.POST:
            return JsonResponse(boot_check.answer(request, self.existing_image()))
        return self.submitted(request, **kwargs)

    def existing_image(self) -> Image | None:
        """Return the image that gets the data, if it exists already."""
        return None

    def submitted(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Handle a form that was filled in."""
        context = self.get_context_data(**kwargs)
        workflow = context[self.context_object_name]
        if not workflow.is_valid():
            return self.render_to_response(context)
        try:
            image = workflow.handle(request, workflow.context)
        except exceptions.ImageServiceError as error:
            reason = of_glance(error, workflow.context.get("disk_format")).reason
            message = workflow.refused % {"reason": reason}
            if isinstance(error, exceptions.UnexpectedResponse):
                message = not_confirmed(error)
            workflow.add_error_to_step(message, "source")
            return self.render_to_response(context)
        steps = next_steps(request, self.scope, image, workflow.context)
        steps["created"] = self.creates
        return JsonResponse({**steps, **workflow.further_steps(image)}, status=201)
