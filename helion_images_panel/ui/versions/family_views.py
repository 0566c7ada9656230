# SPDX-License-Identifier: Apache-2.0
"""The dialog Family: an image becomes a version of a family, or leaves it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django import forms as django_forms
from django.http import HttpRequest
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _

from helion_images_panel.api import families
from helion_images_panel.core.family import (
    LATEST,
    NAME_LENGTH,
    NAME_PROPERTY,
    NEW,
    PROPERTY,
    Family,
    default_version,
    family_of,
    family_property,
    family_record,
    is_family_name,
    suggested_family,
)
from helion_images_panel.core.image import Image
from helion_images_panel.core.version_swap import current_latest, journal_of, role_of
from helion_images_panel.exceptions import ImageServiceError
from helion_images_panel.publishing.held_image import hold
from helion_images_panel.publishing.version_refusals import (
    FamilyChanged,
    NoVersion,
    RecordChanged,
    Unfinished,
)
from helion_images_panel.ui.base import fields
from helion_images_panel.ui.base.change_form import ChangeForm
from helion_images_panel.ui.base.views import ImageFormView
from helion_images_panel.ui.versions.version_field import version_field


class FamilyForm(ChangeForm):
    family = fields.LineField(
        label=_("Family"),
        required=False,
        max_length=NAME_LENGTH,
        help_text=_(
            "The name of the family, such as ubuntu-24.04. All versions have the same. Leave it "
            "empty to take the image out of its family."
        ),
        widget=django_forms.TextInput(attrs={"translate": "no", "spellcheck": "false"}),
    )
    version = version_field()

    def clean_family(self) -> str:
        name: str = self.cleaned_data["family"].strip()
        if name and not is_family_name(name):
            raise django_forms.ValidationError(
                _eager("Use visible characters without slashes or line breaks.")
            )
        return name

    def changes(self, data: dict[str, Any]) -> dict[str, Any]:
        name, version = data["family"], data["version"].strip()
        record = family_record(self.image)
        if not name:
            present = (PROPERTY, NAME_PROPERTY)
            return dict.fromkeys(each for each in present if each in self.image.properties)
        if record and (name, version) == (record.name, record.version):
            return {}
        if record and record.name == name:
            family = replace(record, version=version)
        else:
            family = Family(name, version, self._role_in(name))
        return dict(family_property(self.image.id, self.image.owner or "", family))

    def _role_in(self, name: str) -> str:
        """Return the role in another family: the first version is the latest one."""
        versions = families.all_versions(self.request, self.image.owner or "", name)
        return NEW if current_latest(versions, self.image) else LATEST

    def send(self, request: HttpRequest, changes: Mapping[str, Any]) -> None:
        """Change the record while no change of the latest version is running."""
        with hold(request, self.image) as held:
            current = held.current
            if journal_of(current.image):
                raise Unfinished(current.image)
            if current.image.properties.get(PROPERTY) != self.image.properties.get(PROPERTY):
                raise _refusal(self.image, current.image)
            held.write(current.image.visibility, current.publication, changes)


def _refusal(seen: Image, now: Image) -> ImageServiceError:
    """Return the reason for which the record of the image is another one now."""
    family = family_of(seen)
    if family and family_of(now) != family:
        return NoVersion()
    return FamilyChanged() if family and role_of(now) != role_of(seen) else RecordChanged()


class FamilyView(ImageFormView):
    form_class = FamilyForm
    ajax_template_name = "helion_images_panel/versions/_family.html"
    form_id = "family_form"
    modal_id = "family_modal"
    page_title = _("Family")
    submit_label = _("Save")
    url_name = "family"

    def get_initial(self) -> dict[str, Any]:
        return initial_of(self.image)


def initial_of(image: Image) -> dict[str, Any]:
    record = family_record(image)
    if record is None:
        return {"family": suggested_family(image), "version": default_version(image)}
    return {"family": record.name, "version": record.version}
