# SPDX-License-Identifier: Apache-2.0
"""The result of sharing an image with each of several projects, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from helion_images_panel.ui.base import labels, messages
from helion_images_panel.ui.base.errors import reason
from helion_images_panel.ui.sharing.project_lookup import ProjectLookup

ADDED, KNOWN, REJECTED, FAILED = "added", "known", "rejected", "failed"


@dataclass(frozen=True)
class Result:
    """The result for one project; `reason` is why it failed."""

    label: str
    outcome: str
    reason: str = ""


def result_of(lookup: ProjectLookup, error: Exception | None) -> Result:
    if error is None:
        return Result(lookup.label, ADDED)
    status = getattr(error, "status", None)
    if status == 409:
        return Result(lookup.label, KNOWN)
    if status == 413:
        too_many = _(
            "The image has reached this cloud's limit of members. Remove members that are no "
            "longer needed."
        )
        return Result(lookup.label, FAILED, too_many)
    return Result(lookup.label, FAILED, reason(error))


def refused(lookups: Sequence[ProjectLookup]) -> list[Result]:
    """Return the results of the projects that the image cannot be shared with."""
    return [Result(lookup.written, FAILED, lookup.refusal) for lookup in lookups if lookup.refusal]


def reasons_of(results: Sequence[Result]) -> list[str]:
    return [
        _("%(project)s – %(reason)s")
        % {"project": result.label, "reason": result.reason.rstrip(".")}
        for result in results
    ]


def not_shared_message(reasons: str) -> str:
    return _("Image not shared with: %(reasons)s.") % {"reasons": reasons}


def unverified_message(lookups: Sequence[ProjectLookup], errors: Sequence[Exception | None]) -> str:
    """Return a remark on the IDs that nobody has looked up; empty for none.

    A mistyped one looks like success.
    """
    unverified = [
        lookup.written
        for lookup, error in zip(lookups, errors, strict=True)
        if error is None and not lookup.verified
    ]
    if not unverified:
        return ""
    return _(
        "It could not be checked whether these projects exist: %(projects)s. Compare the "
        "IDs with those that the projects show under Shared with Me. A wrong ID can be "
        "removed in the tab Access."
    ) % {"projects": labels.inert(messages.joined(unverified))}
