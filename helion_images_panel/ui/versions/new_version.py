# SPDX-License-Identifier: Apache-2.0
"""The dialog New Version: Create Image with the values of another version.

The new image is private, and has no members, until it becomes the latest version. Its record
is a part of the request that creates it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from horizon import exceptions as horizon_exceptions
from horizon import workflows

from helion_images_panel.core import tags
from helion_images_panel.core.family import family_of, next_version_property
from helion_images_panel.core.image import Image
from helion_images_panel.core.image_schema import ImageSchema
from helion_images_panel.core.publication import OWN
from helion_images_panel.core.version_swap import dated_name, plain_name
from helion_images_panel.core.version_values import is_of_one_image
from helion_images_panel.core.visible_text import isolated
from helion_images_panel.ui.base.views import ChangingView
from helion_images_panel.ui.create.next_steps import NextStepsView, SignedLocationMixin
from helion_images_panel.ui.create.properties import ELSEWHERE
from helion_images_panel.ui.create.workflow import (
    CreateImage,
    SourceAction,
    SourceStep,
    new_image_capabilities,
)
from helion_images_panel.ui.metadata.names import encoded, is_editable
from helion_images_panel.ui.metadata.required import PREFIX
from helion_images_panel.ui.versions import rules
from helion_images_panel.ui.versions.version_field import version_field


class VersionSourceAction(SourceAction):
    version = version_field()

    field_order = ("name", "version", "description")

    class Meta:
        name = _("Image")
        slug = "source"
        help_text_template = "helion_images_panel/versions/_help.html"

    def __init__(self, request: HttpRequest, context: Mapping[str, Any], *args: Any, **kwargs: Any):
        super().__init__(request, context, *args, **kwargs)
        self.previous: Image = context["previous"]
        self.existing_url: str = context["existing_url"]
        properties = self.previous.properties
        for definition in self.capabilities.schema.required:
            if value := properties.get(definition.name):
                self.fields[PREFIX + encoded(definition.name)].initial = value

    def get_help_text(self, extra_context: dict[str, Any] | None = None) -> str:
        values = {
            "family": isolated(family_of(self.previous)),
            "previous": self.previous.display_name,
            "existing_url": self.existing_url,
        }
        return super().get_help_text({**values, **(extra_context or {})})


class VersionSourceStep(SourceStep):
    action_class = VersionSourceAction
    depends_on = (*SourceStep.depends_on, "previous", "existing_url")
    contributes = (*SourceStep.contributes, "version")


class NewVersion(CreateImage):
    slug = "new_version"
    name = _("New Version")
    finalize_button_name = _("Create Version")
    default_steps: tuple[type[workflows.Step], ...] = (
        VersionSourceStep,
        *CreateImage.default_steps[1:],
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.attrs["data-hip-version"] = "true"

    def attributes_of(self, context: dict[str, Any]) -> dict[str, Any]:
        previous: Image = context["previous"]
        attributes = super().attributes_of(context)
        image_id = attributes.setdefault("id", str(uuid.uuid4()))
        version = (context.get("version") or "").strip()
        return {
            **attributes,
            **next_version_property(image_id, previous.owner, previous, version),
        }


class NewVersionView(SignedLocationMixin, NextStepsView, ChangingView):
    workflow_class = NewVersion
    creates = True

    def check(self) -> None:
        super().check()
        if not rules.may_create_version(self.request, self.scope, self.image):
            raise horizon_exceptions.NotAuthorized()

    def get_initial(self) -> dict[str, Any]:
        capabilities = new_image_capabilities(self.request)
        return {
            "scope": self.scope,
            "capabilities": capabilities,
            # The audience follows when the version becomes the latest.
            "audiences": [(OWN, "")],
            "previous": self.image,
            "existing_url": self.scope.url("existing_version", self.image.id),
            **values_of(self.image, capabilities.schema),
        }


def values_of(image: Image, schema: ImageSchema) -> dict[str, Any]:
    """Return the values of Create Image's fields for a new version of the image."""
    version = datetime.now(UTC).date().isoformat()
    required = {each.name for each in schema.required}
    properties = image.properties
    return {
        "name": dated_name(plain_name(image), version),
        "version": version,
        "description": image.description,
        "disk_format": image.format,
        "kernel": properties.get("kernel_id", ""),
        "ramdisk": properties.get("ramdisk_id", ""),
        "tags": tags.joined(image.tags),
        "properties": "\n".join(_lines(properties, ELSEWHERE | required)),
        "architecture": properties.get("architecture", ""),
        "min_disk": image.min_disk_gib or None,
        "min_ram": image.min_ram_mib or None,
        "protected": image.protected,
    }


def _lines(properties: Mapping[str, Any], left_out: frozenset[str]) -> Iterator[str]:
    """A value with a line break would become lines of its own."""
    for name, value in sorted(properties.items()):
        text = "" if value is None else str(value)
        is_taken = name not in left_out and not is_of_one_image(name) and is_editable(name)
        if is_taken and text.strip() and text.isprintable():
            yield f"{name} = {text}"
