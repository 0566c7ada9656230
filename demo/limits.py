# SPDX-License-Identifier: Apache-2.0
"""Limits of projects in Glance, without asking Keystone again for what does not change.

Glance checks three limits for a new image. For each it asks Keystone for the enforcement model
and for its own endpoint, and only then for the limit. That is most of the
time that a small image takes. The limits themselves are read each time.
"""

from typing import Any

from oslo_limit import limit

#: What oslo.limit does not offer to be configured, so a release without these names is slower.
_UNCHANGING = (
    ("Enforcer", "_get_enforcement_model"),
    ("_EnforcerUtils", "_get_endpoint"),
)


def remember_endpoint() -> None:
    """Ask once in this process for the endpoint and for the model."""
    for class_name, name in _UNCHANGING:
        owner = getattr(limit, class_name, None)
        if found := getattr(owner, name, None):
            setattr(owner, name, _once(found))


def _once(found: Any) -> Any:
    kept: list[Any] = []

    def answer(self: Any) -> Any:
        if not kept:
            kept.append(found(self))
        return kept[0]

    return answer
