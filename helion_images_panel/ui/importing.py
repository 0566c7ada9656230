# SPDX-License-Identifier: Apache-2.0
"""What an import is doing, in words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.utils.translation import gettext as _

from helion_images_panel.api.imports import ImportTask

_COPIED = re.compile(r"(\d+) MiB")


def stored_bytes(tasks: Sequence[ImportTask]) -> int | None:
    """How much Glance says it has fetched; it counts whole MiB."""
    found = _COPIED.search(tasks[0].message) if tasks else None
    return int(found.group(1)) * 1024 * 1024 if found else None


def failure(tasks: Sequence[ImportTask]) -> str:
    """Why the newest import failed; empty if it did not.

    Glance tells a project's member no more than "internal error" for nearly
    everything that can be wrong with an address.
    """
    if not tasks or tasks[0].status != "failure":
        return ""
    message = tasks[0].message
    if message and "internal error" not in message.lower():
        return _("The import failed: %s") % message
    return _(
        "Glance could not get an image of the chosen format from this location. Most "
        "likely the address leads to nothing (not found) or to a web page instead of the "
        "image itself, the data is in another format than chosen, or the server cannot be "
        "reached from the cloud. Check the address in a browser, remove this image, and "
        "create it again."
    )
