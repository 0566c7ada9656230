# SPDX-License-Identifier: Apache-2.0
"""The project's quota, for users and for the page's script."""

from __future__ import annotations

import json
from collections.abc import Callable

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helion_images_panel.core import quota as limits
from helion_images_panel.core.quota import Quota, Resource
from helion_images_panel.ui.base.labels import size_label


def describe(quota: Quota | None) -> list[str]:
    """Lines such as "Data: 12.3 GiB of 50 GiB used, 37.7 GiB left"; none without limits."""
    if quota is None:
        return []
    lines = [
        _size_line(_("Data"), quota.size),
        _count_line(_("Images"), quota.count),
        _size_line(_("Staging area, for imports"), quota.staging),
    ]
    if quota.uploading.used or not quota.uploading.allows_one_more():
        lines.append(_count_line(_("Uploads and imports under way"), quota.uploading))
    return [line for line in lines if line]


def attribute(quota: Quota | None) -> str:
    """Return JSON for `data-hip-quota`; empty without limits.

    The two sizes in bytes are those of the largest file that fits, as Glance computes
    in whole MiB; `size_left` is shown to users; null is no limit.
    """
    if quota is None:
        return ""
    return json.dumps(
        {
            "size_left_bytes": quota.size.largest_bytes,
            "size_left": None if quota.size.left is None else size_label(quota.size.left),
            "staging_left_bytes": quota.staging.largest_bytes,
            "count_left": quota.count.left,
            "uploading_left": quota.uploading.left,
        }
    )


def refusal(quota: Quota | None, size_bytes: int | None, staged: bool, new: bool = True) -> str:
    """Return why the image exceeds the project's quota, and the next step; empty if it fits."""
    reason = quota.refusal(size_bytes, staged, new) if quota else ""
    if not quota or not reason:
        return ""
    if reason == limits.COUNT:
        return ngettext(
            "The project has its %(limit)s image and may have no more. Delete one that is not "
            "needed any more, or ask the cloud's operator for a higher limit.",
            "The project has its %(limit)s images and may have no more. Delete one that is not "
            "needed any more, or ask the cloud's operator for a higher limit.",
            quota.count.limit or 0,
        ) % {"limit": _count(quota.count.limit)}
    if reason == limits.UPLOADING:
        return _(
            "The project has as many uploads and imports under way as it may (%(limit)s). "
            "Wait until one of them has ended, then try again."
        ) % {"limit": _count(quota.uploading.limit)}
    numbers = quota.size if reason == limits.SIZE else quota.staging
    words = {
        "size": size_label(size_bytes or 0),
        "used": size_label(numbers.used),
        "limit": size_label(numbers.limit or 0),
        "left": size_label(numbers.left or 0),
    }
    if reason == limits.STAGING:
        return (
            _(
                "The cloud's staging area has too little room left for this project: "
                "%(used)s of %(limit)s are in use by imports. Wait until they have ended, "
                "or upload the image as a file."
            )
            % words
        )
    if size_bytes:
        return (
            _(
                "The file does not fit: it has %(size)s, and the project has %(left)s left of "
                "its %(limit)s for images. Delete images that are not needed any more, or ask "
                "the cloud's operator for a higher limit."
            )
            % words
        )
    return (
        _(
            "The project's images use %(used)s, more than its limit of %(limit)s. Delete images "
            "that are not needed any more, or ask the cloud's operator for a higher limit."
        )
        % words
    )


def _count(count: int | None) -> str:
    return str(number_format(count or 0))


def _size_line(what: str, resource: Resource) -> str:
    return _line(what, resource, size_label)


def _count_line(what: str, resource: Resource) -> str:
    return _line(what, resource, _count)


def _line(what: str, resource: Resource, formatted: Callable[[int], str]) -> str:
    if resource.limit is None or resource.left is None:
        return _("%(what)s: %(used)s used, without a limit") % {
            "what": what,
            "used": formatted(resource.used),
        }
    return _("%(what)s: %(used)s of %(limit)s used, %(left)s left") % {
        "what": what,
        "used": formatted(resource.used),
        "limit": formatted(resource.limit),
        "left": formatted(resource.left),
    }
