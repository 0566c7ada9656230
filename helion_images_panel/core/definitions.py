# SPDX-License-Identifier: Apache-2.0
"""What Glance's metadata definitions say of properties of images.

Source: Metadata Definitions Service API v2. A namespace defines properties by
itself, and in objects that belong together; each is a section here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from helion_images_panel.core import pattern

#: Types of values; whatever else a definition says is text.
STRING, INTEGER, NUMBER, BOOLEAN, ARRAY = "string", "integer", "number", "boolean", "array"

#: As Horizon's own panel writes them, and Nova reads them.
BOOLEANS = ("true", "false")
#: What Nova reads as well (oslo.utils, bool_from_string).
_ALSO_BOOLEAN = frozenset(("1", "t", "true", "on", "y", "yes", "0", "f", "false", "off", "n", "no"))

_INTEGER = re.compile(r"-?[0-9]{1,40}")
_NUMBER = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?([eE][-+]?[0-9]{1,3})?")
_OPERATOR = re.compile(r"<[a-z-]+>")

# What a value can have against its definition.
NOT_INTEGER, NOT_NUMBER, NOT_BOOLEAN, NOT_CHOICE = "integer", "number", "boolean", "choice"
TOO_SMALL, TOO_LARGE, TOO_SHORT, TOO_LONG = "small", "large", "short", "long"
NOT_PATTERN, TOO_FEW, TOO_MANY, TWICE = "pattern", "few", "many", "twice"


@dataclass(frozen=True)
class Definition:
    """One property; its name has the prefix that it has on images.

    `choices` are what the value, or each of its parts, has to be one of; empty
    where it may be anything. `operators` such as "<or>" may stand before parts.
    """

    name: str
    title: str = ""
    description: str = ""
    type: str = STRING
    choices: tuple[str, ...] = ()
    operators: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    min_length: int = 0
    max_length: int | None = None
    min_items: int = 0
    max_items: int | None = None
    unique_items: bool = False
    pattern: str = ""
    default: str = ""
    readonly: bool = False

    @classmethod
    def from_glance(cls, name: str, body: Mapping[str, Any]) -> Definition:
        kind = body.get("type")
        items = body.get("items") or {}
        enum = items.get("enum") if kind == ARRAY else body.get("enum")
        default = body.get("default")
        return cls(
            name=name,
            title=str(body.get("title") or name),
            description=str(body.get("description") or ""),
            type=kind if kind in (INTEGER, NUMBER, BOOLEAN, ARRAY) else STRING,
            choices=tuple(_text(value) for value in enum or ()),
            operators=tuple(str(operator) for operator in body.get("operators") or ()),
            minimum=_number(body.get("minimum")),
            maximum=_number(body.get("maximum")),
            min_length=_whole(body.get("minLength")) or 0,
            max_length=_whole(body.get("maxLength")),
            min_items=_whole(body.get("minItems")) or 0,
            max_items=_whole(body.get("maxItems")),
            unique_items=bool(body.get("uniqueItems")),
            pattern=str(body.get("pattern") or ""),
            default="" if default is None else _text(default),
            readonly=bool(body.get("readonly")),
        )

    @property
    def has_parts(self) -> bool:
        """Whether a value may be made of several, with operators or commas between them."""
        return self.type == ARRAY or bool(self.operators)

    def problem(self, value: str) -> str | None:
        """What is wrong with a value, as one of this module's words; None if nothing is."""
        if self.type in (INTEGER, NUMBER):
            return self._problem_of_number(value)
        if self.type == BOOLEAN:
            return None if value.strip().lower() in _ALSO_BOOLEAN else NOT_BOOLEAN
        if self.has_parts:
            return self._problem_of_parts(value)
        if self.choices and value not in self.choices:
            return NOT_CHOICE
        return self._problem_of_text(value)

    def _problem_of_number(self, value: str) -> str | None:
        form, wrong = (_INTEGER, NOT_INTEGER) if self.type == INTEGER else (_NUMBER, NOT_NUMBER)
        if not form.fullmatch(value.strip()):
            return wrong
        number = float(value)
        if self.minimum is not None and number < self.minimum:
            return TOO_SMALL
        if self.maximum is not None and number > self.maximum:
            return TOO_LARGE
        return NOT_CHOICE if self.choices and value.strip() not in self.choices else None

    def _problem_of_parts(self, value: str) -> str | None:
        parts = list(_parts(value))
        if self.choices and (not parts or not set(parts) <= set(self.choices)):
            return NOT_CHOICE
        if len(parts) < self.min_items:
            return TOO_FEW
        if self.max_items is not None and len(parts) > self.max_items:
            return TOO_MANY
        if self.unique_items and len(set(parts)) < len(parts):
            return TWICE
        return None

    def _problem_of_text(self, value: str) -> str | None:
        if len(value) < self.min_length:
            return TOO_SHORT
        if self.max_length is not None and len(value) > self.max_length:
            return TOO_LONG
        return None if pattern.matches(self.pattern, value) else NOT_PATTERN


@dataclass(frozen=True)
class Section:
    """Definitions that belong together: of a namespace, or of one object in it.

    `required` are names that have to have values where any of the section has.
    """

    key: str
    title: str
    description: str = ""
    definitions: tuple[Definition, ...] = ()
    required: tuple[str, ...] = ()


def sections_of(namespace: Mapping[str, Any]) -> Iterator[Section]:
    """Reads Glance's "Show namespace", asked for with a resource type.

    Glance then has given the names their prefix already.
    """
    key = str(namespace["namespace"])
    title = str(namespace.get("display_name") or key)
    yield from _section(key, title, namespace)
    for each in namespace.get("objects") or ():
        name = str(each.get("name") or "")
        yield from _section(f"{key}/{name}", f"{title}: {name}", each)


def _section(key: str, title: str, holder: Mapping[str, Any]) -> Iterator[Section]:
    definitions = [
        Definition.from_glance(name, body)
        for name, body in (holder.get("properties") or {}).items()
    ]
    if definitions:
        definitions.sort(key=lambda each: (each.title.casefold(), each.name))
        names = {each.name for each in definitions}
        required = tuple(name for name in holder.get("required") or () if name in names)
        yield Section(
            key, title, str(holder.get("description") or ""), tuple(definitions), required
        )


def each_once(sections: Iterable[Section]) -> tuple[Section, ...]:
    """The sections by title; a property that several define belongs to the first of them."""
    seen: set[str] = set()
    found = []
    for section in sorted(sections, key=lambda each: (each.title.casefold(), each.key)):
        own = tuple(each for each in section.definitions if each.name not in seen)
        if own:
            seen.update(each.name for each in own)
            required = tuple(n for n in section.required if n in {each.name for each in own})
            found.append(Section(section.key, section.title, section.description, own, required))
    return tuple(found)


def _parts(value: str) -> Iterator[str]:
    for piece in _OPERATOR.split(value):
        for part in piece.split(","):
            if part.strip():
                yield part.strip()


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


def _number(value: Any) -> float | None:
    known = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if known else None


def _whole(value: Any) -> int | None:
    number = _number(value)
    return None if number is None else int(number)
