# SPDX-License-Identifier: Apache-2.0
"""A bounded number of parallel requests.

The executor is Python's own: futurist's, which Horizon uses, takes a second to shut
down when its workers are idle, and every page would wait for it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.utils.translation import activate, get_language

from helion_images_panel import conf

_thread = threading.local()

Item = TypeVar("Item")
Result = TypeVar("Result")


def in_parallel(function: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
    """Return the results in the order of `items`; the first exception raised is raised here.

    A nested call runs one item after the other: the outer one uses all workers.
    """
    if len(items) <= 1 or getattr(_thread, "is_worker", False):
        return [function(item) for item in items]
    workers = min(len(items), conf.CONCURRENCY.value)
    with ThreadPoolExecutor(workers, initializer=_begin, initargs=_page()) as executor:
        return list(executor.map(function, items))


def page_thread() -> int:
    """Return the thread of the page that this thread works for."""
    return getattr(_thread, "page", None) or threading.get_ident()


def _page() -> tuple[int, str | None]:
    return page_thread(), get_language()


def _begin(page: int, language: str | None) -> None:
    """Mark the thread as a worker of the page, and activate the user's language in it."""
    _thread.is_worker = True
    _thread.page = page
    if language:
        activate(language)
