# SPDX-License-Identifier: Apache-2.0
"""What an import that does not go on most likely means.

Glance waits without a limit for a server that stops sending, and an image stays "importing" for
good if Glance is killed. It then takes neither data nor another import: Glance accepts these for
queued images only.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from horizon.utils.filters import parse_isotime

from helion_images_panel.api.imports import LOCK_EXPIRES_AFTER, WEB_DOWNLOAD, ImportTask
from helion_images_panel.core.image import Image
from helion_images_panel.ui.transfers.import_failures import time_text

#: Glance begins an import at once, unless as many as it works on in parallel do not end.
BEGINS_WITHIN = timedelta(minutes=10)


def of_standstill(image: Image, tasks: Sequence[ImportTask]) -> str:
    """Return why an import may have stopped; empty if it may well be in progress."""
    task = tasks[0] if tasks else None
    since = parse_isotime(task.updated_at) if task else None
    if task is None or since is None or not task.is_running:
        return ""
    age = timezone.now() - since
    if image.status in ("uploading", "importing") and age >= LOCK_EXPIRES_AFTER:
        return _(
            "The image service has reported no progress of this import for %(time)s. A large "
            "download or conversion may still be running. If it hangs, the image accepts neither "
            "another import nor a file: delete it and create it again."
        ) % {"time": time_text(age.total_seconds())}
    if task.method != WEB_DOWNLOAD:
        return ""
    if image.status == "queued" and task.status == "pending" and age >= BEGINS_WITHIN:
        expires = task.lock_expires_at
        left = expires - timezone.now() if expires else timedelta()
        if left <= timedelta():
            return ""
        return _(
            "The image service has not begun this import for %(time)s: other imports are in "
            "progress there, or hang. It accepts another import into this image in %(left)s. A "
            "file can be uploaded into a new image."
        ) % {"time": time_text(age.total_seconds()), "left": time_text(left.total_seconds())}
    return ""
