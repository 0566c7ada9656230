# SPDX-License-Identifier: Apache-2.0
"""Upload Data: upload or import data into a queued image."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _
from horizon import exceptions as horizon_exceptions
from horizon import workflows

from helion_images_panel import exceptions, policy
from helion_images_panel.api import forgiven, images, imports
from helion_images_panel.api.imports import ImportTask
from helion_images_panel.core import formats
from helion_images_panel.core.decompression import DECOMPRESSED_PROPERTY
from helion_images_panel.core.image import Image
from helion_images_panel.core.requested import REQUESTED_PROPERTY, requested_of
from helion_images_panel.core.verification import (
    EXPECTED_PROPERTY,
    VERIFIED_PROPERTY,
    expected_of_source,
    expected_property,
)
from helion_images_panel.transfers import failures, import_retry
from helion_images_panel.ui.base import labels
from helion_images_panel.ui.base.views import ChangingView
from helion_images_panel.ui.create import data_source, data_workflow
from helion_images_panel.ui.create.capabilities import load_capabilities
from helion_images_panel.ui.create.next_steps import NextStepsView, SignedLocationMixin
from helion_images_panel.ui.transfers import availability, import_failures, upload_failures


class UploadDataAction(data_source.DataSourceAction):
    """Shows the image's current values; unchanged values are not sent."""

    is_new = False

    class Meta:
        name = _("Data")
        slug = "source"
        help_text_template = "helion_images_panel/create/_upload_data_help.html"

    def __init__(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any):
        self.image: Image = context["image"]
        super().__init__(request, context, *args, **kwargs)
        self._show("disk_format", self.image.format or "")
        self._show("checksum", str(expected_of_source(self.image) or ""))
        self._blocked: str = context["blocked"]
        if self._blocked:
            self.warnings = self._blocked
        self.fields["location"].initial = context["failed_url"]

    def _offer_formats(self) -> None:
        super()._offer_formats()
        field, current = self.fields["disk_format"], self.image.format
        if current and current not in dict(field.choices):
            field.choices = [*field.choices, (current, labels.format_label(current))]

    def _show(self, name: str, value: str) -> None:
        self.fields[name].initial = value
        self.fields[name].show_hidden_initial = True

    def get_help_text(self, extra_context: dict[str, Any] | None = None) -> str:
        return super().get_help_text({"image": self.image, **(extra_context or {})})

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if self._blocked and data.get("source") == availability.LOCATION:
            self.add_error("location", self._blocked)
        data["changes"] = self._changes(data) if not self.errors else {}
        return data

    def _changes(self, data: dict[str, Any]) -> dict[str, Any]:
        """Return the changes of the image, in Glance's names."""
        changes: dict[str, Any] = {}
        changed = set(self.changed_data)
        if "disk_format" in changed and data["disk_format"] != self.image.format:
            names = formats.glance_formats(data["disk_format"])
            changes["disk_format"], changes["container_format"] = names
        if DECOMPRESSED_PROPERTY in self.image.properties and not data.get("decompress"):
            changes[DECOMPRESSED_PROPERTY] = None
        expected = expected_of_source(self.image)
        checksum = data["checksum"] if "checksum" in changed else expected
        if checksum:
            asked = (
                changes.get("disk_format", self.image.disk_format),
                changes.get("container_format", self.image.container_format),
            )
            staged = self.capabilities.stages_files
            requested = data_source.requested_of(data, *asked, staged)
            if checksum != expected or requested != requested_of(self.image):
                changes.update(expected_property(self.image.id, checksum, requested))
        elif "checksum" in changed:
            for name in (EXPECTED_PROPERTY, REQUESTED_PROPERTY):
                if name in self.image.properties:
                    changes[name] = None
        if VERIFIED_PROPERTY in self.image.properties:
            # Of a staged file whose import has failed: the next data may be other data.
            changes[VERIFIED_PROPERTY] = None
        return changes


def _tasks(request: HttpRequest, image: Image) -> list[ImportTask]:
    """Return the imports of the image, if the form needs them; none if they are unknown, as
    Glance decides itself.
    """
    is_asked_for = request.GET.get("source") == availability.LOCATION
    if not is_asked_for and not import_failures.may_be_blocked(image):
        return []
    try:
        return imports.import_tasks(request, image.id)
    except exceptions.ImageServiceError as error:
        forgiven.log("the imports of the image", error)
        return []


def _failed_url(tasks: Sequence[ImportTask]) -> str:
    """Return the URL that the user may want to correct; empty if only a part of it is known."""
    if not tasks or not tasks[0].has_failed or tasks[0].has_secrets:
        return ""
    return tasks[0].url


class UploadDataStep(workflows.Step):
    action_class = UploadDataAction
    depends_on = ("image", "capabilities", "blocked", "failed_url")
    contributes = (*data_source.CONTRIBUTIONS, "changes")


class UploadData(data_workflow.DataWorkflow):
    slug = "upload_data"
    name = _("Upload Data")
    finalize_button_name = _("Upload Data")
    default_steps = (UploadDataStep,)
    refused = _("The upload was not started. %(reason)s")

    def handle(self, request: HttpRequest, context: dict[str, Any]) -> Image:
        """Return the image. Raise ImageServiceError, and leave the image queued."""
        image: Image = context["image"]
        if context["changes"]:
            image = images.image_update(request, image.id, context["changes"])
        # The failure of an earlier upload is no longer valid.
        failures.clear(request, image.id)
        is_from_url = context["source"] == availability.LOCATION
        (import_retry.take_up if is_from_url else import_retry.give_up)(request, image.id)
        return data_workflow.begin(request, image, context)


class UploadDataView(SignedLocationMixin, ChangingView, NextStepsView):
    """For a queued image; any other has data, or is receiving it."""

    workflow_class = UploadData

    def check(self) -> None:
        super().check()
        if not policy.allows(self.request, policy.UPLOAD_IMAGE, self.image):
            raise horizon_exceptions.NotAuthorized()

    def get_initial(self) -> dict[str, Any]:
        tasks = _tasks(self.request, self.image)
        return {
            "image": self.image,
            "capabilities": load_capabilities(self.request),
            "blocked": import_failures.blocked(self.image, tasks),
            "failed_url": _failed_url(tasks),
        }

    def existing_image(self) -> Image:
        return self.image

    def _refusal(self) -> str | None:
        """Return why the image takes no data; None if it does."""
        no_data = upload_failures.takes_no_data(self.request, self.image)
        return no_data.reason if no_data else availability.state_refusal(self.image)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        refusal = self._refusal()
        return self.back_with_error(refusal) if refusal else super().get(request, *args, **kwargs)

    def submitted(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        # A question about the form may arrive after the form itself: it is answered all the same.
        refusal = self._refusal()
        if refusal:
            return JsonResponse({"reason": refusal}, status=409)
        return super().submitted(request, **kwargs)
