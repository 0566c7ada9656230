# SPDX-License-Identifier: Apache-2.0
"""What is said of a deleted image that can be restored."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helion_images_panel import policy
from helion_images_panel.core.deletion import Deletion
from helion_images_panel.core.visible_text import isolated
from helion_images_panel.ui.base import labels

#: What is needed to give an image back a visibility.
_RULES = {"public": policy.PUBLICIZE_IMAGE, "community": policy.COMMUNITIZE_IMAGE}


def visibility_rule(visibility: str) -> str | None:
    """Return the rule that restoring an image of this visibility needs; None for none."""
    return _RULES.get(visibility)


def until_label(deletion: Deletion) -> str:
    """Return until when it can be restored, as a day in the user's own time zone."""
    return _("Can be restored until %(day)s") % {"day": _day(deletion.until)}


def summary(deletion: Deletion) -> str:
    """Return who deleted the image, when, and until when it can be restored."""
    values = {"day": _day(deletion.at), "end": _day(deletion.until), "user": isolated(deletion.by)}
    if not deletion.by:
        return _("This image was deleted on %(day)s. It can be restored until %(end)s.") % values
    message = _("%(user)s deleted this image on %(day)s. It can be restored until %(end)s.")
    return message % values


def quota_note(count: int, size_bytes: int) -> str:
    """Return what these images still cost, and when that ends."""
    message = ngettext(
        "%(count)s deleted image has %(size)s of data, which counts against the quota until the "
        "image is deleted permanently.",
        "%(count)s deleted images have %(size)s of data, which counts against the quota until the "
        "images are deleted permanently.",
        count,
    )
    return message % {"count": count, "size": labels.size_label(size_bytes)}


def _day(iso_time: str) -> str:
    moment = labels.local_time(iso_time)
    return date_format(moment, "SHORT_DATE_FORMAT") if moment else ""
