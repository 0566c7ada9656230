# SPDX-License-Identifier: Apache-2.0
"""Columns of the table of images."""

from __future__ import annotations

from django.utils import html
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _
from horizon import tables

from helion_images_panel.core import verification
from helion_images_panel.core.deletion import deletion_of
from helion_images_panel.core.image import Image
from helion_images_panel.ui.base import labels, times
from helion_images_panel.ui.base.columns import TextColumn, TitledColumn
from helion_images_panel.ui.base.deleted_images import until_label
from helion_images_panel.ui.base.statuses import shown_status, status_icon, watched
from helion_images_panel.ui.transfers.verification import check_is_due, state_label


class OwnerColumn(TitledColumn):
    """Names of owners, or IDs."""

    def get_raw_data(self, datum: Image) -> str:
        owner = datum.owner or ""
        return str(self.table.owner_names.get(owner, owner))


def status_cell(image: Image, verify_url: str = "") -> SafeString:
    """Return the status, and the verification of the data.

    An image in progress is marked for the page's script to update, one whose data is to
    be checked with the URL of the check.
    """
    label: SafeString | str = labels.status_label(shown_status(image))
    deletion = deletion_of(image)
    if image.os_hidden and not deletion:
        label = _eager("%(status)s (hidden)") % {"status": label}
    if image.in_progress:
        label = watched(image, label)
    # All parts are escaped: format_html for each takes longer than all else of the row.
    cell = f"{status_icon(image)} {html.conditional_escape(label)}"
    if not image.in_progress:
        badge = verification_badge(verification.state_of(image), verify_url)
        cell += f" {badge}" if badge else ""
    if deletion:
        cell += f' <div class="small hip-quiet">{html.escape(until_label(deletion))}</div>'
    return SafeString(cell)  # nosec B703


#: Classes of the theme's labels, and icons, by state of verification.
_BADGES = {
    verification.VERIFIED: ("label-success", "fa-check"),
    verification.MISMATCH: ("label-danger", "fa-times"),
    verification.CONVERTED: ("label-default", "fa-exchange"),
    verification.PENDING: ("label-default", "fa-question"),
}


def verification_badge(state: str, verify_url: str = "") -> SafeString | str:
    """Return a small label, only an icon for verified data; empty if the state is unknown."""
    if state not in _BADGES:
        return ""
    label_class, icon = _BADGES[state]
    label = state_label(state)
    due = format_html(' data-hip-verify="{}"', verify_url) if verify_url else ""
    return format_html(
        '<span class="label {} hip-badge" title="{}"{}>{} {}</span>',
        label_class,
        label,
        due,
        format_html('<span class="fa {}" aria-hidden="true"></span>', icon),
        format_html(
            '<span class="{}" data-hip-verify-line>{}</span>',
            "sr-only" if state == verification.VERIFIED else "",
            label,
        ),
    )


class StatusColumn(TextColumn):
    """The status; the page's script runs due checks, if the user may."""

    def get_raw_data(self, datum: Image) -> SafeString | str:
        scope, request = self.table.scope, self.table.request
        due = check_is_due(request, scope, datum)
        return status_cell(datum, scope.url("verify", datum.id) if due else "")


def type_label(image: Image) -> str:
    return _eager("Snapshot") if image.is_snapshot else _eager("Image")


def updated_cell(image: Image) -> SafeString | str:
    """Return how long ago the image was changed; pointer and screen reader get the time."""
    return times.time_element(image.updated_at)


def updated_column() -> tables.Column:
    return TextColumn(
        updated_cell, verbose_name=_("Updated"), classes=("hip-updated",), sort_key="updated"
    )


def status_column() -> tables.Column:
    return StatusColumn(
        "status", verbose_name=_("Status"), classes=("hip-status",), sort_key="status"
    )
