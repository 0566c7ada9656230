# SPDX-License-Identifier: Apache-2.0
"""One action on many images, in bounded parallelism, with a result for each image."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.http import HttpRequest
from django.utils.translation import gettext as _

from helion_images_panel import exceptions
from helion_images_panel.api.parallel import in_parallel
from helion_images_panel.core.image import Image
from helion_images_panel.ui.base.errors import error_of, lacks_property, reason
from helion_images_panel.ui.base.results import ImageResult
from helion_images_panel.ui.scopes.scope import PanelScope


def run(
    request: HttpRequest,
    scope: PanelScope,
    image_ids: Sequence[str],
    refusal: Callable[[Image], str | None],
    act: Callable[[Image], object],
) -> list[ImageResult]:
    """Act on every image that the scope shows and `refusal` allows.

    An image that is refused, fails or does not exist does not stop the others. Other
    threads only send requests to Glance; permissions are checked and messages
    translated in the request's own thread, which has the user's language.
    """

    def check(image_id: str, image_or_error: Image | Exception) -> Image | ImageResult:
        if isinstance(image_or_error, exceptions.ImageNotFound):
            return _missing(image_id)
        if isinstance(image_or_error, Exception):
            return ImageResult(image_id, reason(image_or_error))
        if not scope.may_read(request, image_or_error):
            return _missing(image_id)
        refused = refusal(image_or_error)
        return ImageResult(image_or_error.display_name, refused) if refused else image_or_error

    ids = list(dict.fromkeys(image_ids))
    read = scope.images_or_errors(request, ids)
    checked = [check(image_id, read[image_id]) for image_id in ids]
    allowed = [entry for entry in checked if isinstance(entry, Image)]
    act_errors = in_parallel(error_of(act), allowed)
    error_of_image = {image.id: error for image, error in zip(allowed, act_errors, strict=True)}

    def result(image: Image) -> ImageResult:
        error = error_of_image[image.id]
        url = scope.url("metadata", image.id) if lacks_property(error) else ""
        return ImageResult(image.display_name, reason(error), metadata_url=url)

    return [entry if isinstance(entry, ImageResult) else result(entry) for entry in checked]


def _missing(image_id: str) -> ImageResult:
    # The ID comes from the request and is cut to an ID's length.
    return ImageResult(image_id[:36], _("Image not found."), missing=True)
