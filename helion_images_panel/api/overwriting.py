# SPDX-License-Identifier: Apache-2.0
"""Changes of an image that Glance would undo.

Glance reads an image when its data begins to arrive, or is copied to another store. When
the data is complete, Glance writes all of it back: a name, a property, a tag, the
visibility or the protection that was changed meanwhile is as it was before.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from helion_images_panel.api import audit, imports
from helion_images_panel.api.client import Request
from helion_images_panel.core.image import STATUSES_OF_TRANSFERS, Image
from helion_images_panel.exceptions import DataTransferred

#: An image whose transfer has died could not be deleted without this change.
_UNPROTECT = {"protected": False}


def check_before(request: Request, image_id: str, changes: Mapping[str, Any]) -> None:
    """Raise DataTransferred if data is being transferred into the image, as it was read last.

    One request if it is copied between stores: a copy that has died is known by its task.
    """
    image = audit.last_seen(request, image_id)
    if image is None or not image.receives_data or changes == _UNPROTECT:
        return
    if image.status in STATUSES_OF_TRANSFERS or _is_copied(request, image_id):
        raise DataTransferred()


def check_after(image: Image, changes: Mapping[str, Any]) -> None:
    """Raise DataTransferred if the transfer began since the image was read.

    :param image: Glance's response to the change
    """
    if image.status in STATUSES_OF_TRANSFERS and changes != _UNPROTECT:
        raise DataTransferred(is_changed=True)


def _is_copied(request: Request, image_id: str) -> bool:
    tasks = imports.import_tasks(request, image_id)
    return not tasks or any(task.is_alive for task in tasks)
