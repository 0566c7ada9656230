# SPDX-License-Identifier: Apache-2.0
"""What is known of an image's data, in words, and who may have it checked."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from helion_images_panel import policy
from helion_images_panel.core import verification
from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.image import Image
from helion_images_panel.core.verification import MISMATCH, PENDING, VERIFIED
from helion_images_panel.ui.base import labels
from helion_images_panel.ui.scopes.scope import PanelScope

LABELS = {
    VERIFIED: _("Verified"),
    MISMATCH: _("Checksum mismatch"),
    PENDING: _("Not verified"),
}


def state_label(state: str) -> str:
    """Of a state of `core.verification.state_of`; empty where nothing is known."""
    return str(LABELS.get(state, ""))


def may_check(request: HttpRequest, scope: PanelScope, image: Image) -> bool:
    """Whether a check is of use, and this person may: a mismatch removes the image.

    What was found wrong may have been spoilt as it was read.
    """
    return (
        verification.state_of(image) in (PENDING, MISMATCH)
        and verification.expected_of(image) is not None
        # Of a deactivated image Glance gives no data away.
        and image.status == "active"
        and scope.may_write(request, image)
        and policy.allows(request, policy.MODIFY_IMAGE, image)
        and policy.allows(request, policy.DELETE_IMAGE, image)
    )


def check_is_due(request: HttpRequest, scope: PanelScope, image: Image) -> bool:
    """Whether this person's page is to have the check made without being asked.

    Only its owner's view does: an admin's look at a list moves no data. Of
    what was found wrong the owner is told once more, and it is removed then.
    """
    return (
        (verification.state_of(image) == PENDING or verification.is_known_wrong(image))
        and scope.checks_by_itself
        and image.owner == request.user.project_id
        and may_check(request, scope, image)
    )


@dataclass(frozen=True)
class VerificationSummary:
    """What the details tell; `claimed` is the checksum that the data should have.

    `actual` is the one of the same kind that they have, None where nobody knows.
    """

    state: str
    claimed: Checksum | None = None
    actual: Checksum | None = None
    at_label: str = ""
    by: str = ""


def summary_of(image: Image) -> VerificationSummary:
    state = verification.state_of(image)
    expected, verified = verification.expected_of(image), verification.verified_of(image)
    if state == VERIFIED and verified:
        return VerificationSummary(
            state, verified.checksums[0], at_label=labels.time_label(verified.at), by=verified.by
        )
    computed = verified.checksums if verified else ()
    known = [*computed, *([expected] if expected else [])]
    if state == MISMATCH:
        for claimed in known:
            actual = verification.stored_checksum(image, claimed.algorithm)
            if actual and actual != claimed:
                return VerificationSummary(state, claimed, actual)
        # Read and found wrong, in an image that could not be removed.
        actual = next((each for each in computed if _same_kind(each, expected)), None)
        return VerificationSummary(state, expected, actual)
    return VerificationSummary(state, known[-1] if known else None)


def _same_kind(one: Checksum, other: Checksum | None) -> bool:
    return other is not None and one.algorithm == other.algorithm
