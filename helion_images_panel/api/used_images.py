# SPDX-License-Identifier: Apache-2.0
"""How many instances and volumes of the active project come from which image.

One request to the compute service, and one to the volume service, if the cloud has them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from helion_images_panel import exceptions
from helion_images_panel.api import bounded, forgiven, instances, volumes
from helion_images_panel.api.client import Request

#: Maximum number of instances that are read: as many as Nova returns at a time.
LIMIT = 1000


def of_instances(request: Request) -> Mapping[str, int]:
    """Return the number of the project's instances by the ID of their image; raise
    ImageServiceError if the compute service fails.

    Instances on volumes are not among them: for Nova they have no image.
    """
    try:
        with instances.requested(), bounded.within(instances.WAIT_S):
            _response, body = instances.nova_client(request).client.get(
                f"/servers/detail?limit={LIMIT}"
            )
            return Counter(image_id for row in body["servers"] if (image_id := _image_of(row)))
    except instances.FAILURES as error:
        forgiven.log("the images of a project's instances", error)
        if isinstance(error, exceptions.ImageServiceError):
            raise
        raise exceptions.compute_does_not_answer() from error


def _image_of(row: Mapping[str, Any]) -> str:
    """Nova returns an empty text in the place of the image of an instance on a volume."""
    return str((row.get("image") or {}).get("id") or "")


def of_volumes(request: Request) -> Mapping[str, int]:
    """Return the number of the project's volumes by the ID of the image that they come from; raise
    ImageServiceError if the volume service fails.
    """
    return Counter(volumes.images_of_volumes(request))
