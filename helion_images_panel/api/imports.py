# SPDX-License-Identifier: Apache-2.0
"""Interoperable image import: Glance fetches the data itself."""

from __future__ import annotations

from dataclasses import dataclass

from helion_images_panel import exceptions
from helion_images_panel.api import client
from helion_images_panel.api.client import Request, image_path

WEB_DOWNLOAD = "web-download"


@dataclass(frozen=True)
class ImportTask:
    """`status` is pending, processing, success or failure; times are ISO 8601."""

    status: str
    message: str
    updated_at: str


def import_methods(request: Request) -> list[str]:
    """The methods that this Glance offers; none where it knows no imports."""
    try:
        body = client.get(request, "/v2/info/import")
    except (exceptions.ImageNotFound, exceptions.ImageForbidden):
        return []
    return list(body.get("import-methods", {}).get("value", []))


def import_from_url(request: Request, image_id: str, url: str) -> None:
    """Starts a web-download; what becomes of it shows in `import_tasks`."""
    body = {"method": {"name": WEB_DOWNLOAD, "uri": url}}
    client.post(request, image_path(image_id, "import"), body)


def import_tasks(request: Request, image_id: str) -> list[ImportTask]:
    """The image's tasks, newest first; none where Glance keeps them to itself."""
    try:
        body = client.get(request, image_path(image_id, "tasks"))
    except (exceptions.ImageNotFound, exceptions.ImageForbidden):
        return []
    tasks = [
        ImportTask(task["status"], task.get("message") or "", task.get("updated_at") or "")
        for task in body["tasks"]
    ]
    return sorted(tasks, key=lambda task: task.updated_at, reverse=True)
