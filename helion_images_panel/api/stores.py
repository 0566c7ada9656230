# SPDX-License-Identifier: Apache-2.0
"""The stores in which Glance can keep an image's data, and copies between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from helion_images_panel import exceptions
from helion_images_panel.api import audit, cache, client
from helion_images_panel.api.client import Request, image_path

COPY_IMAGE = "copy-image"

#: Operators change stores by restarting Glance.
CACHE_S = 60


@dataclass(frozen=True)
class Store:
    """`description` may be empty; into a read-only store nothing can be copied."""

    id: str
    description: str = ""
    is_default: bool = False
    is_read_only: bool = False


def store_list(request: Request) -> tuple[Store, ...]:
    """The stores of this region's Glance; none where it has but a nameless one.

    Remembered for a minute: every create dialog and every image's page asks.
    """
    key = client.cache_key(request, "stores")
    known: tuple[Store, ...] | None = cache.get(key)
    if known is None:
        known = _ask(request)
        cache.set(key, known, CACHE_S)
    return known


def _ask(request: Request) -> tuple[Store, ...]:
    try:
        body = client.get(request, "/v2/info/stores")
    except (exceptions.ImageNotFound, exceptions.ImageForbidden):
        return ()
    return tuple(
        Store(
            found["id"],
            found.get("description") or "",
            _is_true(found.get("default")),
            _is_true(found.get("read-only")),
        )
        for found in body.get("stores") or ()
    )


def _is_true(value: object) -> bool:
    """Glance writes these as text."""
    return str(value).lower() == "true"


def copy_to_stores(request: Request, image_id: str, stores: Sequence[str]) -> None:
    """Starts a copy of an active image; one store that fails does not stop the others.

    How far it is shows in the image's properties, see `core.image`.
    """
    body = {
        "method": {"name": COPY_IMAGE},
        "stores": list(stores),
        "all_stores_must_succeed": False,
    }
    after = {"copying_to": list(stores)}
    with audit.recorded(request, "copy_to_stores", image_id, after, before={}):
        client.post(request, image_path(image_id, "import"), body)


def remove_from_store(request: Request, image_id: str, store: str) -> None:
    """Deletes one of several copies; Glance refuses with 403 for the last of them."""
    image_path(image_id)  # raises for what is no ID
    with audit.recorded(request, "remove_from_store", image_id, {}, before={"store": store}):
        client.delete(request, f"/v2/stores/{quote(store, safe='')}/{image_id}")
