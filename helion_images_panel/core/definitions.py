# SPDX-License-Identifier: Apache-2.0
"""Glance's metadata definitions of image properties.

Source: Metadata Definitions Service API v2. A namespace defines properties directly,
and in objects that group them; each is a section here.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from helion_images_panel.core import pattern

T = TypeVar("T", int, float)

#: Types of values; any other type is treated as text.
STRING, INTEGER, NUMBER, BOOLEAN, ARRAY = "string", "integer", "number", "boolean", "array"

#: Values that Horizon's own panel writes and Nova reads.
BOOLEANS = ("true", "false")
#: Values that Nova also reads (oslo.utils, bool_from_string).
_ALSO_BOOLEAN = frozenset(("1", "t", "true", "on", "y", "yes", "0", "f", "false", "off", "n", "no"))

_INTEGER = re.compile(r"-?[0-9]{1,40}")
_NUMBER = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?([eE][-+]?[0-9]{1,3})?")
_OPERATOR = re.compile(r"<[a-z-]+>")

# Problems of a value, as returned by `Definition.problem`.
NOT_INTEGER, NOT_NUMBER, NOT_BOOLEAN, NOT_CHOICE = "integer", "number", "boolean", "choice"
TOO_SMALL, TOO_LARGE, TOO_SHORT, TOO_LONG = "small", "large", "short", "long"
NOT_PATTERN, TOO_FEW, TOO_MANY, TWICE = "pattern", "few", "many", "twice"
NOT_DEFINED = "defined"


@dataclass(frozen=True)
class Definition:
    """One property; its name includes the prefix that it has on images.

    `choices` are the allowed values of the property, or of each of its parts; empty if
    any value is allowed. `operators` such as "<or>" may precede parts. `alternatives` are
    the definitions that were joined: a value is valid if one of them allows it.
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
    alternatives: tuple[Definition, ...] = ()

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
            min_length=_integer(body.get("minLength")) or 0,
            max_length=_integer(body.get("maxLength")),
            min_items=_integer(body.get("minItems")) or 0,
            max_items=_integer(body.get("maxItems")),
            unique_items=bool(body.get("uniqueItems")),
            pattern=str(body.get("pattern") or ""),
            default="" if default is None else _text(default),
            readonly=bool(body.get("readonly")),
        )

    @property
    def has_parts(self) -> bool:
        """Whether a value may consist of several, separated by operators or commas."""
        return self.type == ARRAY or bool(self.operators)

    def problem(self, value: str) -> str | None:
        """Return the problem of a value, as a constant of this module; None if it is valid."""
        if not self.alternatives:
            return self._problem_of_one(value)
        if any(each.problem(value) is None for each in self.alternatives):
            return None
        has_one_type = len({each.type for each in self.alternatives}) == 1
        return (self._problem_of_one(value) if has_one_type else None) or NOT_DEFINED

    def _problem_of_one(self, value: str) -> str | None:
        if self.type in (INTEGER, NUMBER):
            # Operators such as ">=" may precede numbers as well.
            numbers = (self._parts(value) if self.operators else ()) or (value,)
            return next(filter(None, map(self._problem_of_number, numbers)), None)
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
        parts = self._parts(value)
        if self.choices and (not parts or not set(parts) <= set(self.choices)):
            return NOT_CHOICE
        if len(parts) < self.min_items:
            return TOO_FEW
        if self.max_items is not None and len(parts) > self.max_items:
            return TOO_MANY
        if self.unique_items and len(set(parts)) < len(parts):
            return TWICE
        return None

    def _parts(self, value: str) -> list[str]:
        """Split a value at operators and commas."""
        own = "|".join(re.escape(each) for each in sorted(self.operators, key=len, reverse=True))
        pieces = re.split(rf"(?:^|(?<=\s))(?:{own})(?=\s)", value) if own else [value]
        parts = (
            part.strip()
            for piece in pieces
            for rest in _OPERATOR.split(piece)
            for part in rest.split(",")
        )
        return [part for part in parts if part]

    def _problem_of_text(self, value: str) -> str | None:
        if len(value) < self.min_length:
            return TOO_SHORT
        if self.max_length is not None and len(value) > self.max_length:
            return TOO_LONG
        return None if pattern.matches(self.pattern, value) else NOT_PATTERN


@dataclass(frozen=True)
class Section:
    """The definitions of a namespace, or of one object in it.

    `required` are names of properties that need a value if any property of the section
    has one.
    """

    key: str
    title: str
    description: str = ""
    definitions: tuple[Definition, ...] = ()
    required: tuple[str, ...] = ()


def sections_of(namespace: Mapping[str, Any]) -> Iterator[Section]:
    """Parse Glance's response to "Show namespace" with a resource type.

    With a resource type, Glance includes the prefix in the names.
    """
    key = str(namespace["namespace"])
    title = str(namespace.get("display_name") or key)
    yield from _section(key, title, namespace)
    for object_ in namespace.get("objects") or ():
        name = str(object_.get("name") or "")
        yield from _section(f"{key}/{name}", f"{title}: {name}", object_)


def _section(key: str, title: str, holder: Mapping[str, Any]) -> Iterator[Section]:
    definitions = [
        Definition.from_glance(name, body)
        for name, body in (holder.get("properties") or {}).items()
    ]
    if definitions:
        definitions.sort(key=lambda definition: (definition.title.casefold(), definition.name))
        names = {each.name for each in definitions}
        required = tuple(name for name in holder.get("required") or () if name in names)
        yield Section(
            key, title, str(holder.get("description") or ""), tuple(definitions), required
        )


def without_duplicates(sections: Iterable[Section]) -> tuple[Section, ...]:
    """Sort the sections by title; a property that several sections define is in the first of
    them, with its definitions joined.
    """
    ordered = sorted(sections, key=lambda each: (each.title.casefold(), each.key))
    by_name: dict[str, list[Definition]] = {}
    for section in ordered:
        for each in section.definitions:
            by_name.setdefault(each.name, []).append(each)
    unique = []
    for section in ordered:
        names = [each.name for each in section.definitions if each.name in by_name]
        if names:
            definitions = tuple(joined(by_name.pop(name)) for name in names)
            required = tuple(name for name in section.required if name in names)
            unique.append(replace(section, definitions=definitions, required=required))
    return tuple(unique)


def joined(definitions: Sequence[Definition]) -> Definition:
    """Join definitions of one property, so that each value that one of them allows is valid.

    Title, default and order of the choices are those of the first.
    """
    alternatives = tuple(dict.fromkeys(one for each in definitions for one in _each(each)))
    first = alternatives[0]
    if len(alternatives) == 1:
        return first
    types = {each.type for each in alternatives}
    choices = [_all_choices(each) for each in alternatives]
    return replace(
        first,
        description="\n".join(dict.fromkeys(filter(None, (d.description for d in alternatives)))),
        type=_common_type(types),
        choices=tuple(dict.fromkeys(itertools.chain(*choices))) if all(choices) else (),
        operators=tuple(dict.fromkeys(itertools.chain(*(d.operators for d in alternatives)))),
        minimum=_widest(min, [each.minimum for each in alternatives]),
        maximum=_widest(max, [each.maximum for each in alternatives]),
        min_length=min(each.min_length for each in alternatives),
        max_length=_widest(max, [each.max_length for each in alternatives]),
        min_items=min(each.min_items for each in alternatives),
        max_items=_widest(max, [each.max_items for each in alternatives]),
        unique_items=all(each.unique_items for each in alternatives),
        pattern=first.pattern if len({each.pattern for each in alternatives}) == 1 else "",
        default=next((each.default for each in alternatives if each.default), ""),
        readonly=any(each.readonly for each in alternatives),
        alternatives=alternatives,
    )


def _each(definition: Definition) -> tuple[Definition, ...]:
    return definition.alternatives or (definition,)


def _common_type(types: set[str]) -> str:
    if len(types) == 1:
        return next(iter(types))
    return NUMBER if types == {INTEGER, NUMBER} else STRING


def _all_choices(definition: Definition) -> tuple[str, ...]:
    """All values that the definition allows; empty if any value is."""
    return BOOLEANS if definition.type == BOOLEAN else definition.choices


def _widest(choose: Callable[[Iterable[T]], T], limits: Sequence[T | None]) -> T | None:
    """The limit that all values keep which keep one of the limits; None without one."""
    known = [limit for limit in limits if limit is not None]
    return choose(known) if len(known) == len(limits) else None


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return ", ".join(map(_text, value))
    return str(value)


def _number(value: Any) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number else None


def _integer(value: Any) -> int | None:
    number = _number(value)
    return None if number is None else int(number)
