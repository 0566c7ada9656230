# SPDX-License-Identifier: Apache-2.0
"""Glance's metadata definitions that apply to images."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.utils.translation import gettext as _

from helion_images_panel.api import images, metadefs
from helion_images_panel.core.definitions import Definition, Section
from helion_images_panel.core.image import Image
from helion_images_panel.ui.base.errors import or_default
from helion_images_panel.ui.metadata.names import NAME_PATTERN, is_editable


def load_sections(request: HttpRequest) -> tuple[Section, ...] | None:
    """Return the definitions; None if Glance does not return them, as properties can be edited
    without.
    """
    return or_default(metadefs.sections, None, "the metadata definitions")(request)


def load_required(request: HttpRequest) -> tuple[Definition, ...]:
    """Return the properties that this cloud requires; none if Glance does not return them."""
    schema = or_default(images.recent_image_schema, None, "the properties that the cloud requires")
    found = schema(request)
    return found.required if found else ()


def required_section(required: tuple[Definition, ...]) -> tuple[Section, ...]:
    """Return the section of these properties; none without any."""
    if not required:
        return ()
    names = tuple(each.name for each in required)
    return (Section("", _("Required by This Cloud"), "", required, names),)


def by_name(sections: Iterable[Section]) -> dict[str, Definition]:
    """Return the definitions by property: that of the first section, if several have one."""
    return {each.name: each for section in reversed([*sections]) for each in section.definitions}


def refusal(name: str, definition: Definition | None) -> str:
    """Return why a user cannot add a property of this name; empty if that is possible."""
    if definition is None and not NAME_PATTERN.fullmatch(name):
        return _("Use only letters, digits, and the characters _ . : - in a property name.")
    if not is_editable(name) or (definition and definition.readonly):
        return _("This property cannot be set here.")
    return ""


def addable(section: Section, image: Image) -> list[Definition]:
    """Return the definitions of a section that the image does not have, and a user may add."""
    return [
        definition
        for definition in section.definitions
        if definition.name not in image.properties
        and is_editable(definition.name)
        and not definition.readonly
    ]
