# SPDX-License-Identifier: Apache-2.0
"""The project's quota, for users and for the page's script."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helion_images_panel.core import quota as limits
from helion_images_panel.core.quota import Quota, Resource
from helion_images_panel.ui.base.labels import size_label
from helion_images_panel.ui.base.limits import uploading_limit


@dataclass(frozen=True)
class QuotaLine:
    """A line such as "Storage: 12.3 GiB of 50 GiB used, 37.7 GiB left"; `percent` is the used
    part in steps of five, rounded up, at most 100; None without a limit.
    """

    text: str
    percent: int | None

    @property
    def is_nearly_full(self) -> bool:
        return self.percent is not None and self.percent > 90


def describe(quota: Quota | None) -> list[QuotaLine]:
    """Return one line for each limit that users may reach; none without limits."""
    if quota is None:
        return []
    lines = [
        _line(
            quota.size,
            size_label,
            _("Storage: %(used)s of %(limit)s used, %(left)s left"),
            _("Storage: %(used)s used, no limit"),
        ),
        _line(
            quota.count,
            _count,
            _("Images: %(used)s of %(limit)s used, %(left)s left"),
            _("Images: %(used)s used, no limit"),
        ),
        _line(
            quota.staging,
            size_label,
            _("Staging area for imports: %(used)s of %(limit)s used, %(left)s left"),
            _("Staging area for imports: %(used)s used, no limit"),
        ),
    ]
    if quota.uploading.used or not quota.uploading.allows_one_more():
        lines.append(
            _line(
                quota.uploading,
                _count,
                _("Uploads and imports in progress: %(used)s of %(limit)s, %(left)s left"),
                _("Uploads and imports in progress: %(used)s, no limit"),
            )
        )
    return lines


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
            "The project has reached its limit of %(limit)s image. Delete an image, or ask the "
            "cloud's operator for a higher limit.",
            "The project has reached its limit of %(limit)s images. Delete an image, or ask the "
            "cloud's operator for a higher limit.",
            quota.count.limit or 0,
        ) % {"limit": _count(quota.count.limit)}
    if reason == limits.UPLOADING:
        return uploading_limit(quota.uploading.limit or 0)
    numbers = quota.size if reason == limits.SIZE else quota.staging
    values = {
        "size": size_label(size_bytes or 0),
        "used": size_label(numbers.used),
        "limit": size_label(numbers.limit or 0),
        "left": size_label(numbers.left or 0),
    }
    if reason == limits.STAGING:
        return (
            _(
                "The project's quota of the cloud's staging area is used up: imports use "
                "%(used)s of %(limit)s. Wait until they have finished, or upload the image as a "
                "file."
            )
            % values
        )
    if size_bytes:
        return (
            _(
                "The file is too large (%(size)s); %(left)s of quota is left. The project's "
                "limit is %(limit)s. Delete images that are no longer needed, or ask the cloud's "
                "operator for a higher limit."
            )
            % values
        )
    return (
        _(
            "The project's images use %(used)s, more than its limit of %(limit)s. Delete images "
            "that are no longer needed, or ask the cloud's operator for a higher limit."
        )
        % values
    )


def _count(count: int | None) -> str:
    return str(number_format(count or 0))


def _line(
    resource: Resource, formatted: Callable[[int], str], limited: str, unlimited: str
) -> QuotaLine:
    if resource.limit is None or resource.left is None:
        return QuotaLine(unlimited % {"used": formatted(resource.used)}, None)
    text = limited % {
        "used": formatted(resource.used),
        "limit": formatted(resource.limit),
        "left": formatted(resource.left),
    }
    twentieths = -(-20 * resource.used // resource.limit) if resource.limit else 20
    return QuotaLine(text, 5 * min(20, twentieths))
