# SPDX-License-Identifier: Apache-2.0
"""Reasons why an image's data is refused, with cause and next step, for users and for scripts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from helion_images_panel import exceptions
from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.quota import MIB
from helion_images_panel.transfers import inspection
from helion_images_panel.transfers.inspection import Finding
from helion_images_panel.ui.base import labels
from helion_images_panel.ui.base.labels import size_label

#: Kinds of refusals, by which the page's script selects the next step.
BUSY = "busy"
CHECKSUM = "checksum"
#: Of a page whose project or user is not that of the session any more.
ELSEWHERE = "elsewhere"
FORMAT = "format"
INTERRUPTED = "interrupted"
INVALID = "invalid"
REFUSED = "refused"
SESSION = "session"
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
    message = _("%(reason)s This file was not stored.") % {"reason": reason}
    return Refusal(409, TAKEN, message)


def busy(reason: str) -> Refusal:
    return Refusal(503, BUSY, reason, {"retry_after_s": RETRY_AFTER_S})


def of_finding(finding: Finding, declared: str | None) -> str:
    """Return the problem of content that is declared to have this format."""
    if finding.kind == inspection.FORMAT:
        return _not_the_format(declared, finding.actual_format)
    if finding.kind == inspection.REFERENCE:
        return _(
            "The file is not a standalone image: it needs another file, which the cloud does not "
            "have."
        )
    return str(_CAUSES.get(finding.causes[0] if finding.causes else "", _UNSAFE))


_UNSAFE = gettext_lazy("The file fails a safety check of its format.")

_CAUSES = {
    inspection.SEVERAL_FORMATS: gettext_lazy(
        "The file matches several formats at once and may hide other content."
    ),
    inspection.DAMAGED: gettext_lazy(
        "The file is damaged or incomplete. Its format could not be checked."
    ),
    inspection.UNREADABLE: gettext_lazy("The file could not be inspected and may be unsafe."),
    "banned": gettext_lazy("The format of the file is not accepted by any cloud."),
    "unknown_features": gettext_lazy(
        "The file uses a version or features of its format that the cloud does not support."
    ),
    "descriptor": gettext_lazy(
        "The cloud does not accept this kind of VMDK file, for example because it needs other "
        "files."
    ),
    "mbr": gettext_lazy("The file's partition table is not valid."),
}


def of_content(finding: Finding, declared: str | None) -> Refusal:
    cause = of_finding(finding, declared)
    if finding.kind == inspection.FORMAT:
        return _of_format(cause, finding.actual_format)
    advice = _("Get the file from a trusted source or create it again, then upload it.")
    if finding.kind == inspection.REFERENCE or "descriptor" in finding.causes:
        advice = _(
            "Convert it to a standalone image first (qemu-img convert -O qcow2), then upload that."
        )
    return Refusal(415, UNSAFE, f"{cause} {advice}")


def _of_format(cause: str, actual: str) -> Refusal:
    """`details` contain the format that the image could be changed to, if there is one."""
    if actual not in dict(settings.OPENSTACK_IMAGE_BACKEND["image_formats"]):
        advice = _("Convert the file to a format that the cloud accepts, or choose another file.")
        return Refusal(415, FORMAT, f"{cause} {advice}")
    advice = _("Select the correct format for the image, or choose another file.")
    details = {"actual_format": actual, "actual_label": labels.format_label(actual)}
    return Refusal(415, FORMAT, f"{cause} {advice}", details)


def _not_the_format(declared: str | None, actual: str) -> str:
    values = {"declared": labels.format_label(declared), "actual": labels.format_label(actual)}
    if actual == inspection.RAW:
        return _("The file is not %(declared)s. Its format was not recognized.") % values
    return _("The file is %(actual)s, not %(declared)s.") % values


def of_checksum(expected: Checksum, actual: Checksum) -> Refusal:
    values = {"expected": str(expected), "actual": str(actual)}
    reason = _(
        "The file does not match the expected checksum. Expected: %(expected)s. This file: "
        "%(actual)s. Download the file again, or compare the checksum that you entered with the "
        "publisher's."
    )
    return Refusal(422, CHECKSUM, reason % values, values)


_OVER_LIMIT = re.compile(
    r"Resource (\w+) is over limit of (-?\d+) due to current usage (-?\d+) and delta (-?\d+)"
)

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
        match = _STREAM_FORMAT.search(str(error))
        if match:
            actual = "raw" if match[1] in ("gpt", "luks") else match[1]
            return _of_format(_not_the_format(declared, actual), actual)
        if "safety checks" in str(error):
            return of_content(Finding(inspection.UNSAFE), declared)
        return Refusal(
            status,
            REFUSED,
            _("The image service rejected the file: %(reason)s") % {"reason": error},
        )
    return Refusal(status, REFUSED, str(error))


def limit_reason(glances: str) -> str:
    """Return which limit a 413 of Glance is about, and the next step; Glance's own message if
    unknown.
    """
    match = _OVER_LIMIT.search(glances)
    if match:
        return _over_limit(match[1], *(int(number) for number in match.groups()[1:]))
    if "storage media is full" in glances:
        return _(
            "The cloud's image store is full. Contact the cloud's operator, or choose another "
            "store if there is one."
        )
    if "exceeds the storage quota" in glances:
        return _(
            "The image exceeds the storage quota for each user of this cloud. Delete images that "
            "are no longer needed, or ask the cloud's operator for a higher limit."
        )
    if "image is too large" in glances:
        return _(
            "The image exceeds the maximum image size of this cloud. Make it smaller, for "
            "example by compressing it (qemu-img convert -c -O qcow2), or ask the cloud's "
            "operator for a higher limit."
        )
    return _("The image exceeds a limit of the image service: %(reason)s") % {"reason": glances}


def uploading_limit(limit: int) -> str:
    """Return that the project has as many uploads and imports in progress as it may."""
    return ngettext(
        "The project has reached its limit of %(limit)s upload or import in progress. Wait until "
        "it has finished, then try again.",
        "The project has reached its limit of %(limit)s uploads and imports in progress. Wait "
        "until one of them has finished, then try again.",
        limit,
    ) % {"limit": number_format(limit)}


def _over_limit(resource: str, limit: int, used: int, more: int) -> str:
    """Format the limit; Glance's sizes are MiB."""
    if resource in ("image_count_total", "image_count_uploading"):
        values = {"limit": limit, "used": used}
        if resource == "image_count_total":
            return (
                ngettext(
                    "The project has reached its limit of %(limit)s image (%(used)s in use). "
                    "Delete an image, or ask the cloud's operator for a higher limit.",
                    "The project has reached its limit of %(limit)s images (%(used)s in use). "
                    "Delete an image, or ask the cloud's operator for a higher limit.",
                    limit,
                )
                % values
            )
        return uploading_limit(limit)
    sizes = {
        "limit": size_label(limit * MIB),
        "used": size_label(max(0, used) * MIB),
        "more": size_label(max(0, more) * MIB),
    }
    if resource == "image_stage_total":
        return (
            _(
                "The project's imports in progress use %(used)s of %(limit)s of the cloud's "
                "staging area, and this image needs %(more)s. Wait until they have finished, "
                "then try again."
            )
            % sizes
        )
    if resource == "image_size_total":
        return (
            _(
                "The project's images use %(used)s of %(limit)s, and this image needs %(more)s. "
                "Delete images that are no longer needed, or ask the cloud's operator for a "
                "higher limit."
            )
            % sizes
        )
    return _("The project exceeds its limit “%(name)s”.") % {"name": resource}
