# SPDX-License-Identifier: Apache-2.0
"""The choice of Add Official Image to add the image as a version of a family."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django import forms as django_forms
from django.http import HttpRequest
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _
from horizon import forms

from helion_images_panel.api import families
from helion_images_panel.catalogue.entries import Build
from helion_images_panel.core import tags
from helion_images_panel.core.family import family_label, is_version, next_version_property
from helion_images_panel.core.image import Image
from helion_images_panel.core.version_swap import dated_name, plain_name
from helion_images_panel.core.version_values import fits
from helion_images_panel.ui.base.errors import or_default

#: Value of the field for an image without a family. Horizon's script shows fields by it.
NONE = "none"

#: The fields whose values come from the family's latest version.
_TAKEN = ("name", "tags", "protected")


def fitting_families(request: HttpRequest, properties: Mapping[str, str]) -> list[Image]:
    """Return the latest version of each family of the active project that an image of these
    properties can be a version of; none if Glance does not list them.
    """

    def listed(project_id: str) -> list[Image]:
        return families.latest_among(families.newest_of_project(request, project_id))

    none: list[Image] = []
    latest = or_default(listed, none, "the families that an official image fits")
    return [image for image in latest(request.user.project_id) if fits(image, properties)]


def version_of_build(build: Build) -> str:
    """Return the label of the version: the day of the build, its name, or today."""
    for text in (build.build_date[:10], build.version):
        if text and is_version(text):
            return text
    return datetime.now(UTC).date().isoformat()


def family_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("As a Version Of"),
        required=False,
        help_text=_(
            "The image takes the name, the tags and the protection from the latest version of "
            "the family. It is private until you select Make It the Latest."
        ),
        widget=django_forms.Select(attrs={"class": "switchable", "data-slug": "family"}),
    )


@dataclass(frozen=True)
class FamilyChoice:
    """The families that fit, and the values that the form has for each of them.

    :ivar latest: the latest version of each
    :ivar own: values of an image without a family, by the names of the fields
    """

    latest: Sequence[Image]
    version: str
    own: Mapping[str, Any]

    def offer(self, form: django_forms.BaseForm) -> None:
        """Offer the families with their values, or remove the field if none fits. The only one
        that fits is chosen at first.
        """
        if not self.latest:
            del form.fields["family"], form.fields["family_shown"]
            return
        first = self.latest[0].id if len(self.latest) == 1 else NONE
        form.fields["family"].choices = [
            (NONE, _eager("None")),
            *((each.id, family_label(each)) for each in self.latest),
        ]
        form.fields["family"].initial = form.fields["family_shown"].initial = first
        for name, value in self.values(first).items():
            if name in form.fields:
                form.fields[name].initial = value
        if "audience" in form.fields:
            # It follows when the version becomes the latest.
            attrs = form.fields["audience"].widget.attrs
            label = form.fields["audience"].label
            attrs |= {"class": "switched", "data-switch-on": "family", f"data-family-{NONE}": label}

    def values(self, chosen: str) -> Mapping[str, Any]:
        latest = self.named(chosen)
        if latest is None:
            return self.own
        both = dict.fromkeys((*tags.split(self.own["tags"]), *latest.tags))
        return {
            "name": dated_name(plain_name(latest), self.version),
            "tags": tags.joined(tuple(both)),
            "protected": latest.protected,
        }

    def named(self, chosen: str) -> Image | None:
        """Return the latest version of the family that was chosen; None for none."""
        return next((each for each in self.latest if each.id == chosen), None)

    def replaced(self, shown: str, chosen: str, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the values that differ between two choices, without those that the user has
        changed.
        """
        before, after = self.values(shown), self.values(chosen)
        return {name: after[name] for name in _TAKEN if _same(name, data.get(name), before[name])}

    def record(self, image_id: str, latest: Image) -> Mapping[str, str]:
        """Build the record of the new version, as a part of the new image."""
        return next_version_property(image_id, latest.owner, latest, self.version)


def _same(name: str, now: Any, before: Any) -> bool:
    if name == "tags":
        return set(tags.split(str(now or ""))) == set(tags.split(str(before or "")))
    return bool(now) == bool(before) if name == "protected" else str(now or "") == before
