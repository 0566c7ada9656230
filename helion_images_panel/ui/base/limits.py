# SPDX-License-Identifier: Apache-2.0
"""The limits of the cloud that an image exceeds, in words."""

from __future__ import annotations

import re

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helion_images_panel.core.quota import MIB
from helion_images_panel.ui.base.labels import size_label

_OVER_LIMIT = re.compile(
    r"Resource (\w+) is over limit of (-?\d+) due to current usage (-?\d+) and delta (-?\d+)"
)


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
    if resource == "image_count_total":
        return ngettext(
            "The project has reached its limit of %(limit)s image (%(used)s in use). "
            "Delete an image, or ask the cloud's operator for a higher limit.",
            "The project has reached its limit of %(limit)s images (%(used)s in use). "
            "Delete an image, or ask the cloud's operator for a higher limit.",
            limit,
        ) % {"limit": limit, "used": used}
    if resource == "image_count_uploading":
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
