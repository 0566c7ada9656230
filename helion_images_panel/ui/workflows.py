# SPDX-License-Identifier: Apache-2.0
"""Create Image."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.conf import settings
from django.core.validators import URLValidator
from django.http import HttpRequest
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _
from horizon import forms, workflows
from openstack_dashboard.api import glance as horizon_glance

from helion_images_panel import exceptions, policy
from helion_images_panel.api import images, imports
from helion_images_panel.core import formats
from helion_images_panel.core.image import Image
from helion_images_panel.core.page import Cursor
from helion_images_panel.core.query import ImageQuery
from helion_images_panel.ui import fields, text
from helion_images_panel.ui.scope import PROJECT

FILE = "file"
LOCATION = "location"
EXTERNAL = "external"

#: Kernels and ramdisks to choose from: more than this and nobody reads them.
PARTS_SHOWN = 100


def upload_mode() -> str:
    """off, legacy (through Horizon) or direct (browser to Glance)."""
    return str(horizon_glance.get_image_upload_mode())


def source_choices(request: HttpRequest) -> list[tuple[str, Any]]:
    """The ways to get data in that this cloud, its policy and its settings offer."""
    choices: list[tuple[str, Any]] = []
    may_upload = policy.allows(request, policy.UPLOAD_IMAGE)
    if may_upload and upload_mode() != "off":
        choices.append((FILE, _("Image File")))
    if may_upload and imports.WEB_DOWNLOAD in imports.import_methods(request):
        choices.append((LOCATION, _("Image Location")))
    if settings.IMAGES_ALLOW_LOCATION and policy.allows(request, policy.SET_IMAGE_LOCATION):
        choices.append((EXTERNAL, _("External Location (data stays there)")))
    return choices


def _switched(source: str, label: Any) -> dict[str, Any]:
    return {
        "class": "switched",
        "data-switch-on": "source",
        f"data-source-{source}": label,
        "data-required-when-shown": "true",
    }


class SourceAction(workflows.Action):
    name = fields.name_field()
    description = fields.description_field()
    source = forms.ChoiceField(
        label=_("Image Source"),
        widget=forms.ThemableSelectWidget(attrs={"class": "switchable", "data-slug": "source"}),
    )
    image_file = forms.FileField(
        label=_("Image File"),
        required=False,
        widget=fields.FileChooser(attrs=_switched(FILE, _("Image File"))),
    )
    # What the browser says about the chosen file, whose bytes come later.
    file_name = forms.CharField(required=False, widget=django_forms.HiddenInput)
    file_size = forms.IntegerField(required=False, widget=django_forms.HiddenInput)
    location = forms.CharField(
        label=_("Image Location"),
        required=False,
        help_text=_("The HTTP or HTTPS address of the image itself, not of a page about it."),
        widget=django_forms.TextInput(
            attrs={
                **_switched(LOCATION, _("Image Location")),
                "data-source-external": _("Image Location"),
                "placeholder": "https://example.com/image.qcow2",
            }
        ),
    )
    disk_format = forms.ChoiceField(
        label=_("Format"),
        widget=forms.ThemableSelectWidget(
            attrs={"class": "switchable", "data-slug": "format", "data-hip-format": "true"}
        ),
    )
    kernel = forms.ChoiceField(
        label=_("Kernel"),
        required=False,
        widget=forms.ThemableSelectWidget(
            attrs={
                "class": "switched",
                "data-switch-on": "format",
                "data-format-ami": _("Kernel"),
            }
        ),
    )
    ramdisk = forms.ChoiceField(
        label=_("Ramdisk"),
        required=False,
        widget=forms.ThemableSelectWidget(
            attrs={
                "class": "switched",
                "data-switch-on": "format",
                "data-format-ami": _("Ramdisk"),
            }
        ),
    )

    class Meta:
        name = _("Image")
        slug = "source"
        help_text_template = "helion_images_panel/create_help.html"

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any):
        super().__init__(request, *args, **kwargs)
        sources = source_choices(request)
        self.fields["source"].choices = sources
        if not sources:
            self.warnings = _(
                "This cloud offers no way to create an image here: neither files nor "
                "locations are allowed. Its operator can change that."
            )
        if len(sources) == 1:
            self.fields["source"].initial = sources[0][0]
        self._limit_formats(request)
        self._offer_parts(request)

    def _limit_formats(self, request: HttpRequest) -> None:
        choices = settings.OPENSTACK_IMAGE_BACKEND["image_formats"]
        try:
            disk_formats, containers = images.format_names(request)
        except exceptions.ImageServiceError:
            self.fields["disk_format"].choices = choices
        else:
            self.fields["disk_format"].choices = formats.supported(
                choices, disk_formats, containers
            )

    def _offer_parts(self, request: HttpRequest) -> None:
        """Kernels and ramdisks, where the cloud's formats have machine images at all."""
        offered = {name for name, _label in self.fields["disk_format"].choices}
        for field, part in (("kernel", "aki"), ("ramdisk", "ari")):
            found: tuple[Image, ...] = ()
            if "ami" in offered:
                query = ImageQuery(format=part)
                try:
                    # Those of the project that the image will belong to. To an
                    # admin's token Glance lists the kernels of everybody.
                    found = images.image_list(
                        request, PROJECT.sources(request, query), query, Cursor(), PARTS_SHOWN
                    ).images
                except exceptions.ImageServiceError:
                    found = ()
            self.fields[field].choices = [
                ("", _("None")),
                *(
                    (image.id, f"{image.display_name} ({text.size_label(image.size_bytes)})")
                    for image in found
                ),
            ]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        source = data.get("source")
        if source == FILE:
            if not data.get("file_name"):
                self.add_error("image_file", _eager("Choose a file."))
            elif not data.get("file_size"):
                self.add_error("image_file", _eager("The file is empty."))
        elif source in (LOCATION, EXTERNAL):
            try:
                URLValidator(schemes=["http", "https"])(data.get("location") or "")
            except django_forms.ValidationError:
                self.add_error(
                    "location",
                    _eager("Enter an address that starts with http:// or https://."),
                )
        if data.get("disk_format") != "ami":
            data["kernel"] = data["ramdisk"] = ""
        return data


class RequirementsAction(workflows.Action):
    architecture = fields.architecture_field()
    min_disk = fields.min_disk_field()
    min_ram = fields.min_ram_field()
    is_public = forms.BooleanField(
        label=_("Public"),
        required=False,
        help_text=_("Every project of this cloud sees a public image and can use it."),
    )
    protected = fields.protected_field()

    class Meta:
        name = _("Requirements and Access")
        slug = "requirements"
        help_text = _(
            "Instances whose flavor is below the minimum disk or memory cannot be "
            "launched from the image. A new image is seen by this project only, until it "
            "is made public or shared with others."
        )

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any):
        super().__init__(request, *args, **kwargs)
        if policy.allows(request, policy.PUBLICIZE_IMAGE):
            default = settings.CREATE_IMAGE_DEFAULTS.get("image_visibility")
            self.fields["is_public"].initial = default == "public"
        else:
            del self.fields["is_public"]


class SourceStep(workflows.Step):
    action_class = SourceAction
    contributes = (
        "name",
        "description",
        "source",
        "file_name",
        "file_size",
        "location",
        "disk_format",
        "kernel",
        "ramdisk",
    )


class RequirementsStep(workflows.Step):
    action_class = RequirementsAction
    contributes = ("architecture", "min_disk", "min_ram", "is_public", "protected")


def attributes_of(context: dict[str, Any]) -> dict[str, Any]:
    """What Glance is told of a new image; what was left empty is left out."""
    disk_format, container_format = formats.glance_formats(context["disk_format"])
    attributes: dict[str, Any] = {
        "name": context["name"],
        "disk_format": disk_format,
        "container_format": container_format,
    }
    optional = {
        "min_disk": context.get("min_disk"),
        "min_ram": context.get("min_ram"),
        "protected": context.get("protected"),
        "visibility": "public" if context.get("is_public") else None,
        "description": fields.one_newline(context.get("description") or ""),
        "architecture": context.get("architecture"),
        "kernel_id": context.get("kernel"),
        "ramdisk_id": context.get("ramdisk"),
    }
    attributes.update({name: value for name, value in optional.items() if value})
    return attributes


class CreateImage(workflows.Workflow):
    """Makes the image record; the bytes follow from the browser or from Glance."""

    slug = "create_image"
    name = _("Create Image")
    finalize_button_name = _("Create Image")
    default_steps = (SourceStep, RequirementsStep)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.attrs["data-hip-create"] = "true"
        # A browser cannot point at a required field that a themed drop-down or
        # a tab hides, and would refuse to send the form without a word.
        self.attrs["novalidate"] = "novalidate"
        self.attrs["ng-non-bindable"] = "ng-non-bindable"

    def handle(self, request: HttpRequest, context: dict[str, Any]) -> Image:
        """The new image. Raises ImageServiceError, and leaves no image then."""
        image = images.image_create(request, attributes_of(context))
        try:
            if context["source"] == LOCATION:
                imports.import_from_url(request, image.id, context["location"])
            elif context["source"] == EXTERNAL:
                image = images.image_add_location(request, image.id, context["location"])
        except exceptions.ImageServiceError as error:
            _take_back(request, image)
            raise explained(error) from error
        return image


def explained(error: exceptions.ImageServiceError) -> exceptions.ImageServiceError:
    """Glance's refusal of an address, with what it means for the person."""
    if "filter" not in str(error):
        return error
    meaning = _eager(
        "This cloud does not fetch images from that address. Ask its operator which "
        "addresses are allowed, or upload the image as a file."
    )
    return exceptions.ImageServiceError(f"{meaning} ({error})", error.status)


def _take_back(request: HttpRequest, image: Image) -> None:
    """Removes the record of an image that could not even begin."""
    try:
        if image.protected:
            images.image_update(request, image.id, {"protected": False})
        images.image_delete(request, image.id)
    except exceptions.ImageServiceError:
        return
