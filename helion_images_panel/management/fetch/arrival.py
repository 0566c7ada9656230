# SPDX-License-Identifier: Apache-2.0
"""The wait for an image whose data Glance downloads."""

from __future__ import annotations

import time

from helion_images_panel.api import images, imports
from helion_images_panel.core.image import IMPORT_TASK, STATUSES_OF_TRANSFERS, Image
from helion_images_panel.management.fetch.session import Session

#: Seconds between two looks: the first, and the longest.
FIRST_POLL_S, POLL_S = 0.5, 5.0

#: Seconds within which an import begins.
BEGINS_WITHIN_S = 30.0


class NotArrived(Exception):
    """The image will have no data; ``str()`` is the reason."""


class StillArriving(Exception):
    """The time is over, and Glance has not finished."""


def wait_for_data(session: Session, image_id: str, deadline: float) -> Image:
    """Return the image when it is active and Glance has left it alone. Raise NotArrived,
    StillArriving, and ImageServiceError.

    :param deadline: by the monotonic clock
    """
    begun, poll_s = time.monotonic(), FIRST_POLL_S
    while True:
        image = session.call(images.image_get, image_id)
        # Glance writes the image back at the end of the task as it was at its beginning.
        if image.status == "active" and IMPORT_TASK not in image.properties:
            return image
        if reason := _failure(session, image, time.monotonic() - begun):
            raise NotArrived(reason)
        if time.monotonic() + poll_s > deadline:
            raise StillArriving()
        time.sleep(poll_s)
        poll_s = min(POLL_S, poll_s * 1.5)


def _failure(session: Session, image: Image, waited_s: float) -> str:
    """Why the image will have no data; empty as long as it may."""
    if image.status in ("killed", "deleted", "pending_delete", "deactivated"):
        return f"the image is {image.status}"
    tasks = session.call(imports.import_tasks, image.id)
    if tasks and tasks[0].is_running:
        if tasks[0].is_alive:
            return ""
        return "Glance has stopped in the middle of the download"
    if image.status in STATUSES_OF_TRANSFERS or image.status == "active":
        return ""  # The end of the task is written before that of the image.
    if tasks and tasks[0].has_failed:
        return f"Glance could not download the file: {tasks[0].message or 'no reason is known'}"
    if waited_s < BEGINS_WITHIN_S:
        return ""
    return "Glance has stored no data" if tasks else "the download has not begun"
