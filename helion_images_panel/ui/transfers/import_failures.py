# SPDX-License-Identifier: Apache-2.0
"""Progress of an import, and the reasons why it failed.

Glance reports "internal error" for nearly every problem with a URL, to admins as well
as to members. The state of the image shows how far the import came: whether the
download failed, or the data was downloaded and not stored.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from horizon.utils.filters import parse_isotime

from helion_images_panel.api.imports import (
    GLANCE_DIRECT,
    GLANCE_DOWNLOAD,
    LOCK_EXPIRES_AFTER,
    WEB_DOWNLOAD,
    ImportTask,
)
from helion_images_panel.api.stores import COPY_IMAGE
from helion_images_panel.core.image import IMPORT_TASK, Image
from helion_images_panel.transfers import import_retry
from helion_images_panel.ui.base import labels
from helion_images_panel.ui.base.limits import limit_reason

_COPIED = re.compile(r"(\d+) MiB")
_OVER_LIMIT = "is over a limit for"

#: Formats in which any data is accepted as an image.
_TAKES_ANYTHING = frozenset({"raw", "ami", "aki", "ari"})


class ImportFailure(NamedTuple):
    """Why an import failed: one sentence, and what else is known about it."""

    summary: str
    details: str = ""
    #: Whether another URL may succeed in the same image.
    takes_url: bool = False
    #: Whether the user may upload a file into the same image instead.
    takes_file: bool = False
    #: How it goes on by itself: a state of a second attempt; empty if it does not.
    goes_on: str = ""


def stored_bytes(tasks: Sequence[ImportTask]) -> int | None:
    """Return the bytes that Glance has stored, in whole MiB, updated once a minute.

    Glance does not report progress while it is still downloading.
    """
    match = _COPIED.search(tasks[0].message) if tasks else None
    return int(match.group(1)) * 1024 * 1024 if match else None


def updated_at_s(tasks: Sequence[ImportTask]) -> float | None:
    """Return when that number was updated, in seconds."""
    updated = parse_isotime(tasks[0].updated_at) if tasks else None
    return updated.timestamp() if updated else None


def is_stale(image: Image, tasks: Sequence[ImportTask] | None) -> bool:
    """Whether the image has to be read again for `failure`: it was read while the import was
    running.
    """
    return bool(tasks and tasks[0].has_failed and IMPORT_TASK in image.properties)


def has_stopped(image: Image, tasks: Sequence[ImportTask]) -> bool:
    """Whether an image is "importing" for good: Glance leaves it so if it does not find the
    staged data.
    """
    return (
        image.status == "importing"
        and IMPORT_TASK not in image.properties
        and bool(tasks and tasks[0].has_failed and tasks[0].method == GLANCE_DIRECT)
    )


def failure(
    image: Image, tasks: Sequence[ImportTask], may_upload_files: bool = True
) -> ImportFailure | None:
    """Return why the newest import failed, and the next step; None if it did not fail."""
    if not tasks or not tasks[0].has_failed:
        return None
    if image.status != "queued" and not has_stopped(image, tasks):
        return None
    task = tasks[0]
    cause = _cause(image, task)
    if image.status != "queued":
        return cause
    if import_retry.first_attempt(tasks):
        tried = _("The import was tried twice.")
        cause = cause._replace(summary=f"{cause.summary} {tried}")
    takes_url = task.method == WEB_DOWNLOAD and not blocked(image, tasks)
    return cause._replace(takes_url=takes_url, takes_file=may_upload_files)


def _cause(image: Image, task: ImportTask) -> ImportFailure:
    if _OVER_LIMIT in task.message:
        return ImportFailure(limit_reason(task.message))
    if import_retry.has_known_cause(task):
        return ImportFailure(_("The import failed: %(reason)s") % {"reason": task.message})
    if task.method in _OTHER_METHODS:
        return _of_other_method(image, task.method)
    if task.all_stores_must_succeed or task.method != WEB_DOWNLOAD:
        return _of_unknown_cause(task)
    if image.properties.get(IMPORT_TASK) == task.id:
        return _not_kept(image, task)
    return not_fetched(task)


def may_be_blocked(image: Image) -> bool:
    """Whether `blocked` needs the tasks: the property of a finished task is still on the image."""
    return image.status == "queued" and IMPORT_TASK in image.properties and not image.in_progress


def blocked(image: Image, tasks: Sequence[ImportTask]) -> str:
    """Return why Glance would refuse another import into this image; empty if it would accept one.

    Glance locks an image whose content it has refused, for an hour after the end of the
    task. A file can still be uploaded.
    """
    if not may_be_blocked(image):
        return ""
    held_by = next((task for task in tasks if task.id == image.properties[IMPORT_TASK]), None)
    ended = parse_isotime(held_by.updated_at) if held_by else None
    left = ended + LOCK_EXPIRES_AFTER - timezone.now() if ended else timedelta()
    if left <= timedelta():
        return ""
    return still_held(left)


def still_held(left: timedelta | None = None) -> str:
    """Return the message for an image that Glance has locked.

    :param left: time until the lock is released; None if unknown
    """
    if left is None:
        return _(
            "After the failed import, the cloud blocks further imports into this image for an "
            "hour. Upload a file, or create another image."
        )
    return _(
        "After the failed import, the cloud blocks further imports into this image for an hour. "
        "Imports are possible again in %(time)s. Upload a file, or create another image."
    ) % {"time": time_text(left.total_seconds())}


def not_fetched(task: ImportTask) -> ImportFailure:
    """The server or the connection failed: there was no content that could be wrong."""
    if import_retry.was_interrupted(task):
        took = time_text(import_retry.duration_s(task))
        return ImportFailure(
            _("The download broke off after %(time)s.") % {"time": took},
            _(
                "The connection to %(url)s was lost, the server did not respond, or the data "
                "exceeds the maximum image size. Try again. If that fails too, download the image "
                "yourself and upload it as a file."
            )
            % {"url": task.url},
        )
    return ImportFailure(
        _("The download failed: not found, login required, or connection lost."),
        _(
            "The image service received no data from %(url)s. The image may also exceed the "
            "maximum image size. Open the URL in a browser: it must download the image without a "
            "login."
        )
        % {"url": task.url},
    )


def _not_kept(image: Image, task: ImportTask) -> ImportFailure:
    """The data was downloaded, and the store or Glance's inspection of the content refused it."""
    if image.disk_format in _TAKES_ANYTHING:
        return ImportFailure(
            _("The data was downloaded but could not be stored."),
            _(
                "The data came from %(url)s. The store may be full or unreachable, or the data "
                "may exceed your quota or the maximum image size. A cloud that converts imported "
                "images also refuses data of another kind than chosen. Check the format, or ask "
                "the cloud's operator."
            )
            % {"url": task.url},
        )
    return ImportFailure(
        _("The data was downloaded but rejected: it is probably not a %(format)s image.")
        % {"format": labels.format_label(image.format)},
        _(
            "The data came from %(url)s. It may be a web page (for example a login page or an "
            "expired link), an image of another format, or an image that needs another file. It "
            "may also exceed the maximum image size, or the cloud's store may be full. Open the "
            "URL in a browser to check the data."
        )
        % {"url": task.url},
    )


def _of_unknown_cause(task: ImportTask) -> ImportFailure:
    if task.method == WEB_DOWNLOAD:
        return ImportFailure(
            _("The image service could not import the data from this URL."),
            _(
                "The URL may be wrong (not found) or lead to a web page, the data may have "
                "another format than chosen, or the cloud cannot reach the server. Check the URL "
                "in a browser, then upload the data again."
            ),
        )
    return ImportFailure(
        _("The image service could not import the data and returned no cause."),
        _(
            "The data may have another format than the image, or its source or the cloud's store "
            "could not be reached. Check the URL in a browser if the data came from one, then "
            "upload the data again."
        ),
    )


_OTHER_METHODS = {
    GLANCE_DIRECT: (
        gettext_lazy("The image service could not import the staged data."),
        gettext_lazy(
            "If the cloud has several hosts for images, the data was probably staged on another "
            "host than the one that imported it: the cloud's operator has to set "
            "worker_self_reference_url on each of them, or share the staging area. The data may "
            "also have another format than the image, or the store or the staging area may be "
            "full: a conversion needs space for both images. If the import fails again, ask the "
            "cloud's operator."
        ),
    ),
    COPY_IMAGE: (
        gettext_lazy("The image service could not copy the data to the other stores."),
        gettext_lazy(
            "A store may be full or unreachable. Copy it again from the Stores tab, or ask the "
            "cloud's operator."
        ),
    ),
    GLANCE_DOWNLOAD: (
        gettext_lazy("The image service could not download the image from the other region."),
        gettext_lazy(
            "The image there may not be active, you may not be allowed to see it, or the region "
            "cannot be reached. Check the image in that region, then import it again."
        ),
    ),
}


def _of_other_method(image: Image, method: str) -> ImportFailure:
    summary, details = map(str, _OTHER_METHODS[method])
    if image.status == "importing":
        return ImportFailure(
            f"{summary} "
            + _(
                "The image accepts no more data: delete it, create it again, and upload the file "
                "there."
            ),
            details,
        )
    if method == GLANCE_DIRECT:
        next_step = _("Upload the file again.")
        return ImportFailure(f"{summary} {next_step}", details)
    return ImportFailure(summary, details)


def time_text(seconds: float) -> str:
    """Return a duration in seconds, or in minutes from the second one on."""
    if seconds < 120:
        count = int(seconds)
        return ngettext("%(count)s second", "%(count)s seconds", count) % {"count": count}
    minutes = int(seconds // 60)
    return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}
