# SPDX-License-Identifier: Apache-2.0
"""Copies of an image's data: one state for each store."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from helion_images_panel.core.image import Image

STORED = "stored"
COPYING = "copying"
FAILED = "failed"
MISSING = "missing"


@dataclass(frozen=True)
class Copy:
    """The data of an image in one store, or its absence; sizes are bytes.

    `copied_bytes` of `size_bytes` have arrived; None if unknown. Glance reports one
    number for all stores of a task, without naming the store.
    """

    store_id: str
    state: str = MISSING
    copied_bytes: int | None = None
    size_bytes: int | None = None


def copies_of(
    image: Image,
    store_ids: Iterable[str],
    awaited: Iterable[str] = (),
    copied_bytes: int | None = None,
) -> list[Copy]:
    """Return one copy for each store, including stores that have the image but are not in
    `store_ids`.

    :param awaited: target stores of the running copy task; the properties of the image
        lag behind, and remain if Glance is killed
    :param copied_bytes: bytes copied by that task
    """
    coming = set(awaited)
    if image.copying_to:
        coming &= set(image.copying_to)
    coming -= set(image.stores)
    if len(coming) > 1:
        copied_bytes = None
    failed = {*image.failed_stores, *image.copying_to}

    def copy(store_id: str) -> Copy:
        if store_id in image.stores:
            return Copy(store_id, STORED, size_bytes=image.size_bytes)
        if store_id in coming:
            return Copy(store_id, COPYING, copied_bytes, image.size_bytes)
        return Copy(store_id, FAILED if store_id in failed else MISSING)

    return [copy(store_id) for store_id in dict.fromkeys([*store_ids, *image.stores])]
