# SPDX-License-Identifier: Apache-2.0
"""Interoperable image import: Glance fetches the data itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from helion_images_panel import exceptions
from helion_images_panel.api import audit, client, stores
from helion_images_panel.api.client import Request, image_path
from helion_images_panel.core.audit import without_secrets

WEB_DOWNLOAD = "web-download"


@dataclass(frozen=True)
class ImportTask:
    """`status` is pending, processing, success or failure; times are ISO 8601.

    `method` is that of the import, `url` where a web-download fetches from,
    `stores` where the data is to go. Without `all_stores_must_succeed` Glance
    takes data back out of a store that it refuses by its content.
    """

    status: str
    message: str
    updated_at: str
    created_at: str = ""
    id: str = ""
    method: str = ""
    url: str = ""
    stores: tuple[str, ...] = ()
    all_stores_must_succeed: bool = True

    @classmethod
    def from_glance(cls, body: Mapping[str, Any]) -> ImportTask:
        given = body.get("input") or {}
        asked = given.get("import_req") or {}
        method = asked.get("method") or {}
        return cls(
            status=body["status"],
            message=body.get("message") or "",
            updated_at=body.get("updated_at") or "",
            created_at=body.get("created_at") or "",
            id=body.get("id") or "",
            method=method.get("name") or "",
            url=method.get("uri") or "",
            stores=tuple(filter(None, given.get("backend") or ())),
            all_stores_must_succeed=asked.get("all_stores_must_succeed", True),
        )

    @property
    def is_running(self) -> bool:
        return self.status in ("pending", "processing")

    @property
    def has_failed(self) -> bool:
        return self.status == "failure"


def import_methods(request: Request) -> list[str]:
    """The methods that this Glance offers; none where it knows no imports."""
    try:
        body = client.get(request, "/v2/info/import")
    except (exceptions.ImageNotFound, exceptions.ImageForbidden):
        return []
    return list(body.get("import-methods", {}).get("value", []))


def import_from_url(request: Request, image_id: str, url: str, store: str | None = None) -> None:
    """Starts a web-download; what becomes of it shows in `import_tasks`.

    :param store: where the data is to be kept; None leaves it to Glance
    """
    body: dict[str, Any] = {"method": {"name": WEB_DOWNLOAD, "uri": url}}
    if store:
        body["stores"] = [store]
    if stores.store_list(request):
        # Else Glance leaves data that it refuses by its content in the store,
        # and nothing can ever be stored under the image's ID again.
        body["all_stores_must_succeed"] = False
    after = {
        "method": WEB_DOWNLOAD,
        "url": without_secrets(url),
        **({"stores": store} if store else {}),
    }
    with audit.recorded(request, "import_from_url", image_id, after, before={}):
        client.post(request, image_path(image_id, "import"), body)


def import_tasks(request: Request, image_id: str) -> list[ImportTask]:
    """The image's tasks, newest first; none where Glance keeps them to itself.

    Copies to other stores are such tasks too. Admins are told no more by the
    tasks API itself than everybody who sees the image is told here.
    """
    try:
        body = client.get(request, image_path(image_id, "tasks"))
    except (exceptions.ImageNotFound, exceptions.ImageForbidden):
        return []
    tasks = [ImportTask.from_glance(task) for task in body["tasks"]]
    return sorted(tasks, key=lambda task: (task.created_at, task.updated_at), reverse=True)
