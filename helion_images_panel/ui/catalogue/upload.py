# SPDX-License-Identifier: Apache-2.0
"""The dialog Create Image with the values of an entry whose file is compressed.

They are the initial values of its fields, as if the user had typed them: the form is sent to
Create Image, which knows nothing of the catalogue.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _eager
from horizon import workflows

from helion_images_panel import exceptions
from helion_images_panel.catalogue.entries import Build, Entry
from helion_images_panel.catalogue.properties import properties_of
from helion_images_panel.core import tags
from helion_images_panel.core.image_schema import ImageSchema
from helion_images_panel.ui.base.upload_mode import may_upload_files
from helion_images_panel.ui.catalogue.access import OfferedMixin
from helion_images_panel.ui.create.audience import new_image_audiences
from helion_images_panel.ui.create.next_steps import NextStepsView
from helion_images_panel.ui.create.properties import ELSEWHERE
from helion_images_panel.ui.create.workflow import CreateImage, new_image_capabilities
from helion_images_panel.ui.metadata.names import encoded, is_editable
from helion_images_panel.ui.metadata.required import PREFIX
from helion_images_panel.ui.transfers.availability import FILE


class UploadOfficialImage(CreateImage):
    #: That of Create Image, in the same panel.
    submit_url = ""

    def get_absolute_url(self) -> str:
        return self.submit_url


class UploadOfficialView(OfferedMixin, NextStepsView):
    http_method_names = ["get", "head"]
    workflow_class = UploadOfficialImage
    creates = True

    def check(self) -> None:
        super().check()
        if self.offer is None:
            raise Http404()
        if not self.offer.is_for_upload:
            raise exceptions.ImageForbidden(
                self.offer.refusal
                or _eager(
                    "The image service can download this image by itself. Add it from Official "
                    "Images."
                )
            )
        if not may_upload_files(self.request):
            raise exceptions.ImageForbidden(_eager("File uploads are disabled on this dashboard."))

    def get_initial(self) -> dict[str, Any]:
        capabilities = new_image_capabilities(self.request)
        initial = {
            "scope": self.scope,
            "capabilities": capabilities,
            "audiences": new_image_audiences(self.request),
        }
        if self.offer and self.offer.build:
            initial |= values_of(self.offer.entry, self.offer.build, capabilities.schema)
        return initial

    def get_workflow(self) -> workflows.Workflow:
        workflow = super().get_workflow()
        workflow.submit_url = self.scope.url("create")
        if self.offer and self.offer.build:
            properties = properties_of(self.offer.entry, self.offer.build)
            fields = workflow.get_step("source").action.fields
            for name, value in properties.items():
                if field := fields.get(PREFIX + encoded(name)):
                    field.initial = value
        return workflow


def values_of(entry: Entry, build: Build, schema: ImageSchema) -> dict[str, Any]:
    """Return the values of Create Image's fields; properties that the cloud requires have fields
    of their own.
    """
    properties = properties_of(entry, build)
    required = {each.name for each in schema.required}
    lines = _lines(properties, ELSEWHERE | required)
    return {
        "name": entry.name,
        "description": properties.get("description", ""),
        "source": FILE,
        "disk_format": entry.format,
        "checksum": str(build.checksum or ""),
        "tags": tags.joined(entry.tags),
        "properties": "\n".join(lines),
        "architecture": entry.architecture,
        "min_disk": entry.min_disk_gib,
        "min_ram": entry.min_ram_mib,
    }


def _lines(properties: Mapping[str, str], elsewhere: frozenset[str]) -> Iterator[str]:
    """A value of the publisher's list with a line break would become lines of its own."""
    for name, value in sorted(properties.items()):
        if name not in elsewhere and is_editable(name) and value.isprintable():
            yield f"{name} = {value}"
