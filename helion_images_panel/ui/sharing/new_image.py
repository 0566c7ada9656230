# SPDX-License-Identifier: Apache-2.0
"""Shares an image that has just been created, before its data is sent."""

from __future__ import annotations

import time
from collections.abc import Sequence

from django.http import HttpRequest
from django.utils.translation import gettext as _

from helion_images_panel import exceptions
from helion_images_panel.api import members
from helion_images_panel.api.parallel import in_parallel
from helion_images_panel.core.image import Image
from helion_images_panel.ui.base import messages
from helion_images_panel.ui.base.errors import error_of
from helion_images_panel.ui.sharing.project_lookup import ProjectLookup
from helion_images_panel.ui.sharing.results import (
    FAILED,
    not_shared_message,
    reasons_of,
    result_of,
    unverified_message,
)

#: Seconds after which no further project is added: a web server waits 60 seconds for the
#: response.
ADDITIONS_BEGIN_WITHIN_S = 20


def share_new_image(
    request: HttpRequest, image: Image, wanted: Sequence[ProjectLookup]
) -> list[str]:
    """Make the projects members of the image, and return remarks for the user.

    The image needs no lock, as no other page knows it yet, and has no earlier members.
    """
    deadline = time.monotonic() + ADDITIONS_BEGIN_WITHIN_S

    def add(lookup: ProjectLookup) -> None:
        if time.monotonic() > deadline:
            raise exceptions.ImageServiceError(_("The image service is too slow."))
        members.member_create(request, image.id, lookup.project_id)

    errors = in_parallel(error_of(add), wanted)
    results = [result_of(lookup, error) for lookup, error in zip(wanted, errors, strict=True)]
    failed = [result for result in results if result.outcome == FAILED]
    remarks = []
    if failed:
        not_shared = not_shared_message(messages.joined(reasons_of(failed), "; "))
        again = _("The image itself was created. To try again, select Share Image in its menu.")
        remarks.append(f"{not_shared} {again}")
    unverified = unverified_message(wanted, errors)
    return [*remarks, unverified] if unverified else remarks
