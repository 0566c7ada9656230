# SPDX-License-Identifier: Apache-2.0
"""What a preview, and the deletion of its images, says."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helion_images_panel import conf
from helion_images_panel.core.rules import Rule
from helion_images_panel.ui.base import labels
from helion_images_panel.ui.rules.preview import Preview


def number(count: int) -> str:
    return str(number_format(count, force_grouping=True))


def images(count: int) -> str:
    message = ngettext("%(count)s image", "%(count)s images", count)
    return message % {"count": number(count)}


def found_title(count: int) -> str:
    if not count:
        return _("Nothing to delete")
    message = ngettext("%(count)s image can be deleted", "%(count)s images can be deleted", count)
    return message % {"count": number(count)}


def delete_label(count: int) -> str:
    message = ngettext("Delete %(count)s Image", "Delete %(count)s Images", count)
    return message % {"count": number(count)}


def question(count: int) -> str:
    message = ngettext("Delete %(count)s image?", "Delete %(count)s images?", count)
    return message % {"count": number(count)}


def effect(rule: Rule) -> str:
    """Return what becomes of the images."""
    if not rule.needs_uses:
        return _("These images have no data. They are deleted permanently.")
    message = _(
        "Deleted images can be restored until %(day)s. Until then nobody can launch instances "
        "from them."
    )
    return message % {"day": last_day()}


def last_day() -> str:
    """Return until when what is deleted now can be restored."""
    end = timezone.localtime(timezone.now() + timedelta(days=int(conf.RESTORE_DAYS.value)))
    return str(date_format(end, "SHORT_DATE_FORMAT"))


def freed(rule: Rule, size_bytes: int) -> str:
    """Return what is freed, and when; empty for images without data."""
    if not rule.needs_uses:
        return ""
    message = _(
        "%(size)s of the quota are freed when the images are deleted permanently, after %(day)s."
    )
    return message % {"size": labels.size_label(size_bytes), "day": last_day()}


def further(count: int) -> str:
    """Return what a preview leaves out; empty for nothing."""
    if not count:
        return ""
    message = ngettext(
        "%(count)s further image matches the rule. Delete these first, then preview again.",
        "%(count)s further images match the rule. Delete these first, then preview again.",
        count,
    )
    return message % {"count": number(count)}


def left_out(count: int) -> str:
    if not count:
        return ""
    message = ngettext(
        "%(count)s version of further families was not compared: there are too many families.",
        "%(count)s versions of further families were not compared: there are too many families.",
        count,
    )
    return message % {"count": number(count)}


def notes(preview: Preview) -> list[str]:
    """Return what the preview does not know, or leaves out."""
    not_compared = ""
    if preview.not_above:
        not_compared = _("Data of up to %(size)s were not compared: too many images are larger.")
        not_compared %= {"size": labels.size_label(preview.not_above)}
    found = [preview.note, further(preview.further), not_compared, left_out(preview.left_out)]
    return [note for note in found if note]


def other_projects(count: int) -> str:
    message = ngettext("%(count)s other project", "%(count)s other projects", count)
    return message % {"count": number(count)}


def more(count: int) -> str:
    message = ngettext("and %(count)s more", "and %(count)s more", count)
    return message % {"count": number(count)}


def further_rows(count: int) -> str:
    message = ngettext("%(count)s further image", "%(count)s further images", count)
    return message % {"count": number(count)}


def progress(percent: int) -> str:
    return _("Looking for images: %(percent)s") % {"percent": f"{percent} %"}


def looked_at(count: int) -> str:
    message = ngettext(
        "%(count)s image looked at so far", "%(count)s images looked at so far", count
    )
    return message % {"count": number(count)}


def deleting(done: int, total: int) -> str:
    values = {"done": number(done), "total": number(total)}
    return _("Deleting images: %(done)s of %(total)s") % values


def deleted(rule: Rule, count: int) -> str:
    if not count:
        return _("No image was deleted.")
    message = ngettext("Deleted %(count)s image.", "Deleted %(count)s images.", count)
    sentence = message % {"count": number(count)}
    if not rule.needs_uses:
        return sentence
    return sentence + " " + _("Deleted images can be restored until %(day)s.") % {"day": last_day()}


def not_deleted(count: int) -> str:
    message = ngettext(
        "%(count)s image was not deleted.", "%(count)s images were not deleted.", count
    )
    return message % {"count": number(count)}
