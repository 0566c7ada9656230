# SPDX-License-Identifier: Apache-2.0
"""The verification of an image's data, and the permission to check it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _

from helion_images_panel import policy
from helion_images_panel.core import requested, verification
from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.image import Image
from helion_images_panel.core.verification import CONVERTED, MISMATCH, PENDING, VERIFIED
from helion_images_panel.ui.scopes.scope import PanelScope
from helion_images_panel.ui.transfers import conversion_words, planned

LABELS = {
    VERIFIED: _("Verified"),
    MISMATCH: _("Checksum mismatch"),
    CONVERTED: _("Converted"),
    PENDING: _("Not verified"),
}


def state_label(state: str) -> str:
    """Label of a state of `core.verification.state_of`; empty for UNKNOWN."""
    return str(LABELS.get(state, ""))


def note_of(image: Image) -> str:
    """Return what an import makes of the comparison with the source; empty if it is conclusive."""
    state = verification.state_of(image)
    if state == CONVERTED:
        return conversion_words.note(image)
    if state != MISMATCH:
        return ""
    if requested.is_staged_file(image) and not verification.is_intact(image):
        return _changed_file_note()
    return kept_note() if _may_be_converted(image) else ""


def _changed_file_note() -> str:
    return _eager(
        "The stored data differs from the uploaded file. The image is kept: some clouds change "
        "images while they import them, and nothing shows whether this cloud does. Ask the "
        "cloud's operator. If it does not, do not use this image: delete it and upload the file "
        "again."
    )


def kept_note() -> str:
    return _eager(
        "The data does not match the expected checksum. The image is kept: some clouds convert "
        "images while they import them, and nothing shows whether this cloud does. Ask the "
        "cloud's operator. If it does not, the source is not the expected file: delete the image."
    )


def _may_be_converted(image: Image) -> bool:
    """Whether the data came from a URL, or it is not known where from, or not any more."""
    return (
        verification.expected_of(image) is not None
        and verification.is_intact(image)
        and not (verification.is_official_unchanged(image) and requested.is_young(image))
        and not requested.is_recent_upload(image)
    )


def may_check(request: HttpRequest, scope: PanelScope, image: Image) -> bool:
    """Whether a check is useful, and the user may start it: a mismatch deletes an upload, or an
    official image.

    A mismatch can be checked again, since the data may have been corrupted while it was
    read.
    """
    return (
        verification.state_of(image) in (PENDING, MISMATCH)
        and verification.expected_of(image) is not None
        # Glance does not return the data of a deactivated image.
        and image.status == "active"
        and image.has_data
        and scope.may_write(request, image)
        and policy.allows(request, policy.MODIFY_IMAGE, image)
        and policy.allows(request, policy.DELETE_IMAGE, image)
    )


def check_is_due(request: HttpRequest, scope: PanelScope, image: Image) -> bool:
    """Whether the user's page starts the check automatically.

    Only the owner's page does: viewing a list as admin transfers no data. A mismatch is
    shown to the owner once more before the image is deleted; one that stays, once. An official
    image that was compared may still have to be published.
    """
    if not (scope.checks_by_itself and image.owner == request.user.project_id):
        return False
    shown = _may_be_converted(image) and verification.verified_of(image) is not None
    wrong = verification.is_known_wrong(image) and not shown
    is_due = verification.state_of(image) == PENDING or wrong
    return (is_due and may_check(request, scope, image)) or planned.is_due(request, image)


@dataclass(frozen=True)
class VerificationSummary:
    """The verification as shown in the details; `claimed` is the checksum that the data should
    have, `at` the time of the check in ISO 8601.

    `actual` is the data's checksum of the same algorithm; None if unknown. `note` is set if the
    data was converted, or may have been; `compared` if the file was compared before that.
    """

    state: str
    claimed: Checksum | None = None
    actual: Checksum | None = None
    at: str = ""
    by: str = ""
    note: str = ""
    compared: bool = False


def summary_of(image: Image) -> VerificationSummary:
    state = verification.state_of(image)
    expected, verified = verification.expected_of(image), verification.verified_of(image)
    if state == VERIFIED and verified:
        return VerificationSummary(state, verified.checksums[0], at=verified.at, by=verified.by)
    computed = verified.checksums if verified else ()
    candidates = [*computed, *([expected] if expected else [])]
    if state == MISMATCH:
        for claimed in candidates:
            actual = verification.stored_checksum(image, claimed.algorithm)
            if actual and actual != claimed:
                return VerificationSummary(state, claimed, actual, note=note_of(image))
        # The data was read and does not match, and the image could not be deleted.
        actual = next((each for each in computed if _same_kind(each, expected)), None)
        return VerificationSummary(state, expected, actual, note=note_of(image))
    return VerificationSummary(
        state,
        candidates[-1] if candidates else None,
        note=note_of(image),
        compared=state == CONVERTED and verification.source_was_compared(image),
    )


def _same_kind(one: Checksum, other: Checksum | None) -> bool:
    return other is not None and one.algorithm == other.algorithm
