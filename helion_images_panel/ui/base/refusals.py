# SPDX-License-Identifier: Apache-2.0
"""Refusals of requests, with cause and next step, for users and for scripts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from helion_images_panel import exceptions
from helion_images_panel.core.checksums import Checksum
from helion_images_panel.transfers import inspection
from helion_images_panel.transfers.inspection import Finding
from helion_images_panel.ui.base import content_words, labels
from helion_images_panel.ui.base.limits import limit_reason

#: Kinds of refusals, by which the page's script selects the next step.
BUSY = "busy"
CHECKSUM = "checksum"
#: The content of a compressed file cannot be stored.
COMPRESSED = "compressed"
#: Of a page whose project or user is not that of the session any more.
ELSEWHERE = "elsewhere"
FORMAT = "format"
#: The image does not exist any more.
GONE = "gone"
INTERRUPTED = "interrupted"
INVALID = "invalid"
REFUSED = "refused"
SESSION = "session"
#: All of the data is staged: Retry starts its import.
STAGED = "staged"
#: The image takes no other data: Glance has kept what it refused.
STUCK = "stuck"
TAKEN = "taken"
#: Of a form that is older than the last login in this browser.
OUTDATED = "outdated"
UNSAFE = "unsafe"

#: Seconds after which a browser may retry when no slot is free.
RETRY_AFTER_S = 5


@dataclass(frozen=True)
class Refusal:
    """A refused request; `details` are further values for the page's script."""

    status: int
    kind: str
    reason: str
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def body(self) -> dict[str, Any]:
        return {"reason": self.reason, "kind": self.kind, **self.details}

    @property
    def retry_after_s(self) -> int | None:
        return self.details.get("retry_after_s")


def invalid(status: int, reason: str) -> Refusal:
    """Refuse a request that can never succeed."""
    return Refusal(status, INVALID, reason)


def taken(reason: str) -> Refusal:
    """Refuse an upload into an image that has, or receives, the data of another upload."""
    # Translators: the reason is a whole sentence.
    message = _("%(reason)s This file was not stored.") % {"reason": reason}
    return Refusal(409, TAKEN, message)


def busy(reason: str) -> Refusal:
    return Refusal(503, BUSY, reason, {"retry_after_s": RETRY_AFTER_S})


def of_finding(finding: Finding, declared: str | None) -> str:
    """Return the problem of content that is declared to have this format."""
    return content_words.cause(finding, declared)


def of_content(finding: Finding, declared: str | None) -> Refusal:
    cause = content_words.cause(finding, declared)
    if finding.kind == inspection.FORMAT:
        return _of_format(cause, finding.actual_format)
    return Refusal(415, UNSAFE, f"{cause} {content_words.advice(finding)}")


def stuck(status: int, reason: str) -> Refusal:
    """Refuse data for an image that takes no data any more."""
    advice = _(
        "This image takes no other data: delete it, then create a new one with the correct format "
        "or another file."
    )
    return Refusal(status, STUCK, f"{reason} {advice}")


def has_refused_data() -> Refusal:
    """Refuse data for an image that shows that Glance has kept what it refused."""
    return stuck(415, _("The image service has refused the content of an earlier file."))


def _of_format(cause: str, actual: str) -> Refusal:
    """`details` contain the format that the image could be changed to, if there is one."""
    if actual not in dict(settings.OPENSTACK_IMAGE_BACKEND["image_formats"]):
        return Refusal(415, FORMAT, f"{cause} {content_words.convert_from(actual)}")
    advice = _("Select the correct format for the image, or choose another file.")
    details = {"actual_format": actual, "actual_label": labels.format_label(actual)}
    return Refusal(415, FORMAT, f"{cause} {advice}", details)


def of_checksum(expected: Checksum, actual: Checksum) -> Refusal:
    values = {"expected": str(expected), "actual": str(actual)}
    reason = _(
        "The file does not match the expected checksum. Expected: %(expected)s. This file: "
        "%(actual)s. Download the file again, or compare the checksum that you entered with the "
        "publisher's."
    )
    return Refusal(422, CHECKSUM, reason % values, values)


_STREAM_FORMAT = re.compile(r"does not match stream data (\w+)")


def of_glance(error: exceptions.ImageServiceError, declared: str | None = None) -> Refusal:
    """Convert an error of Glance, with a message of this panel if its meaning is known.

    :param declared: format of the image, if the error is about data
    """
    # An error of the image service is none of the dashboard.
    status = 502 if error.status in (None, 500) else error.status
    if status == 413:
        return Refusal(status, REFUSED, limit_reason(str(error)))
    if status == 415:
        # Glance looks at the end, and leaves in its store what it has refused.
        return stuck(status, _glances_finding(str(error), declared))
    return Refusal(status, REFUSED, str(error))


def _glances_finding(glances: str, declared: str | None) -> str:
    match = _STREAM_FORMAT.search(glances)
    if match:
        actual = "raw" if match[1] in ("gpt", "luks") else match[1]
        return content_words.not_the_format(declared, actual)
    if "safety checks" in glances:
        return content_words.cause(Finding(inspection.UNSAFE), declared)
    return _("The image service rejected the file: %(reason)s") % {"reason": glances}
