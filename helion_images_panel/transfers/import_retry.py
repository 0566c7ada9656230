# SPDX-License-Identifier: Apache-2.0
"""The second attempt of an import whose cause of failure passes.

Glance's own tasks tell whether there was one: an import is started again only if none from the
same URL into the same image came before it. The cache has the result of the check of the source,
and a lock under which the attempt is started, so that two pages do not start it twice.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone
from horizon.utils.filters import parse_isotime

from helion_images_panel import conf, exceptions
from helion_images_panel.api import cache, images, imports
from helion_images_panel.api.client import Request, image_cache_key
from helion_images_panel.api.imports import WEB_DOWNLOAD, ImportTask
from helion_images_panel.api.lock import Lock
from helion_images_panel.core.decompression import decompressed_of
from helion_images_panel.core.image import IMPORT_TASK, Image
from helion_images_panel.transfers import source_state
from helion_images_panel.transfers.url_check import CheckRefused

LOG = logging.getLogger(__name__)

#: States of a failed import: whether its cause passes is still to be found out; it is going to
#: be started again; it was; it is not.
CHECKING, WAITING, STARTED, FINAL = "checking", "waiting", "started", "final"

#: Seconds. A server that refuses responds faster; a later failure is an interrupted
#: transfer, or a timeout.
AT_ONCE_S = 10

#: An import that failed earlier is not started again.
WITHIN = timedelta(days=1)

#: Glance's clock may be ahead of this one.
_CLOCKS = timedelta(minutes=1)

#: Seconds for which the lock of a killed process blocks others: for a check, and a request.
LOCKED_S = 60.0

#: Name of the cache's entry, and its value for all tasks of an image.
_RECORD = "import_retry"
_ANY = ("", FINAL, 0.0)

#: Seconds after which Glance lists the new task.
LISTED_WITHIN_S = 60.0


def first_attempt(tasks: Sequence[ImportTask]) -> ImportTask | None:
    """Return the failed import that the newest task repeats; None if it repeats none."""
    if not tasks or not _is_from_url(tasks[0]):
        return None
    same = (task for task in tasks[1:] if _is_from_url(task) and task.url == tasks[0].url)
    return next((task for task in same if task.status != "success"), None)


def has_known_cause(task: ImportTask) -> bool:
    """Whether Glance's message says why the import failed."""
    return bool(task.message) and "internal error" not in task.message.lower()


def was_interrupted(task: ImportTask) -> bool:
    """Whether the import failed later than a refusal takes."""
    return duration_s(task) >= AT_ONCE_S


def duration_s(task: ImportTask) -> float:
    """Duration of the task in seconds; 0 if Glance does not report it."""
    began, ended = parse_isotime(task.created_at), parse_isotime(task.updated_at)
    return float((ended - began).total_seconds()) if began and ended else 0


def is_candidate(image: Image, tasks: Sequence[ImportTask]) -> bool:
    """Whether the newest import has failed, and neither Glance nor an earlier one is in the way."""
    task = tasks[0] if tasks else None
    if (
        conf.IMPORT_RETRY_S.value <= 0
        or task is None
        or image.status != "queued"
        or image.has_refused_data
        # A user has sent a compressed file since.
        or decompressed_of(image)
        or not _is_from_url(task)
        or first_attempt(tasks)
    ):
        return False
    since = _failed_at(image, task)
    return since is not None and timedelta() <= timezone.now() - since + _CLOCKS <= WITHIN


def give_up(request: Request, image_id: str) -> None:
    """Start no failed import of the image again: a user has chosen a file for it."""
    cache.set(image_cache_key(request, _RECORD, image_id), _ANY, WITHIN.total_seconds())


def take_up(request: Request, image_id: str) -> None:
    """Forget that: a user has chosen a URL again."""
    cache.delete(image_cache_key(request, _RECORD, image_id))


def state(request: Request, image: Image, task: ImportTask) -> str:
    """Return the state of a candidate as it is known, without a request."""
    # Where Glance has stopped, the server of the URL is not to blame.
    default = CHECKING if task.has_failed else WAITING
    known, at = _recorded(request, image, task)
    if known == STARTED and time.time() - at > LISTED_WITHIN_S:
        # Glance has accepted it, and lists no new task.
        return FINAL
    return known or default


def was_started_again(request: Request, image: Image, task: ImportTask) -> bool:
    """Whether a page has started this import again; a user may also have sent its URL again."""
    return _recorded(request, image, task)[0] == STARTED


def advance(request: Request, image: Image, task: ImportTask, may_check: bool) -> str:
    """Do what is due for a candidate, and return its state.

    :param request: of a user who may import into the image
    :param may_check: whether there is time for a check of the source, of some seconds
    """
    known = state(request, image, task)
    if known in (STARTED, FINAL) or (known == WAITING and not _is_due(image, task)):
        return known
    if known == CHECKING and not may_check:
        return CHECKING
    lock = Lock(image_cache_key(request, "import_retry_lock", image.id), held_s=LOCKED_S)
    try:
        if not lock.acquire():
            return known
    except cache.CacheUnavailable:
        # It might be started twice.
        return FINAL
    try:
        return _advance(request, image, task)
    finally:
        lock.release()


def _advance(request: Request, image: Image, task: ImportTask) -> str:
    # Another page may have done it before this one got the lock.
    known = state(request, image, task)
    if known == CHECKING:
        try:
            known = WAITING if _is_passing(request, image, task) else FINAL
        except CheckRefused:
            return CHECKING
        _save(request, image, task, known)
    if known == WAITING and _is_due(image, task):
        known = _started(request, image, task)
        _save(request, image, task, known)
    return known


def _started(request: Request, image: Image, task: ImportTask) -> str:
    """Start the import again if the image is still as it was, and return its state."""
    try:
        current, tasks = (
            images.image_get(request, image.id),
            imports.import_tasks(request, image.id),
        )
        if not tasks or tasks[0].id != task.id or not is_candidate(current, tasks):
            return STARTED if first_attempt(tasks) else FINAL
        imports.import_again(request, image.id, task)
    except exceptions.ImageServiceError as error:
        # Of two that start it, Glance refuses one.
        LOG.info("The import of image %s was not started again: %s", image.id, error)
        return STARTED if error.status == 409 else FINAL
    return STARTED


def _is_passing(request: Request, image: Image, task: ImportTask) -> bool:
    found = source_state.state_of_source(task.url, image.format or "", request.user.id)
    if found == source_state.BROKEN:
        return True
    if task.all_stores_must_succeed:
        # Then Glance shows no difference to data that it has refused.
        return False
    return found == source_state.FINE or (found == source_state.UNKNOWN and was_interrupted(task))


def _failed_at(image: Image, task: ImportTask) -> datetime | None:
    """Return when the import has failed, or its lock has expired; None if it may still succeed,
    or for a cause that does not pass.
    """
    held = image.properties.get(IMPORT_TASK)
    if task.has_failed and not held and not has_known_cause(task):
        failed: datetime | None = parse_isotime(task.updated_at)
        return failed
    if task.is_running and held == task.id and not task.is_alive:
        return task.lock_expires_at
    return None


def _is_due(image: Image, task: ImportTask) -> bool:
    since = _failed_at(image, task)
    delay = timedelta(seconds=conf.IMPORT_RETRY_S.value if task.has_failed else 0)
    return since is not None and timezone.now() >= since + delay


def _is_from_url(task: ImportTask) -> bool:
    return task.method == WEB_DOWNLOAD and bool(task.url) and not task.has_secrets


def _recorded(request: Request, image: Image, task: ImportTask) -> tuple[str, float]:
    """Return the state, and when it was recorded; both empty without one."""
    cached = cache.get(_key(request, image))
    if not isinstance(cached, (tuple, list)) or len(cached) != 3:
        return "", 0.0
    if cached[0] not in (task.id, _ANY[0]):
        return "", 0.0
    return str(cached[1]), float(cached[2])


def _save(request: Request, image: Image, task: ImportTask, known: str) -> None:
    cache.set(_key(request, image), (task.id, known, time.time()), WITHIN.total_seconds())


def _key(request: Request, image: Image) -> str:
    return image_cache_key(request, _RECORD, image.id)
