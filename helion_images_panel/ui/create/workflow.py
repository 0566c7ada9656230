# SPDX-License-Identifier: Apache-2.0
"""The workflow Create Image."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any

from django import forms as django_forms
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _
from horizon import forms, workflows

from helion_images_panel import exceptions
from helion_images_panel.api import images
from helion_images_panel.core import formats
from helion_images_panel.core.image import Image
from helion_images_panel.core.publication import DOMAIN
from helion_images_panel.core.query import ImageQuery
from helion_images_panel.core.visible_text import isolated
from helion_images_panel.ui.base import fields, labels
from helion_images_panel.ui.create import data_source, data_workflow
from helion_images_panel.ui.create.access import AccessStep
from helion_images_panel.ui.create.audience import audience_field, offer_audiences, visibility_of
from helion_images_panel.ui.create.capabilities import Capabilities, load_capabilities
from helion_images_panel.ui.create.properties import PropertiesStep
from helion_images_panel.ui.create.requirements import RequirementsStep
from helion_images_panel.ui.metadata.required import add_required_fields, required_values
from helion_images_panel.ui.publish.steps import (
    StepResponse,
    new_image_attributes,
    publish_all_steps,
    publish_new_image,
    publish_step,
)
from helion_images_panel.ui.scopes.scope import PROJECT
from helion_images_panel.ui.sharing.new_image import share_new_image
from helion_images_panel.ui.transfers import availability

LOG = logging.getLogger(__name__)

#: Fields of the parts of a machine image, with their formats.
PARTS = {"kernel": "aki", "ramdisk": "ari"}


def _part_field(label: str | Promise) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        required=False,
        widget=django_forms.Select(
            attrs={"class": "switched", "data-switch-on": "format", "data-format-ami": label}
        ),
    )


class SourceAction(data_source.DataSourceAction):
    name = fields.name_field(validators=[fields.check_visible])
    description = fields.description_field()
    kernel = _part_field(_("Kernel"))
    ramdisk = _part_field(_("Ramdisk"))
    audience = audience_field()

    field_order: tuple[str, ...] = ("name", "description")

    class Meta:
        name = _("Image")
        slug = "source"
        help_text_template = "helion_images_panel/create/_help.html"

    def __init__(self, request: HttpRequest, context: Mapping[str, Any], *args: Any, **kwargs: Any):
        super().__init__(request, context, *args, **kwargs)
        self.is_public_at_first = offer_audiences(self, request, context["audiences"])
        self.project_name = request.user.project_name
        self._offer_parts()
        add_required_fields(self, self.capabilities.schema.required)

    def get_help_text(self, extra_context: dict[str, Any] | None = None) -> str:
        values = {
            "is_public_at_first": self.is_public_at_first,
            # The choices of Visibility name it.
            "project": "" if "audience" in self.fields else isolated(self.project_name),
        }
        return super().get_help_text({**values, **(extra_context or {})})

    def _offer_parts(self) -> None:
        for field, parts in zip_longest(PARTS, self.capabilities.listings, fillvalue=()):
            self.fields[field].choices = [
                ("", _("None")),
                *(
                    (image.id, f"{image.display_name} ({labels.size_label(image.size_bytes)})")
                    for image in parts
                ),
            ]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("disk_format") != "ami":
            data["kernel"] = data["ramdisk"] = ""
        data["required"] = required_values(self, self.capabilities.schema.required, data)
        return data


def new_image_capabilities(request: HttpRequest) -> Capabilities:
    """Load the capabilities, with kernels and ramdisks if the cloud's formats include machine
    images.
    """
    queries = [ImageQuery(format=part) for part in PARTS.values()]
    # Those of the project that will own the image: Glance lists the kernels of all
    # projects to an admin's token.
    listings = [(query, PROJECT.sources(request, query)) for query in queries]
    return load_capabilities(request, listings, needed_format="ami")


class SourceStep(workflows.Step):
    action_class = SourceAction
    depends_on: tuple[str, ...] = ("capabilities", "audiences")
    contributes: tuple[str, ...] = (
        "name",
        "description",
        "audience",
        "required",
        *data_source.CONTRIBUTIONS,
        *PARTS,
    )


def attributes_of(context: dict[str, Any]) -> dict[str, Any]:
    """Return the attributes of the new image for Glance; empty values are left out."""
    disk_format, container_format = formats.glance_formats(context["disk_format"])
    attributes: dict[str, Any] = {
        **context.get("properties", {}),
        "name": context["name"],
        "disk_format": disk_format,
        "container_format": container_format,
    }
    optional = {
        "min_disk": context.get("min_disk"),
        "min_ram": context.get("min_ram"),
        "protected": context.get("protected"),
        "visibility": visibility_of(context),
        "description": fields.one_newline(context.get("description") or ""),
        "architecture": context.get("architecture"),
        "kernel_id": context.get("kernel"),
        "ramdisk_id": context.get("ramdisk"),
        "tags": context.get("tags"),
    }
    attributes.update({name: value for name, value in optional.items() if value})
    attributes.update(context["required"])
    staged = context["capabilities"].stages_files
    attributes.update(data_source.record_of(context, disk_format, container_format, staged))
    return {**context["capabilities"].schema.default_attributes(), **attributes}


class CreateImage(data_workflow.DataWorkflow):
    """Creates the image record; its data follows from the browser or by Glance."""

    slug = "create_image"
    name = _("Create Image")
    finalize_button_name = _("Create Image")
    default_steps: tuple[type[workflows.Step], ...] = (
        SourceStep,
        PropertiesStep,
        RequirementsStep,
        AccessStep,
    )
    refused = _("The image was not created. %(reason)s")

    #: Result of the first steps of publishing to a domain.
    published: StepResponse | None = None

    #: Remarks on projects that the new image was to be shared with.
    remarks: Sequence[str] = ()

    def attributes_of(self, context: dict[str, Any]) -> dict[str, Any]:
        """Return the attributes of the new image for Glance."""
        return attributes_of(context)

    def handle(self, request: HttpRequest, context: dict[str, Any]) -> Image:
        """Return the new image. Raise ImageServiceError after deleting the record, or with a
        message that it remains.
        """
        attributes = self.attributes_of(context)
        if _is_published_by_creation(context):
            image_id = attributes.setdefault("id", str(uuid.uuid4()))
            attributes.update(new_image_attributes(request, image_id))
        image = images.image_create(request, attributes)
        try:
            if context.get("audience") == DOMAIN:
                self._publish(request, image, context)
            elif context.get("projects"):
                # Before the data is sent, as a publication. A project that fails costs the
                # user no image: it can be added later, and its remark says so.
                self.remarks = share_new_image(request, image, context["projects"])
            return data_workflow.begin(request, image, context)
        except exceptions.ImageServiceError as error:
            if _delete_record(request, image):
                raise
            message = _eager("%(reason)s An image without data remains. Delete it manually.")
            raise exceptions.ImageServiceError(
                message % {"reason": error}, error.status or 500
            ) from error

    def _publish(self, request: HttpRequest, image: Image, context: dict[str, Any]) -> None:
        """Publish before the data is sent, from the server for imports.

        Glance loses the data of an image that is changed at the moment at which an
        upload begins.
        """
        if _is_published_by_creation(context):
            self.published = publish_new_image(request, image)
        elif context["source"] == availability.FILE:
            self.published = publish_step(request, image, DOMAIN, ())
        else:
            self.published = publish_all_steps(request, image, DOMAIN)

    def further_steps(self, image: Image) -> dict[str, Any]:
        if self.published is None:
            return {"warnings": list(self.remarks)}
        url = PROJECT.url("publish_step", image.id)
        return {"publish": {"url": url, "audience": DOMAIN, **self.published.answer}}


def _is_published_by_creation(context: Mapping[str, Any]) -> bool:
    """Whether the new image itself has the record of its publication, as the cloud may refuse to
    add it.
    """
    schema = context["capabilities"].schema
    return context.get("audience") == DOMAIN and bool(schema.may_refuse_changes)


def _delete_record(request: HttpRequest, image: Image) -> bool:
    """Delete the record of an image without data; return whether it was deleted."""
    try:
        if image.protected:
            images.image_update(request, image.id, {"protected": False})
        images.image_delete(request, image.id)
    except exceptions.ImageNotFound:
        return True
    except exceptions.ImageServiceError as error:
        LOG.warning("The record of image %s could not be removed: %s", image.id, error)
        return False
    return True
