# SPDX-License-Identifier: Apache-2.0
"""The stores of Glance, and copies of image data between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from helion_images_panel import exceptions
from helion_images_panel.api import audit, cache, client, shapes
from helion_images_panel.api.client import Request, image_path

COPY_IMAGE = "copy-image"

#: Seconds. Operators change stores by restarting Glance.
CACHE_S = 60


@dataclass(frozen=True)
class Store:
    """A store; `description` may be empty, a read-only store accepts no copies."""

    id: str
    description: str = ""
    is_default: bool = False
    is_read_only: bool = False


def store_list(request: Request) -> tuple[Store, ...]:
    """Return the stores of this region's Glance; none if it has a single unnamed one.

    Cached for CACHE_S: every create dialog and every image's page needs them.
    """
    return cache.recent(client.cache_key(request, "stores"), CACHE_S, lambda: _fetch(request))


def _fetch(request: Request) -> tuple[Store, ...]:
    try:
        body = client.get(request, "/v2/info/stores")
    except (exceptions.ImageNotFound, exceptions.ImageForbidden):
        return ()
    return tuple(
        Store(
            shapes.text(store.get("id")),
            str(store.get("description") or ""),
            _is_true(store.get("default")),
            _is_true(store.get("read-only")),
        )
        for store in shapes.rows(body, "stores")
    )


def _is_true(value: object) -> bool:
    """Parse a boolean, which Glance returns as text."""
    return str(value).lower() == "true"


def copy_to_stores(request: Request, image_id: str, stores: Sequence[str]) -> None:
    """Start copying an active image; a store that fails does not stop the others.

    The image's properties show the progress, see `core.image`.
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
    """Delete one of several copies; Glance refuses with 403 for the last one."""
    image_path(image_id)  # raises for an invalid ID
    with audit.recorded(request, "remove_from_store", image_id, {}, before={"store": store}):
        client.delete(request, f"/v2/stores/{quote(store, safe='')}/{image_id}")
