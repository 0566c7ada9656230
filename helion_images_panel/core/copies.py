# SPDX-License-Identifier: Apache-2.0
"""Where the copies of an image's data lie: one state for each store."""

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
    """The data of an image in one store, or their absence; sizes are bytes.

    `copied_bytes` of `size_bytes` have arrived; None where Glance does not say.
    It tells one number for all stores that it fills, and not of which it is.
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
    """One for each store, also for those that hold the image and are not named.

    :param awaited: the stores to which a task that runs is to copy the image;
        what the image itself says is late, and stays when Glance is killed
    :param copied_bytes: what that task has copied
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
