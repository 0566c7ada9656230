# SPDX-License-Identifier: Apache-2.0
"""One action on many images: bounded, and with a result for each of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.http import HttpRequest
from django.utils.translation import gettext as _

from helion_images_panel import exceptions
from helion_images_panel.api.parallel import in_parallel
from helion_images_panel.core.image import Image
from helion_images_panel.ui.base.errors import error_of, reason
from helion_images_panel.ui.base.results import ImageResult
from helion_images_panel.ui.scopes.scope import PanelScope


def run(
    request: HttpRequest,
    scope: PanelScope,
    image_ids: Sequence[str],
    refusal: Callable[[Image], str | None],
    act: Callable[[Image], object],
) -> list[ImageResult]:
    """Acts on every image that the scope has and `refusal` lets pass.

    One refused, failed or vanished image does not stop the others. Other
    threads only talk to Glance; who may do what is asked in the request's
    own, and so is what language its person reads.
    """

    def judged(image_id: str, found: Image | Exception) -> Image | ImageResult:
        if isinstance(found, exceptions.ImageNotFound):
            return _missing(image_id)
        if isinstance(found, Exception):
            return ImageResult(image_id, reason(found))
        if not scope.may_read(request, found):
            return _missing(image_id)
        refused = refusal(found)
        return ImageResult(found.display_name, refused) if refused else found

    ids = list(dict.fromkeys(image_ids))
    found = scope.images_or_errors(request, ids)
    verdicts = [judged(image_id, found[image_id]) for image_id in ids]
    allowed = [verdict for verdict in verdicts if isinstance(verdict, Image)]
    answers = in_parallel(error_of(act), allowed)
    errors = {image.id: answer for image, answer in zip(allowed, answers, strict=True)}
    return [
        verdict
        if isinstance(verdict, ImageResult)
        else ImageResult(verdict.display_name, reason(errors[verdict.id]))
        for verdict in verdicts
    ]


def _missing(image_id: str) -> ImageResult:
    # Whatever was posted as one; an ID is no longer.
    return ImageResult(image_id[:36], _("There is no such image."), missing=True)
