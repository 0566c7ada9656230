# SPDX-License-Identifier: Apache-2.0
"""Checks of Glance's responses, where they enter: a proxy or a broken service may send anything."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias, TypeVar

from helion_images_panel import exceptions

#: A JSON object of a response.
Json: TypeAlias = Mapping[str, Any]

Value = TypeVar("Value")


def json_object(body: Any) -> Json:
    """Return the body; raise UnexpectedResponse if it is not an object."""
    if not isinstance(body, dict):
        raise exceptions.unexpected_image_response()
    return body


def rows(body: Any, name: str) -> list[Json]:
    """Return the list of objects under this name; raise UnexpectedResponse without one."""
    found = json_object(body).get(name)
    if not isinstance(found, list):
        raise exceptions.unexpected_image_response()
    return [json_object(row) for row in found]


def nested(body: Json, name: str) -> Json:
    """Return the object under this name; an empty one if it is missing or null."""
    found = body.get(name)
    return {} if found is None else json_object(found)


def texts(value: Any) -> list[str]:
    """Return the list of texts, of which null is left out; an empty list for null."""
    found = [] if value is None else value
    if not isinstance(found, list):
        raise exceptions.unexpected_image_response()
    return [text(each) for each in found if each is not None]


def text(value: Any) -> str:
    if not isinstance(value, str):
        raise exceptions.unexpected_image_response()
    return value


def parsed(parse: Callable[[Json], Value], body: Any) -> Value:
    """Return what `parse` makes of the object; raise UnexpectedResponse if it cannot."""
    try:
        return parse(json_object(body))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise exceptions.unexpected_image_response() from error
