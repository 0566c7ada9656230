# SPDX-License-Identifier: Apache-2.0
"""One action on many images: bounded, and with a result for each of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from helion_images_panel import exceptions
from helion_images_panel.api.parallel import in_parallel
from helion_images_panel.core.image import Image
from helion_images_panel.ui.scope import PanelScope


@dataclass(frozen=True)
class Outcome:
    """What became of one image; `failure` is the reason, empty on success."""

    name: str
    failure: str = ""


def run(
    request: HttpRequest,
    scope: PanelScope,
    image_ids: Sequence[str],
    refusal: Callable[[Image], str | None],
    act: Callable[[Image], Any],
) -> list[Outcome]:
    """Acts on every image that the scope has and `refusal` lets pass.

    One refused, failed or vanished image does not stop the others. Policy is
    asked here, in the request's own thread; only Glance is talked to in
    others.
    """

    def fetch(image_id: str) -> Image | Outcome:
        try:
            return scope.image(request, image_id)
        except exceptions.ImageNotFound:
            return Outcome(image_id, _("There is no such image."))
        except exceptions.ImageServiceError as error:
            return Outcome(image_id, str(error))

    def judged(found: Image | Outcome) -> Image | Outcome:
        if isinstance(found, Outcome):
            return found
        reason = refusal(found)
        return Outcome(found.display_name, reason) if reason else found

    def acted(found: Image | Outcome) -> Outcome:
        if isinstance(found, Outcome):
            return found
        try:
            act(found)
        except exceptions.ImageServiceError as error:
            return Outcome(found.display_name, str(error))
        return Outcome(found.display_name)

    unique = list(dict.fromkeys(image_ids))
    return in_parallel(acted, [judged(found) for found in in_parallel(fetch, unique)])
