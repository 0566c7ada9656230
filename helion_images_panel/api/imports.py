# SPDX-License-Identifier: Apache-2.0
"""Interoperable image import: Glance downloads the data itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from horizon.utils.filters import parse_isotime

from helion_images_panel import exceptions
from helion_images_panel.api import audit, cache, client, shapes, stores
from helion_images_panel.api.client import Request, image_path
from helion_images_panel.redaction import has_secrets, text_without_secrets, without_secrets

WEB_DOWNLOAD = "web-download"
GLANCE_DIRECT = "glance-direct"
GLANCE_DOWNLOAD = "glance-download"

#: Glance itself allows another task after this time without progress.
LOCK_EXPIRES_AFTER = timedelta(minutes=60)

#: Seconds. Operators change the methods by restarting Glance.
CACHE_S = 60


@dataclass(frozen=True)
class ImportTask:
    """A task of Glance; `status` is pending, processing, success or failure, times are ISO 8601.

    `method` is the import method, `url` the source of a web-download, `stores` the
    target stores. Glance returns the whole URL to all users who see the image; here neither
    the URL nor the message has a user, password, query or fragment; `has_secrets` tells
    whether the URL had any. Without
    `all_stores_must_succeed`, Glance deletes the data from a store when it refuses its
    content.
    """

    status: str
    message: str
    updated_at: str
    created_at: str = ""
    id: str = ""
    method: str = ""
    url: str = ""
    has_secrets: bool = False
    stores: tuple[str, ...] = ()
    all_stores_must_succeed: bool = True

    @classmethod
    def from_glance(cls, body: Mapping[str, Any]) -> ImportTask:
        task_input = body.get("input") or {}
        import_request = task_input.get("import_req") or {}
        method = import_request.get("method") or {}
        uri = shapes.text(method["uri"]) if method.get("uri") else ""
        return cls(
            status=shapes.text(body["status"]),
            message=text_without_secrets(shapes.text(body.get("message") or "")),
            updated_at=shapes.text(body.get("updated_at") or ""),
            created_at=shapes.text(body.get("created_at") or ""),
            id=shapes.text(body.get("id") or ""),
            method=shapes.text(method.get("name") or ""),
            url=without_secrets(uri) if uri else "",
            has_secrets=has_secrets(uri),
            stores=tuple(filter(None, shapes.texts(task_input.get("backend")))),
            all_stores_must_succeed=import_request.get("all_stores_must_succeed", True),
        )

    @property
    def is_running(self) -> bool:
        return self.status in ("pending", "processing")

    @property
    def lock_expires_at(self) -> datetime | None:
        """Time from which Glance accepts another task for the image; None if it is unknown.

        Glance waits twice as long for a task that it has not begun.
        """
        updated = parse_isotime(self.updated_at)
        if not updated:
            return None
        expires: datetime = updated + LOCK_EXPIRES_AFTER * (2 if self.status == "pending" else 1)
        return expires

    @property
    def is_alive(self) -> bool:
        """Whether Glance is processing the task: a task stays in its state for good if Glance
        is killed.
        """
        expires = self.lock_expires_at
        return self.is_running and not (expires and timezone.now() > expires)

    @property
    def has_failed(self) -> bool:
        return self.status == "failure"


def import_methods(request: Request) -> list[str]:
    """Return the import methods of this Glance; none if it has no import API."""
    try:
        body = client.get(request, "/v2/info/import")
    except (exceptions.ImageNotFound, exceptions.ImageForbidden):
        return []
    methods = shapes.nested(body, "import-methods")
    if "value" not in methods:
        raise exceptions.unexpected_image_response()
    return shapes.texts(methods["value"])


def recent_import_methods(request: Request) -> list[str]:
    """Return the same, cached for CACHE_S."""
    return cache.recent(_methods_key(request), CACHE_S, lambda: import_methods(request))


def known_import_methods(request: Request) -> list[str] | None:
    """Return the cached methods without a request to Glance; None if they are not cached."""
    known: list[str] | None = cache.get(_methods_key(request))
    return known


def _methods_key(request: Request) -> str:
    return client.cache_key(request, "import_methods")


def import_from_url(request: Request, image_id: str, url: str, store: str | None = None) -> None:
    """Start a web-download; `import_tasks` returns its state.

    :param store: ID of the target store; None for Glance's default
    """
    _start(request, image_id, import_body(request, _from(url), store))


def import_again(request: Request, image_id: str, task: ImportTask) -> None:
    """Start a web-download as the one that has failed, into the same stores.

    :param task: one whose URL has no secrets, which are not known any more
    """
    if not task.url or task.has_secrets:
        raise ValueError("the URL of the import is not known")
    body: dict[str, Any] = {"method": _from(task.url)}
    if task.stores:
        body["stores"] = list(task.stores)
    if not task.all_stores_must_succeed:
        body["all_stores_must_succeed"] = False
    _start(request, image_id, body)


def _from(url: str) -> dict[str, str]:
    return {"name": WEB_DOWNLOAD, "uri": url}


def _start(request: Request, image_id: str, body: Mapping[str, Any]) -> None:
    target = body.get("stores")
    after = {
        "method": WEB_DOWNLOAD,
        "url": without_secrets(body["method"]["uri"]),
        **({"stores": ",".join(target)} if target else {}),
    }
    with audit.recorded(request, "import_from_url", image_id, after, before={}):
        client.post(request, image_path(image_id, "import"), body)


def import_body(request: Request, method: Mapping[str, str], store: str | None) -> dict[str, Any]:
    """Build the request for an import into the store, or into Glance's default."""
    body: dict[str, Any] = {"method": dict(method)}
    if store:
        body["stores"] = [store]
    if stores.store_list(request):
        # Otherwise Glance leaves data whose content it refuses in the store, and no
        # data can be stored under the image's ID again.
        body["all_stores_must_succeed"] = False
    return body


def was_imported(request: Request, image_id: str) -> bool | None:
    """Whether a task has imported the data, which Glance's plugins may then have converted.

    None if Glance does not return the tasks. It deletes tasks after a time, two days by
    default. Copies between stores do not change the data.
    """
    try:
        tasks = _tasks(request, image_id)
    except exceptions.ImageServiceError:
        return None
    return any(task.method != stores.COPY_IMAGE for task in tasks)


def is_last_import(request: Request, image_id: str, method: str) -> bool:
    """Whether Glance shows that it has imported the data so, and no other task came after that."""
    tasks = [task for task in import_tasks(request, image_id) if task.method != stores.COPY_IMAGE]
    return bool(tasks) and tasks[0].method == method and tasks[0].status == "success"


def import_tasks(request: Request, image_id: str) -> list[ImportTask]:
    """Return the image's tasks, newest first; none if Glance does not return them.

    Copies to other stores are such tasks too. This API returns the same to every user
    who sees the image as the tasks API returns to admins.
    """
    try:
        tasks = _tasks(request, image_id)
    except (exceptions.ImageNotFound, exceptions.ImageForbidden):
        return []
    return sorted(tasks, key=lambda task: (task.created_at, task.updated_at), reverse=True)


def _tasks(request: Request, image_id: str) -> list[ImportTask]:
    body = client.get(request, image_path(image_id, "tasks"))
    return [shapes.parsed(ImportTask.from_glance, row) for row in shapes.rows(body, "tasks")]
