# SPDX-License-Identifier: Apache-2.0
"""Values that are looked up once in a request."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, TypeVar

Value = TypeVar("Value")

#: Where a request keeps them: those of its project, and those of its person.
_OF_PROJECT = "_helion_images_of_project"
_OF_PERSON = "_helion_images_of_person"


def per_request(
    request: Any, name: str, make: Callable[[], Value], *, scoped_to_project: bool
) -> Value:
    """Return what `make` returned the first time in this request; its errors are not kept.

    :param scoped_to_project: whether the value depends on the project of the
        request's token. If not, it also holds for the copies of the request that
        act in other projects: see `api.rescope`.
    """
    kept: dict[str, Any] = request.__dict__.setdefault(
        _OF_PROJECT if scoped_to_project else _OF_PERSON, {}
    )
    if name not in kept:
        kept[name] = make()
    value: Value = kept[name]
    return value


def copy_for_project(request: Any) -> Any:
    """A shallow copy that is to get another project's token: it knows its person's values only."""
    request.__dict__.setdefault(_OF_PERSON, {})
    copied = copy.copy(request)
    copied.__dict__.pop(_OF_PROJECT, None)
    return copied
