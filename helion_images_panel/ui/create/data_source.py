# SPDX-License-Identifier: Apache-2.0
"""The source of an image's data: its fields, and their validation."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django import forms as django_forms
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _
from horizon import forms, workflows

from helion_images_panel import conf
from helion_images_panel.api import quota as api_quota
from helion_images_panel.core import checksums
from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.decompression import Decompressed, decompressed_property
from helion_images_panel.core.filter_values import LARGEST_SIZE_BYTES
from helion_images_panel.core.quota import UPLOADING, Quota
from helion_images_panel.core.requested import Requested, is_archive_name
from helion_images_panel.core.url import has_user, is_http_url, last_part
from helion_images_panel.core.verification import expected_property
from helion_images_panel.transfers import import_size
from helion_images_panel.ui.base import fields
from helion_images_panel.ui.create import checksum_refusals
from helion_images_panel.ui.create import quota as quota_words
from helion_images_panel.ui.create.capabilities import Capabilities
from helion_images_panel.ui.create.store_choice import offer_stores, store_field
from helion_images_panel.ui.transfers.availability import EXTERNAL, FILE, LOCATION, source_choices

#: Maximum length in characters: a complete list of checksums, of all images of a
#: release.
CHECKSUM_LENGTH = 65536


def url_refusal(url: str) -> str | None:
    """Return why the image service is not used to download from the URL; None if it is."""
    if not is_http_url(url):
        return _eager("Enter a URL that starts with http:// or https:// and names a server.")
    if has_user(url):
        return _eager(
            "Enter the URL without a user name or password: the image service and logs would "
            "store them. Use a URL that needs no login, or a signed URL that expires."
        )
    return None


def _switched(labels: dict[str, Promise], required: bool = False) -> dict[str, str | Promise]:
    """HTML attributes of a field that is shown with these sources only, each with its label."""
    return {
        "class": "switched",
        "data-switch-on": "source",
        **{f"data-source-{source}": label for source, label in labels.items()},
        **({"data-required-when-shown": "true"} if required else {}),
    }


def named_file(values: Mapping[str, Any]) -> str:
    """Return the name of the file of a form, or of its location; empty if it is unknown."""
    if values.get("source") == FILE:
        return str(values.get("file_name") or "")
    return last_part(values.get("location") or "")


class DataSourceAction(workflows.Action):
    """The fields of the data, with the choices that this cloud offers.

    The workflow's context contains the cloud's `capabilities`. After cleaning,
    `checksum` is a Checksum or None, and `store` an ID or empty.
    """

    #: Whether the image record is still to be created, which counts against the quota of
    #: images.
    is_new = True

    source = forms.ChoiceField(
        label=_("Image Source"),
        widget=django_forms.Select(attrs={"class": "switchable", "data-slug": "source"}),
    )
    image_file = forms.FileField(
        label=_("Image File"),
        required=False,
        widget=fields.FileChooser(attrs=_switched({FILE: _("Image File")}, required=True)),
    )
    # Name and size of the chosen file; its bytes are sent later.
    file_name = forms.CharField(
        required=False, max_length=checksums.NAME_LENGTH, widget=django_forms.HiddenInput
    )
    file_size = forms.IntegerField(required=False, min_value=0, widget=django_forms.HiddenInput)
    # The script asks for files that it recognizes as compressed.
    decompress = forms.BooleanField(required=False, widget=django_forms.HiddenInput)
    location = forms.CharField(
        label=_("Image Location"),
        required=False,
        help_text=_("The HTTP or HTTPS URL of the image file, not of a web page about it."),
        widget=django_forms.TextInput(
            attrs={
                **_switched(
                    {LOCATION: _("Image Location"), EXTERNAL: _("Image Location")}, required=True
                ),
                "placeholder": "https://example.com/image.qcow2",
            }
        ),
    )
    disk_format = forms.ChoiceField(
        label=_("Format"),
        widget=django_forms.Select(
            attrs={"class": "switchable", "data-slug": "format", "data-hip-format": "true"}
        ),
    )
    checksum = forms.CharField(
        label=_("Expected Checksum"),
        required=False,
        max_length=CHECKSUM_LENGTH,
        help_text=_(
            "The SHA-256, SHA-512 or MD5 checksum from the image's publisher, or the publisher's "
            "whole checksum list. If the data does not match, an uploaded file is not stored. An "
            "imported image that does not match is reported and kept, as the cloud may have "
            "converted it."
        ),
        # A field of one line would remove the line breaks of a pasted list.
        widget=django_forms.Textarea(
            attrs={
                "rows": 2,
                **_switched({FILE: _("Expected Checksum"), LOCATION: _("Expected Checksum")}),
                "autocomplete": "off",
                "spellcheck": "false",
            }
        ),
    )
    store = store_field(_switched({FILE: _("Store"), LOCATION: _("Store")}))

    def __init__(self, request: HttpRequest, context: Mapping[str, Any], *args: Any, **kwargs: Any):
        super().__init__(request, context, *args, **kwargs)
        self.capabilities: Capabilities = context["capabilities"]
        self._offer_sources(request)
        if conf.URL_CHECK.value:
            self.fields["location"].widget.attrs["data-hip-url-check"] = "true"
        if not conf.DECOMPRESSED_GIB.value:
            del self.fields["decompress"]
        self._offer_formats()
        offer_stores(self, self.capabilities.stores)

    @property
    def quota(self) -> Quota | None:
        return self.capabilities.quota

    def get_help_text(self, extra_context: dict[str, Any] | None = None) -> str:
        context = {"quota_lines": quota_words.describe(self.quota), **(extra_context or {})}
        return str(super().get_help_text(context))

    def _offer_sources(self, request: HttpRequest) -> None:
        sources = source_choices(request, self.capabilities.import_methods)
        self.fields["source"].choices = sources
        if not sources:
            self.warnings = _(
                "Images cannot be uploaded here: the cloud allows neither files nor URLs. Ask "
                "the cloud's operator."
            )
        requested = request.GET.get("source")
        if len(sources) == 1:
            self.fields["source"].initial = sources[0][0]
        elif requested in dict(sources):
            self.fields["source"].initial = requested

    def _offer_formats(self) -> None:
        self.fields["disk_format"].choices = self.capabilities.formats

    def clean_checksum(self) -> Checksum | None:
        text = self.cleaned_data["checksum"]
        if not text or self.cleaned_data.get("source") == EXTERNAL:
            return None
        return checksum_refusals.checksum_in(text, self._file_name())

    def _file_name(self) -> str:
        """Name of the file in a publisher's list; empty if it is unknown."""
        return named_file(self.cleaned_data)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        source = data.get("source")
        # The field is kept from a file that was chosen before, and may be switched off.
        data["decompress"] = source == FILE and bool(data.get("decompress"))
        if source == FILE:
            if not data.get("file_name"):
                self.add_error("image_file", _eager("Choose a file."))
            elif not data.get("file_size"):
                self.add_error("image_file", _eager("The file is empty."))
            elif data["file_size"] > LARGEST_SIZE_BYTES:
                refusal = _eager("The file exceeds the maximum image size.")
                self.add_error("image_file", refusal)
        elif source in (LOCATION, EXTERNAL):
            refusal = url_refusal(data.get("location") or "")
            if refusal:
                self.add_error("location", refusal)
        if source == EXTERNAL:
            data["store"] = ""
        if source and not self.errors:
            self._check_quota(source, data.get("file_size"))
        return data

    def _check_quota(self, source: str, file_size_bytes: int | None) -> None:
        size_bytes = file_size_bytes if source == FILE else None
        staged = source == LOCATION or (source == FILE and self.capabilities.stages_files)
        if (
            source == FILE
            and self.quota
            and self.quota.refusal(size_bytes, staged, self.is_new) == UPLOADING
        ):
            return  # The browser may have to wait for a free slot anyway.
        refusal = quota_words.refusal(self.quota, size_bytes, staged, self.is_new)
        if refusal:
            # More quota may be free by now.
            self.capabilities = replace(
                self.capabilities, quota=api_quota.project_quota(self.request)
            )
            refusal = quota_words.refusal(self.quota, size_bytes, staged, self.is_new)
        if refusal:
            self.add_error("image_file" if source == FILE else "location", refusal)


def requested_of(
    data: Mapping[str, Any], disk_format: str | None, container_format: str | None, staged: bool
) -> Requested:
    """Describe the source of the data in a cleaned form, for an image of these formats.

    :param staged: whether a file is going to be staged. An upload records that as well, unless
        the cloud lets nobody change the image
    """
    if data["source"] == LOCATION:
        url = data["location"]
        virtual_bytes = import_size.virtual_of_url(url)
        return Requested.of_url(last_part(url), disk_format, container_format, virtual_bytes)
    if data["source"] == FILE and staged:
        archive = is_archive_name(data.get("file_name") or "")
        return Requested.of_staged(disk_format, container_format, archive=archive)
    return Requested.of_file()


def record_of(
    data: Mapping[str, Any], disk_format: str | None, container_format: str | None, staged: bool
) -> dict[str, str]:
    """Return the properties of a new image's data, with the ID that they name; empty without any.

    They are part of the new record: a cloud may refuse to add a property later.
    """
    image_id = str(uuid.uuid4())
    record: dict[str, str] = {}
    if data["checksum"]:
        requested = requested_of(data, disk_format, container_format, staged)
        record.update(expected_property(image_id, data["checksum"], requested))
    if data.get("decompress"):
        record.update(decompressed_property(image_id, Decompressed()))
    return {"id": image_id, **record} if record else {}


#: Values that a step with these fields contributes to its workflow.
CONTRIBUTIONS = (
    "source",
    "file_name",
    "file_size",
    "decompress",
    "location",
    "disk_format",
    "checksum",
    "store",
)
