# SPDX-License-Identifier: Apache-2.0
"""The schema of images, by which a cloud restricts formats and requires properties.

Source: Image service API v2, "Show image schema". Operators add properties, and the list
`required`, by Glance's file schema-image.json.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from helion_images_panel.core.definitions import BOOLEAN, INTEGER, NUMBER, Definition
from helion_images_panel.core.image import BASE_ATTRIBUTES

#: Glance's defaults of attributes that a cloud may require a client to send.
_DEFAULTS: Mapping[str, Any] = {
    "min_disk": 0,
    "min_ram": 0,
    "protected": False,
    "os_hidden": False,
    "visibility": "shared",
    "tags": [],
}

_TRUE = frozenset(("1", "t", "true", "on", "y", "yes"))


@dataclass(frozen=True)
class ImageSchema:
    """`required` are the custom properties that each image needs; `required_attributes` are
    Glance's own attributes that a client has to send.
    """

    disk_formats: tuple[str, ...] = ()
    container_formats: tuple[str, ...] = ()
    required: tuple[Definition, ...] = ()
    required_attributes: tuple[str, ...] = ()

    @classmethod
    def from_glance(cls, body: Mapping[str, Any]) -> ImageSchema:
        properties = body["properties"]
        names = [name for name in body.get("required") or () if isinstance(name, str)]
        return cls(
            tuple(name for name in properties["disk_format"]["enum"] if name),
            tuple(name for name in properties["container_format"]["enum"] if name),
            tuple(
                Definition.from_glance(name, properties.get(name) or {})
                for name in dict.fromkeys(names)
                if name not in BASE_ATTRIBUTES
            ),
            tuple(name for name in dict.fromkeys(names) if name in BASE_ATTRIBUTES),
        )

    @property
    def required_names(self) -> tuple[str, ...]:
        """Names of everything that a client has to send for each image."""
        return (*(each.name for each in self.required), *self.required_attributes)

    @property
    def may_refuse_changes(self) -> bool:
        """Whether Glance may refuse to change images: 32 and 33 compare each value of a change
        by itself with the required names.
        """
        return bool(self.required_names)

    def default_attributes(self) -> dict[str, Any]:
        """Return the required attributes that a form may leave out, with Glance's defaults."""
        return {name: _DEFAULTS[name] for name in self.required_attributes if name in _DEFAULTS}


def typed(definition: Definition, value: str) -> Any:
    """Convert a valid value to the type of the schema, which Glance compares."""
    text = value.strip()
    if definition.type == INTEGER:
        return int(text)
    if definition.type == NUMBER:
        return float(text)
    if definition.type == BOOLEAN:
        return text.lower() in _TRUE
    return value


def typed_changes(required: Iterable[Definition], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return changes of properties with the required ones as Glance compares them with the
    schema; a value that the schema does not allow stays as it is.
    """
    definitions = {each.name: each for each in required}

    def sent(name: str, value: Any) -> Any:
        definition = definitions.get(name)
        if definition is None or not value or definition.problem(value):
            return value
        return typed(definition, value)

    return {name: sent(name, value) for name, value in changes.items()}
