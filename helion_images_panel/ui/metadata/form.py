# SPDX-License-Identifier: Apache-2.0
"""Update Metadata: an image's properties, with Glance's metadata definitions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.forms.utils import ErrorDict
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from horizon import forms

from helion_images_panel.core.definitions import Definition, Section
from helion_images_panel.core.image import Image
from helion_images_panel.ui.base import fields, messages
from helion_images_panel.ui.metadata import concurrent
from helion_images_panel.ui.metadata.definitions import addable, by_name, refusal, required_section
from helion_images_panel.ui.metadata.fields import PropertyField, problem
from helion_images_panel.ui.metadata.names import (
    PREFIX,
    encoded,
    field_name,
    is_editable,
    property_name,
)
from helion_images_panel.ui.metadata.rows import Group, as_posted, groups_of
from helion_images_panel.ui.metadata.sending import PropertiesForm

#: Maximum number of properties that one form may add. Glance allows 128 properties by
#: default, and Django a thousand fields, of which each property has three.
MOST_ADDED = 200

#: Maximum number of suggestions for browsers without scripts.
MOST_SUGGESTED = 512


class MetadataForm(PropertiesForm):
    """A field for each property that the image has, and for each that is being added.

    Other posted names are ignored. `adding` moves the posted "new_name" or
    "add_section" into the form as new fields; errors are not reported then.
    """

    new_name = forms.CharField(
        label=_("New Property"),
        required=False,
        help_text=_(
            "Search by title, name or group, for example Disk Bus, or enter a name of your own."
        ),
    )
    new_value = forms.CharField(label=_("Value"), required=False, max_length=fields.VALUE_LENGTH)

    def __init__(
        self,
        request: HttpRequest,
        *args: Any,
        image: Image,
        sections: tuple[Section, ...] | None,
        required: tuple[Definition, ...] = (),
        adding: bool = False,
        **kwargs: Any,
    ):
        """:param sections: Glance's definitions; None where they are not available
        :param required: properties that this cloud requires on each image
        """
        self.without_definitions = sections is None
        self.required = {each.name: each for each in required if is_editable(each.name)}
        self.sections = (*required_section(required), *(sections or ()))
        # The cloud's own schema, which is the first, decides.
        self.definitions = by_name(self.sections)
        #: Posted value of the box that confirms an invalid value, by property, and the
        #: properties whose box was ticked.
        self.to_confirm: dict[str, str] = {}
        self.outside: list[str] = []
        self.is_adding = adding
        self._adding_error = ""
        if kwargs.get("data") is not None:
            kwargs["data"] = concurrent.with_removed(as_posted(kwargs["data"]), image)
        if adding:
            kwargs["data"] = self._with_added(kwargs["data"], image)
        super().__init__(request, *args, image=image, **kwargs)
        new = {name: self.fields.pop(name) for name in ("new_name", "new_value")}
        posted, gone = (
            self.data.getlist(name)[:MOST_ADDED] if self.is_bound else []
            for name in ("added", "gone")
        )
        self.added = [
            name
            for name in dict.fromkeys(posted)
            if name not in image.properties and (name in gone or not self._refusal(name))
        ]
        for name in self._names():
            value = image.properties.get(name)
            self.fields[field_name(name)] = PropertyField(
                name,
                self.definitions.get(name),
                "" if value is None else str(value),
                self.data.get(field_name(name)) if self.is_bound else None,
                label=self._title(name),
            )
        self.fields.update(new)
        self.fields["new_name"].widget = fields.SuggestingInput(self._suggestions())
        if adding:
            self._errors = ErrorDict()
            self.cleaned_data: dict[str, Any] = {}
            if self._adding_error:
                self.add_error("new_name", self._adding_error)

    # Contents of the form.

    def _with_added(self, data: QueryDict, image: Image) -> QueryDict:
        """Return the posted data with the properties to add."""
        data = data.copy()
        keys = data.getlist("add_section")
        for section in self.sections:
            if section.key in keys:
                data.setlistdefault("added").extend(each.name for each in addable(section, image))
        if len(data.getlist("added")) > MOST_ADDED:
            self._adding_error = _eager("Save these properties before you add more.")
            data.setlist("added", data.getlist("added")[:MOST_ADDED])
        name = data.get("new_name", "").strip()
        if not name:
            return data
        if name in image.properties or name in data.getlist("added"):
            self._adding_error = _eager("The image already has this property.")
        else:
            self._adding_error = self._refusal(name)
        if not self._adding_error:
            data.appendlist("added", name)
            data[field_name(name)] = data.get("new_value", "")
            data["new_name"] = data["new_value"] = ""
        return data

    def _refusal(self, name: str) -> str:
        return refusal(name, self.definitions.get(name))

    def _names(self) -> list[str]:
        """Return the properties in the form: existing, added, and those that these require."""
        known = sorted(filter(is_editable, self.image.properties))
        names = dict.fromkeys([*self.required, *known, *self.added])
        for section in self.sections:
            if any(each.name in names for each in section.definitions):
                names.update(dict.fromkeys(n for n in section.required if not self._refusal(n)))
        return list(names)

    def _suggestions(self) -> dict[str, str]:
        """Return suggestions for browsers without scripts: names and titles, by title."""
        possible = [each for section in self.sections for each in addable(section, self.image)]
        possible.sort(key=lambda each: each.title.casefold())
        return {each.name: each.title for each in possible[:MOST_SUGGESTED]}

    def _title(self, name: str) -> str:
        definition = self.definitions.get(name)
        title = settings.IMAGE_CUSTOM_PROPERTY_TITLES.get(name)
        return str(title or (definition.title if definition else name))

    @property
    def new_to_confirm(self) -> str:
        """The confirmation of an invalid value of the new property; empty if there is none."""
        return self.to_confirm.get(self.data.get("new_name", "").strip(), "")

    @property
    def groups(self) -> Iterator[Group]:
        return groups_of(self)

    # Changes of the user.

    def clean_new_name(self) -> str:
        name = self.cleaned_data["new_name"].strip()
        if not name:
            return ""
        refusal = self._refusal(name)
        if refusal:
            raise forms.ValidationError(refusal)
        if field_name(name) in self.fields:
            raise forms.ValidationError(_eager("The image already has this property."))
        return str(name)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        name, value = data.get("new_name"), data.get("new_value")
        if value and not name and "new_name" not in self.errors:
            self.add_error("new_name", _eager("Enter a name for this property."))
        if name and not value and "new_value" not in self.errors:
            self.add_error(
                "new_name", _eager("Enter a value for this property, or leave the name empty.")
            )
        if not self.errors:
            changes = self.changes(data)
            self._check_values(changes)
            for name, message in concurrent.conflicts(self, changes).items():
                self._add_property_error(name, message)
            self._check_required(changes)
        return data

    def changes(self, data: dict[str, Any]) -> dict[str, Any]:
        changes: dict[str, Any] = {
            property_name(name): data[name] or None
            for name in self.changed_data
            if name.startswith(PREFIX)
        }
        for name in self.data.getlist("remove"):
            field = self.fields.get(field_name(name))
            if field and not field.disabled:
                changes[name] = None
        if data["new_name"]:
            changes[data["new_name"]] = data["new_value"]
        return {
            name: value
            for name, value in changes.items()
            if value is not None or name in self.image.properties
        }

    def _add_property_error(self, name: str, reason: str) -> None:
        """Add an error to the property's field, or to the field of a new property."""
        if field_name(name) in self.fields:
            self.add_error(field_name(name), reason)
        else:
            self.add_error("new_name", f"{name}: {reason}")

    def _check_values(self, changes: Mapping[str, Any]) -> None:
        """Report invalid values, which the user can confirm one by one: services may accept
        values that the definitions do not have yet.
        """
        confirmed = {fields.one_newline(each) for each in self.data.getlist("confirmed")}
        for name, value in changes.items():
            message = problem(self.definitions.get(name), value or "")
            if not message:
                continue
            # A box that was ticked for another value does not count.
            confirmation = f"{encoded(name)}={value}"
            if confirmation in confirmed:
                self.outside.append(name)
            else:
                self._add_property_error(name, message)
            self.to_confirm[name] = confirmation

    def _check_required(self, changes: Mapping[str, Any]) -> None:
        """Check only sections that the user has changed, and not emptied, and what the cloud
        requires.
        """
        after = {**self.image.properties, **changes}
        for name in self.required if changes else ():
            if not after.get(name):
                self._add_property_error(name, _eager("This cloud requires a value."))
        for section in self.sections:
            names = {each.name for each in section.definitions}
            if not names.isdisjoint(changes) and any(after.get(name) for name in names):
                for name in section.required:
                    if not after.get(name):
                        reason = _eager("This property is required in %(group)s.")
                        self._add_property_error(name, reason % {"group": section.title})

    def handle(self, request: HttpRequest, data: dict[str, Any]) -> bool:
        handled = super().handle(request, data)
        if handled and self.outside:
            message = ngettext(
                "The value of %(names)s does not match its definition. Check that the cloud's "
                "services understand it.",
                "The values of %(names)s do not match their definitions. Check that the cloud's "
                "services understand them.",
                len(self.outside),
            )
            messages.warning(request, message % {"names": messages.joined(self.outside)})
        return handled
