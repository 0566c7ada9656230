# SPDX-License-Identifier: Apache-2.0
"""The actions of rows, decided once for all images of a page that have the same ones."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

from horizon import tables

from helion_images_panel.core.block_devices import PROPERTY as BLOCK_DEVICES
from helion_images_panel.core.deletion import PROPERTY as DELETION
from helion_images_panel.core.family import PROPERTY as FAMILY
from helion_images_panel.core.image import COPYING_TO, FAILED_STORES, IMPORT_TASK, Image
from helion_images_panel.core.publication import PROPERTY as PUBLICATION

#: Properties on which actions depend. An image that has one is a kind of its own, as is one
#: whose data Nova is going to upload.
_DECISIVE = (PUBLICATION, DELETION, FAMILY, IMPORT_TASK, COPYING_TO, FAILED_STORES, BLOCK_DEVICES)


class RowActions:
    """The actions of the rows of one table, and so of one request.

    They are decided for the *kind* of an image: an image that has only the attributes on
    which actions may depend. An action that reads another attribute is then wrong in every
    row, and not just in some.

    :param decide: returns the actions that an image has
    """

    def __init__(self, decide: Callable[[Image], Sequence[tables.BaseAction]]):
        self._decide = decide
        self._decided: dict[Hashable, Sequence[tables.BaseAction]] = {}

    def of(self, image: Image) -> Sequence[tables.BaseAction]:
        if image.awaits_snapshot or not image.properties.keys().isdisjoint(_DECISIVE):
            return self._decide(image)
        key = _key_of(image)
        if key not in self._decided:
            self._decided[key] = self._decide(_kind_of(image))
        return self._decided[key]


def _key_of(image: Image) -> Hashable:
    """Return what differs between kinds; see `_kind_of`."""
    return (
        image.owner,
        image.status,
        image.visibility,
        image.protected,
        image.os_hidden,
        image.disk_format,
        image.container_format,
        image.size_bytes and 1,
        image.stores,
        bool(image.locations),
    )


def _kind_of(image: Image) -> Image:
    return Image(
        id="",
        owner=image.owner,
        status=image.status,
        visibility=image.visibility,
        protected=image.protected,
        os_hidden=image.os_hidden,
        disk_format=image.disk_format,
        container_format=image.container_format,
        # Only whether there is any data, and any location, makes a difference.
        size_bytes=image.size_bytes and 1,
        stores=image.stores,
        locations=("-",) if image.locations else (),
    )
