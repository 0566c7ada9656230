# SPDX-License-Identifier: Apache-2.0
"""A whole list of Glance in portions, each in a request of its own.

The order is that of the IDs, in which no change moves an image: each image that is there
all the time comes exactly once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from helion_images_panel import exceptions
from helion_images_panel.api import client, shapes
from helion_images_panel.api.client import Request
from helion_images_panel.api.search import ROWS_PER_CALL
from helion_images_panel.core.image import Image

#: Images at which the next portion may begin, in case the last ones are deleted meanwhile.
MARKERS = 5


@dataclass(frozen=True)
class Portion:
    """Some images of the list.

    :ivar markers: IDs at which the next portion begins, the last image first; empty at the end
    """

    images: Sequence[Image]
    markers: tuple[str, ...]


def portion(
    request: Request, parameters: Mapping[str, Any], markers: Sequence[str], most: int
) -> Portion:
    """Return the images after the markers of the portion before; the first ones without.

    :param most: maximum number of images

    One request to Glance, and a further one for each marker that is gone. Raise
    ImageServiceError if all are.
    """
    for number, marker in enumerate(markers):
        try:
            known = markers[:number]
            return _portion(request, {**parameters, "marker": marker}, known, most)
        except exceptions.ImageServiceError as error:
            if error.status not in (400, 404) or number == len(markers) - 1:
                raise
    return _portion(request, parameters, (), most)


def _portion(
    request: Request, parameters: Mapping[str, Any], known: Sequence[str], most: int
) -> Portion:
    """:param known: images that may come again"""
    query = {**parameters, "sort": "id:asc", "limit": min(most, ROWS_PER_CALL)}
    body = client.get(request, "/v2/images", query)
    found = [shapes.parsed(Image.from_glance, row) for row in shapes.rows(body, "images")]
    more = bool(found and body.get("next"))
    markers = tuple(image.id for image in reversed(found[-MARKERS:])) if more else ()
    return Portion([image for image in found if image.id not in known], markers)


def whole(request: Request, parameters: Mapping[str, Any]) -> Iterator[Image]:
    """Yield all images of the list, portion by portion."""
    markers: tuple[str, ...] = ()
    while True:
        found = portion(request, parameters, markers, ROWS_PER_CALL)
        yield from found.images
        markers = found.markers
        if not markers:
            return
