# SPDX-License-Identifier: Apache-2.0
"""A bounded number of requests at the same time.

The executor is Python's own: futurist's, which Horizon uses, takes a second
to shut down when its workers have gone idle, and every page would wait for it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.utils.translation import activate, get_language

from helion_images_panel import conf

_here = threading.local()

Item = TypeVar("Item")
Result = TypeVar("Result")


def in_parallel(function: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
    """The results in the order of `items`; the first error raised is raised here.

    Within one of its own calls it works one by one: the places are taken.
    """
    if len(items) <= 1 or getattr(_here, "is_worker", False):
        return [function(item) for item in items]
    workers = min(len(items), conf.CONCURRENCY.value)
    with ThreadPoolExecutor(workers, initializer=_begin, initargs=(get_language(),)) as executor:
        return list(executor.map(function, items))


def _begin(language: str | None) -> None:
    """A new thread knows nothing of the language in which the person reads."""
    _here.is_worker = True
    if language:
        activate(language)
