# SPDX-License-Identifier: Apache-2.0
"""The status of an image, with its icon, and with a mark where it is going to change."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString

from helion_images_panel.core.deletion import is_deleted
from helion_images_panel.core.image import Image

#: Icons and classes of the theme's colours, by status. The word beside says the same.
_STATUS_ICONS = {
    "queued": ("fa-hourglass", "text-muted"),
    "saving": ("fa-spinner", "text-info"),
    "uploading": ("fa-spinner", "text-info"),
    "importing": ("fa-spinner", "text-info"),
    "active": ("fa-circle-check", "text-success"),
    "deactivated": ("fa-circle-pause", "text-warning"),
    "killed": ("fa-circle-xmark", "text-danger"),
    "deleted": ("fa-trash-can", "text-muted"),
    "pending_delete": ("fa-trash-can", "text-muted"),
}
_UNKNOWN_STATUS = ("fa-circle-question", "text-muted")


def shown_status(image: Image) -> str:
    """Return the status, or "deleted" for an image that can be restored."""
    return "deleted" if is_deleted(image) else image.status


def status_icon(image: Image) -> SafeString:
    icon, colour = _STATUS_ICONS.get(shown_status(image), _UNKNOWN_STATUS)
    if image.in_progress and image.status == "queued":
        icon, colour = _STATUS_ICONS["importing"]
    # The parts are constants of this module.
    return SafeString(  # nosec B703
        f'<span class="hip-status-icon fas {icon} {colour}" aria-hidden="true"></span>'
    )


def watched(image: Image, label: str) -> SafeString:
    """Return the label of an image in progress, which the page's script keeps up to date."""
    return format_html('<span data-hip-watch="{}">{}</span>', image.id, label)
