# SPDX-License-Identifier: Apache-2.0
"""Numbers of images in words."""

from __future__ import annotations

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helion_images_panel.ui.base.labels import size_label


def number(count: int) -> str:
    return str(number_format(count, force_grouping=True))


def _counted(template: str, count: int) -> str:
    return template % {"count": number(count)}


def images(count: int) -> str:
    return _counted(ngettext("%(count)s image", "%(count)s images", count), count)


def hidden_images(count: int) -> str:
    return _counted(ngettext("%(count)s hidden", "%(count)s hidden", count), count)


def images_of(name: str, count: int) -> str:
    template = ngettext("%(count)s image: %(name)s", "%(count)s images: %(name)s", count)
    return template % {"count": number(count), "name": name}


def hidden_images_of(name: str, count: int) -> str:
    template = ngettext(
        "%(count)s hidden image: %(name)s", "%(count)s hidden images: %(name)s", count
    )
    return template % {"count": number(count), "name": name}


def images_now(count: int) -> str:
    template = ngettext(
        "%(count)s image: the list as it is now",
        "%(count)s images: the list as it is now",
        count,
    )
    return _counted(template, count)


def hidden_of_them(count: int) -> str:
    template = ngettext("%(count)s of them hidden", "%(count)s of them hidden", count)
    return _counted(template, count)


def restorable(count: int) -> str:
    template = ngettext(
        "%(count)s image that can be restored", "%(count)s images that can be restored", count
    )
    return _counted(template, count)


def snapshots(count: int) -> str:
    return _counted(ngettext("%(count)s snapshot", "%(count)s snapshots", count), count)


def projects(count: int) -> str:
    return _counted(ngettext("%(count)s project", "%(count)s projects", count), count)


def other_projects(count: int) -> str:
    return _counted(ngettext("%(count)s other project", "%(count)s other projects", count), count)


def copies(count: int) -> str:
    template = ngettext(
        "%(count)s image has data that another one has too",
        "%(count)s images have data that another one has too",
        count,
    )
    return _counted(template, count)


def and_others(name: str, count: int) -> str:
    template = ngettext("%(name)s and %(count)s other", "%(name)s and %(count)s others", count)
    return template % {"name": name, "count": number(count)}


def counted_so_far(count: int) -> str:
    template = ngettext("%(count)s image counted so far", "%(count)s images counted so far", count)
    return _counted(template, count)


def looking_at_uses() -> str:
    return _("All images are counted. Reading what uses them…")


def unused_images(count: int) -> str:
    message = ngettext("%(count)s image is unused", "%(count)s images are unused", count)
    return _counted(message, count)


def too_many_uses() -> str:
    return _("There are too many instances, volumes or images in use to compare them all.")


def unknown_volumes() -> str:
    return _("The volume service does not tell which images its volumes were created from.")


def not_seen(count: int) -> str:
    """Say which images are not among the unused ones, since others may use them."""
    message = ngettext(
        "%(count)s image is left out that other projects may use too: you cannot see how they "
        "use it.",
        "%(count)s images are left out that other projects may use too: you cannot see how they "
        "use them.",
        count,
    )
    return _counted(message, count)


def progress(percent: int) -> str:
    """Say how far the count is, for a screen reader."""
    if percent == 100:
        return _("All images are counted.")
    return _("Counting the images: %(percent)s") % {"percent": f"{percent} %"}


def not_compared(size_bytes: int) -> str:
    """Say which data were not compared; empty if all were."""
    if not size_bytes:
        return ""
    return _("Data of up to %(size)s were not compared: too many images are larger.") % {
        "size": size_label(size_bytes)
    }
