# SPDX-License-Identifier: Apache-2.0
"""Values that are computed once per request."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, TypeVar

Value = TypeVar("Value")

#: Attributes of the request for values that depend on the token's project, and for those
#: of the user.
_OF_PROJECT = "_helion_images_of_project"
_OF_USER = "_helion_images_of_person"


def per_request(
    request: Any, name: str, make: Callable[[], Value], *, scoped_to_project: bool
) -> Value:
    """Return the value that `make` returned first in this request; exceptions are not cached.

    :param scoped_to_project: whether the value depends on the project of the request's
        token. If not, it is shared with the copies of the request that act in other
        projects: see `api.rescope`.
    """
    cached: dict[str, Any] = request.__dict__.setdefault(
        _OF_PROJECT if scoped_to_project else _OF_USER, {}
    )
    if name not in cached:
        cached[name] = make()
    value: Value = cached[name]
    return value


def copy_for_project(request: Any) -> Any:
    """Copy the request shallowly for a token of another project; only values of the user are
    shared.
    """
    request.__dict__.setdefault(_OF_USER, {})
    copied = copy.copy(request)
    copied.__dict__.pop(_OF_PROJECT, None)
    return copied
