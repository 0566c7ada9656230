# SPDX-License-Identifier: Apache-2.0
"""Properties that a user enters as text: one in each line, name = value."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from helion_images_panel.core.definitions import Definition
from helion_images_panel.ui.base import fields
from helion_images_panel.ui.metadata.definitions import refusal
from helion_images_panel.ui.metadata.fields import problem


@dataclass(frozen=True)
class Problem:
    """What is wrong with a line. `is_of_value`: the user may confirm such a value."""

    line: int
    reason: str
    is_of_value: bool = False

    @property
    def message(self) -> str:
        return _("Line %(number)s: %(reason)s") % {"number": self.line, "reason": self.reason}


def read(
    text: str, definitions: Mapping[str, Definition], elsewhere: Collection[str]
) -> tuple[dict[str, str], list[Problem]]:
    """Return the properties of a text, and what is wrong with its lines.

    :param elsewhere: properties that have a field of their own
    """
    properties: dict[str, str] = {}
    problems: list[Problem] = []
    for number, name, value in lines(text):
        definition = definitions.get(name)
        if not name or not value:
            reason = _("Write a name and a value: name = value.")
        elif name in elsewhere:
            reason = _("%(name)s has a field of its own in this form.") % {"name": name}
        elif name in properties:
            reason = _("%(name)s is in another line too.") % {"name": name}
        else:
            reason = refusal(name, definition)
        if reason:
            problems.append(Problem(number, reason))
            continue
        properties[name] = value
        if reason := problem(definition, value):
            problems.append(Problem(number, f"{name}: {reason}", is_of_value=True))
    return properties, problems


def lines(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield number, name and value of each line that is not empty."""
    for number, line in enumerate(fields.one_newline(text).split("\n"), 1):
        if line.strip():
            name, _equals, value = line.partition("=")
            yield number, name.strip(), value.strip()
