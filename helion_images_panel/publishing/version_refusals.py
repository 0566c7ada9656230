# SPDX-License-Identifier: Apache-2.0
"""Reasons why a version does not become the latest, with messages for users."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from helion_images_panel.core.image import Image
from helion_images_panel.core.requested import requested_of
from helion_images_panel.core.verification import (
    CONVERTED,
    MISMATCH,
    PENDING,
    expected_of,
    state_of,
)
from helion_images_panel.core.version_swap import dates_as_latest, is_trusted
from helion_images_panel.exceptions import ImageServiceError


class NotUsable(ImageServiceError):
    """The image cannot become the latest version in its present state."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, 409)


class NoVersion(ImageServiceError):
    """The image was removed from its family after the user saw it."""

    def __init__(self) -> None:
        super().__init__(_("The image does not belong to this family any more."), 409)


class FamilyChanged(ImageServiceError):
    """Another version became the latest after the user saw the family."""

    def __init__(self) -> None:
        super().__init__(
            _("Another version has become the latest one in the meantime. Try again."), 409
        )


class RecordChanged(ImageServiceError):
    """The image's record of its family is another one than the user saw."""

    def __init__(self) -> None:
        super().__init__(_("The image has changed in the meantime. Try again."), 409)


class RuleChanged(ImageServiceError):
    """The family's end rule was changed after the user saw it."""

    def __init__(self) -> None:
        super().__init__(
            _("Another user has changed this rule in the meantime. Open the form again."), 409
        )


class Unfinished(ImageServiceError):
    """Another version was to become the latest, and that has broken off."""

    def __init__(self, other: Image) -> None:
        super().__init__(
            _(
                "The change that makes %(image)s the latest version is not finished. Finish or "
                "undo it first, in the tab Versions."
            )
            % {"image": other.display_name},
            409,
        )
        self.other = other


class MembersMissing(ImageServiceError):
    """Some projects could not be given the new version; names and the old version are unchanged."""

    def __init__(self, count: int, error: ImageServiceError | None) -> None:
        super().__init__(
            _(
                "%(count)s projects do not have the new version yet, so the previous one is still "
                "the latest. Run it again to continue. %(reason)s"
            )
            % {"count": count, "reason": error or ""},
            409,
        )


def state_refusal(image: Image, role: str) -> str | None:
    """Return why a version of this role cannot become the latest, and what to do; None if it
    can.
    """
    refusal = _refusal(image, role)
    return None if refusal is None else str(refusal)


def _refusal(image: Image, role: str) -> Any:
    if image.status == "deactivated":
        return _("The image is deactivated. Reactivate it first.")
    if image.status != "active":
        return _("The image has no complete data yet. Wait until it is active, or upload its data.")
    dates = dates_as_latest(image)
    if dates and dates.state(datetime.now(UTC).date()):
        return _("The image is deprecated. Select Set End Dates, and remove the day first.")
    if is_trusted(image, role):
        return None
    state = state_of(image)
    if state == MISMATCH:
        return _(
            "The data of the image does not match its checksum. Delete the image, and create the "
            "new version again."
        )
    if state == CONVERTED:
        return _(
            "The cloud has converted the image, and nothing was compared before that. Upload the "
            "file as a new version, with its expected checksum."
        )
    if state == PENDING and expected_of(image):
        return _(
            "The data of the image is not verified yet. Open its details, and select Check Now "
            "there."
        )
    if requested_of(image) is None:
        return _(
            "The data of the image was never verified, as the image was not uploaded with this "
            "dashboard. Upload its file as a new version."
        )
    return _(
        "The data of the image is not verified, as it has no expected checksum. Create the new "
        "version again, with the publisher's checksum."
    )
