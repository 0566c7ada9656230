# SPDX-License-Identifier: Apache-2.0
"""The check of an image's data against the expected checksum."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views import generic
from horizon import exceptions as horizon_exceptions

from helion_images_panel import policy
from helion_images_panel.core import checksums
from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.image import Image
from helion_images_panel.core.verification import (
    CONVERTED,
    MISMATCH,
    VERIFIED,
    expected_of,
    is_official_unchanged,
    state_of,
)
from helion_images_panel.exceptions import ImageNotFound
from helion_images_panel.transfers.digests import AlgorithmUnavailable
from helion_images_panel.transfers.verify import CheckBusy, Checked, verify
from helion_images_panel.ui.base import labels, refusals
from helion_images_panel.ui.base.json_views import JsonViewMixin
from helion_images_panel.ui.base.views import ChangingView
from helion_images_panel.ui.scopes.permissions import change_refusal
from helion_images_panel.ui.transfers import conversion_words, planned, verification
from helion_images_panel.ui.transfers.availability import no_data_refusal

#: Parameter with the checksum of the data that the page has shown.
SEEN = "seen"


class VerifyView(JsonViewMixin, ChangingView, generic.View):
    """POST: check the data now; an upload that does not match is deleted. An official image
    that matches may be published then, which the page's script does.

    May read all of the data. For users who may change and delete the image. The
    response to a mismatch contains both values, and the URL by which the page confirms
    that it has shown them: the image is deleted only then, as a response may be lost.
    """

    http_method_names = ["post"]
    takes_long = True

    def check(self) -> None:
        super().check()
        if change_refusal(self.request, self.scope, self.image, policy.DELETE_IMAGE):
            raise horizon_exceptions.NotAuthorized()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        expected = expected_of(self.image)
        if expected is None:
            reason = _("There is no expected checksum to check.")
            return self.refused(refusals.invalid(409, reason))
        if self.image.status != "active":
            reason = _("Only active images can be checked.")
            return self.refused(refusals.invalid(409, reason))
        if refusal := no_data_refusal(self.image):
            return self.refused(refusals.invalid(409, refusal))
        if planned.task_is_ending(self.image):
            return self.refused(refusals.busy(_("The image service is finishing the import.")))
        if not verification.may_check(request, self.scope, self.image):
            # The data has been checked, and never changes.
            note = verification.note_of(self.image)
            answer = {"verification": state_of(self.image), **({"reason": note} if note else {})}
            return self._answered(answer)
        try:
            checked = verify(request, self.image, expected, _seen(request))
        except CheckBusy:
            reason = _(
                "The dashboard is at its transfer limit. The check will start automatically."
            )
            return self.refused(refusals.busy(reason))
        except AlgorithmUnavailable:
            reason = _(
                "This dashboard cannot compute MD5 checksums: its system does not allow them. The "
                "data was not compared. Compare it with the publisher's SHA-256 or SHA-512 "
                "checksum."
            )
            return self.refused(refusals.invalid(409, reason))
        if isinstance(checked.error, ImageNotFound):
            raise checked.error  # It was deleted in the meantime.
        response = _response(self.image, expected, checked)
        if checked.to_be_deleted:
            seen = urlencode({SEEN: str(checked.actual)})
            response["seen_url"] = f"{self.scope.url('verify', self.image.id)}?{seen}"
        if response["verification"] == MISMATCH:
            response["name"] = labels.inert(self.image.display_name)
        return self._answered(response)

    def _answered(self, answer: dict[str, Any]) -> HttpResponse:
        """Add how the page's script publishes an image that was to be compared before."""
        state = answer["verification"]
        planned_ = planned.publication_of_checked(self.request, self.scope, self.image, state)
        return JsonResponse({**answer, **planned_})


def _seen(request: HttpRequest) -> Checksum | None:
    try:
        return checksums.read(request.GET.get(SEEN, ""))
    except checksums.NotAChecksum:
        return None


def _response(image: Image, expected: Checksum, checked: Checked) -> dict[str, Any]:
    is_official = is_official_unchanged(image)
    if checked.agrees:
        answer = {"verification": VERIFIED}
        if checked.error:
            answer["reason"] = _("The result could not be saved on the image: %(reason)s") % {
                "reason": checked.error
            }
        return answer
    if checked.converted:
        return {"verification": CONVERTED, "reason": conversion_words.note(image)}
    values = {"expected": str(expected), "actual": str(checked.actual)}
    return {
        "verification": MISMATCH,
        "deleted": checked.deleted,
        # A user has entered no checksum that could be wrong.
        "official": is_official,
        "reason": _mismatch(checked, is_official) % {**values, "error": checked.error},
        **values,
    }


def _mismatch(checked: Checked, is_official: bool) -> str:
    if not checked.intact:
        return _(
            "The image service returns other data than it has stored. Expected: %(expected)s. "
            "Found: %(actual)s. Do not use this image, and contact the cloud's operator."
        )
    if is_official and (checked.to_be_deleted or checked.deleted):
        return _official_mismatch(checked)
    if checked.to_be_deleted:
        return _(
            "The data does not match the expected checksum. The image is being deleted. "
            "Expected: %(expected)s. Found: %(actual)s. Compare the checksum that you entered "
            "with the publisher's, and create the image again."
        )
    if checked.error is None and not checked.deleted:
        return f"{verification.kept_note()} " + _("Expected: %(expected)s. Found: %(actual)s.")
    if checked.deleted:
        return _(
            "The data does not match the expected checksum. The image was deleted. Expected: "
            "%(expected)s. Found: %(actual)s. Compare the checksum that you entered with the "
            "publisher's, and create the image again."
        )
    return _(
        "The data does not match the expected checksum. Expected: %(expected)s. Found: "
        "%(actual)s. Do not use this image. It could not be deleted: %(error)s"
    )


def _official_mismatch(checked: Checked) -> str:
    if checked.to_be_deleted:
        return _(
            "The data that the image service downloaded does not match the publisher's checksum. "
            "The image is being deleted. Expected: %(expected)s. Found: %(actual)s. Add the image "
            "again from Official Images. If the checksum is wrong again, contact the cloud's "
            "operator: the publisher, or a proxy or mirror in between, delivers other data."
        )
    return _(
        "The data that the image service downloaded does not match the publisher's checksum. The "
        "image was deleted. Expected: %(expected)s. Found: %(actual)s. Add the image again from "
        "Official Images. If the checksum is wrong again, contact the cloud's operator: the "
        "publisher, or a proxy or mirror in between, delivers other data."
    )
