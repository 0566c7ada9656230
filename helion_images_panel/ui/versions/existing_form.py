# SPDX-License-Identifier: Apache-2.0
"""The form with which an existing image becomes a version of a family.

It is sent twice: the values of the latest version are compared first, and nothing is changed
until the user has seen the comparison.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms as django_forms
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _eager
from horizon import forms

from helion_images_panel import exceptions
from helion_images_panel.core.definitions import Definition
from helion_images_panel.core.family import (
    NEW,
    default_version,
    family_of,
    family_record,
    next_version_property,
)
from helion_images_panel.core.image import Image
from helion_images_panel.core.image_schema import typed_changes
from helion_images_panel.core.version_values import NAME, Takeover, takeover
from helion_images_panel.core.visible_text import isolated
from helion_images_panel.publishing.held_image import HeldImage, hold
from helion_images_panel.publishing.version_refusals import FamilyChanged, state_refusal
from helion_images_panel.ui.base import labels, messages
from helion_images_panel.ui.base.change_form import not_confirmed
from helion_images_panel.ui.base.image_form import ImageForm
from helion_images_panel.ui.metadata.definitions import load_required
from helion_images_panel.ui.metadata.names import is_editable
from helion_images_panel.ui.versions.version_field import version_field


@dataclass(frozen=True)
class Joining:
    """An image, and the version whose values it takes.

    :ivar version: the label that the image gets
    """

    image: Image
    latest: Image
    version: str

    @property
    def takeover(self) -> Takeover:
        version = self.version or default_version(self.image)
        return takeover(self.image, self.latest, version, is_editable)

    @property
    def digest(self) -> str:
        parts = (self.image.id, self.latest.id, self.version, self.takeover.digest)
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]

    @property
    def obstacle(self) -> str:
        """Why the image cannot become the latest version in its present state; may be empty."""
        return state_refusal(self.image, NEW) or ""


class ExistingVersionForm(ImageForm):
    """`other` is the latest version of a family for an image without a family, and otherwise the
    image that becomes a version. `confirmed` is the digest of what the user was shown. The
    check boxes `take` are no field: their names are known only after `other` is. `shown` are the
    names of those that the user has seen.
    """

    other = forms.ChoiceField(widget=django_forms.Select())
    version = version_field()
    confirmed = forms.CharField(required=False, max_length=64, widget=django_forms.HiddenInput())

    #: What is going to be done, and is shown; None before the first choice.
    joining: Joining | None = None
    #: Values of the latest version that the image takes.
    ticked: Collection[str] = ()

    def __init__(
        self,
        request: HttpRequest,
        *args: Any,
        image: Image,
        others: Sequence[tuple[Image, str]],
        latest: Image | None,
        fitting: str,
        **kwargs: Any,
    ):
        """:param others: images to choose from, each with its label
        :param latest: the version to take values of; None to choose one
        :param fitting: ID of the one that is chosen at first; may be empty
        """
        super().__init__(request, *args, image=image, **kwargs)
        self._others = {each.id: each for each, _label in others}
        self._latest = latest
        other = self.fields["other"]
        other.label = _eager("Image") if latest else _eager("Family")
        other.choices = [("", _eager("Select one")), *((each.id, label) for each, label in others)]
        if not self.is_bound and fitting:
            self.initial["other"] = fitting
            self._show(self._joining(fitting, self.initial.get("version", "")))

    def _joining(self, other_id: str, version: str) -> Joining | None:
        other = self._others.get(other_id)
        if other is None:
            return None
        if self._latest is not None:
            return Joining(other, self._latest, version)
        return Joining(self.image, other, version)

    def _show(
        self, joining: Joining | None, ticked: Sequence[str] = (), seen: Sequence[str] = ()
    ) -> None:
        """Show the comparison, and have it confirmed by the next request.

        :param seen: values that the user could tick; the others are as they are at first
        """
        self.joining = joining
        at_first = joining.takeover.chosen_at_first if joining else ()
        self.ticked = {*ticked, *at_first} - {*seen}.difference(ticked)
        digest = joining.digest if joining else ""
        if self.is_bound:
            self.data: QueryDict = self.data.copy()
            self.data["confirmed"] = digest
        else:
            self.initial["confirmed"] = digest

    @property
    def additions(self) -> list[tuple[str, str, bool]]:
        """Name and value of each that the image lacks, and whether it is chosen."""
        found = self.joining.takeover.added if self.joining else {}
        return [(name, value, name in self.ticked) for name, value in found.items()]

    @property
    def differences(self) -> list[tuple[Any, bool]]:
        """Each difference, and whether the value of the latest version is chosen."""
        found = self.joining.takeover.differing if self.joining else ()
        return [(each, each.name in self.ticked) for each in found]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        joining = self._joining(data.get("other", ""), (data.get("version") or "").strip())
        if joining is None:
            return data
        was_shown = data.get("confirmed") == joining.digest
        self._show(joining, self.data.getlist("take"), self.data.getlist("shown"))
        data |= {"is_confirmed": was_shown, "chosen": self.ticked}
        return data

    def handle(self, request: HttpRequest, data: Mapping[str, Any]) -> bool:
        joining = self.joining
        if joining is None or not data.get("is_confirmed"):
            return False
        try:
            required = load_required(request)
            with hold(request, joining.image) as held:
                name = _join(held, joining, data["chosen"], required)
        except exceptions.UnexpectedResponse as error:
            self.change_refused(error, not_confirmed(error))
            return False
        except exceptions.ImageServiceError as error:
            message = _eager("The image was not changed. %(reason)s") % {"reason": error}
            self.change_refused(error, message)
            return False
        message = _eager(
            "%(image)s is a version of %(family)s now. Select Make It the Latest in its menu to "
            "replace the latest version."
        )
        values = {"image": labels.inert(name), "family": labels.inert(family_of(joining.latest))}
        messages.success(request, message % values)
        return True


def _join(
    held: HeldImage, joining: Joining, chosen: Collection[str], required: Sequence[Definition]
) -> str:
    """Record the version with all that it takes, in one request; return its name.

    Raise FamilyChanged if it is not the change that the user has seen.
    """
    image, latest = held.current.image, joining.latest
    now = Joining(image, latest, joining.version)
    if now.digest != joining.digest or family_record(image) is not None:
        raise FamilyChanged()
    record = next_version_property(image.id, image.owner, latest, joining.version)
    changes = {**typed_changes(required, now.takeover.changes(image, chosen)), **record}
    held.write(image.visibility, held.current.publication, changes)
    return isolated(str(changes.get(NAME) or image.bare_name))


def label_of_image(image: Image) -> str:
    day = default_version(image)
    name = f"{image.display_name} ({day})" if day else image.display_name
    return _eager("%(image)s, snapshot") % {"image": name} if image.is_snapshot else name
