# SPDX-License-Identifier: Apache-2.0
"""A file by way of Glance's staging area: Glance's import plugins see its data."""

from __future__ import annotations

import json
from collections.abc import Mapping

from helion_images_panel.api import audit, client, imports
from helion_images_panel.api.client import Chunks, Request, image_path
from helion_images_panel.core.changes import json_patch


def image_stage(request: Request, image_id: str, body: Chunks) -> None:
    """Stage the data of a queued image. On any error Glance leaves it queued, without data."""
    size_bytes = client.size_of(body)
    after = {} if size_bytes is None else {"size": size_bytes}
    with audit.image_changed(request, "image_stage", image_id, after):
        client.put_data(request, image_path(image_id, "stage"), body)


def record_staged(request: Request, image_id: str, properties: Mapping[str, str]) -> None:
    """Write properties on an image between its staging and its import.

    `images.image_update` refuses changes while data is transferred, as Glance would undo them.
    The import, which is the next request, reads the image after this change.
    """
    with audit.image_changed(request, "image_update", image_id, properties):
        client.patch(request, image_path(image_id), json.dumps(json_patch(properties)))


def import_staged(request: Request, image_id: str, store: str | None = None) -> None:
    """Start the import of the staged data; `imports.import_tasks` returns its state.

    :param store: ID of the target store; None for Glance's default
    """
    body = imports.import_body(request, {"name": imports.GLANCE_DIRECT}, store)
    after = {"method": imports.GLANCE_DIRECT, **({"stores": store} if store else {})}
    with audit.recorded(request, "import_staged", image_id, after, before={}):
        client.post(request, image_path(image_id, "import"), body)
