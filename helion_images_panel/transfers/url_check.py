# SPDX-License-Identifier: Apache-2.0
"""What a URL leads to, before an image service is asked to download from it."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection
from dataclasses import dataclass, replace

from helion_images_panel.api import cache
from helion_images_panel.api.parallel import in_parallel
from helion_images_panel.api.web import Beginning, Web, WebFailure
from helion_images_panel.core import checksum_files
from helion_images_panel.core.checksums import NAME_LENGTH, Checksum
from helion_images_panel.core.system_of_file import System, system_of
from helion_images_panel.core.url import last_part
from helion_images_panel.transfers import digests, first_bytes, import_size
from helion_images_panel.transfers.first_bytes import Detected

#: Seconds for the file, and for all of a check with its lists of checksums.
FILE_S, WHOLE_S = 8.0, 11.0

#: Maximum number of checks that one process does in parallel: each uses one of its threads.
PER_PROCESS = 2

#: Maximum number of checks of one user within a minute.
PER_MINUTE = 20

#: Bytes of a list of checksums that are read. Lists of whole releases are shorter.
_LIST_BYTES = 256 * 1024

_places = threading.BoundedSemaphore(PER_PROCESS)


class CheckRefused(Exception):
    """Not now: the process is busy, or the user has checked too many URLs."""

    def __init__(self, is_busy: bool):
        super().__init__()
        self.is_busy = is_busy


@dataclass(frozen=True)
class Report:
    """What was found. `checksum_file` is the name of the file that has the checksum; empty
    without one.
    """

    beginning: Beginning
    file_name: str
    detected: Detected
    system: System
    checksum: Checksum | None = None
    checksum_file: str = ""


def check(url: str, user_id: str, allowed: Collection[str], with_checksum: bool = True) -> Report:
    """Read the first bytes of the file, and files beside it that may have its checksum.

    Raise CheckRefused, or WebFailure if the file cannot be read.

    :param allowed: see `Web`
    :param with_checksum: whether the files beside it are read
    """
    if not any(
        cache.acquire(f"helion_images.url_check.{user_id}.{number}", 60)
        for number in range(PER_MINUTE)
    ):
        raise CheckRefused(is_busy=False)
    if not _places.acquire(blocking=False):
        raise CheckRefused(is_busy=True)
    try:
        return _checked(url, allowed, with_checksum)
    finally:
        _places.release()


def _checked(url: str, allowed: Collection[str], with_checksum: bool) -> Report:
    began = time.monotonic()
    beginning = Web(began + FILE_S, allowed).beginning(url, first_bytes.HEAD_BYTES)
    name = (beginning.file_name or last_part(url) or last_part(beginning.urls[-1]))[:NAME_LENGTH]
    detected = first_bytes.detect(beginning.data, name, beginning.content_type)
    import_size.record_virtual(url, detected.virtual_bytes)
    report = Report(beginning, name, detected, system_of(name))
    if detected.is_web_page or not beginning.data or not with_checksum:
        return report
    return _with_checksum(report, url, Web(began + WHOLE_S, allowed))


def _with_checksum(report: Report, url: str, web: Web) -> Report:
    """Add the checksum of the first file that has it, those of the image alone before lists."""

    def found(list_url: str) -> Checksum | None:
        try:
            beginning = web.beginning(list_url, _LIST_BYTES)
        except WebFailure:
            return None
        text = beginning.data.decode(errors="replace")
        if first_bytes.detect(beginning.data, "", beginning.content_type).is_web_page:
            return None
        checksum = checksum_files.checksum_in(list_url, text, last_part(url))
        return checksum if checksum and digests.is_available(checksum.algorithm) else None

    lists = checksum_files.candidates(url)
    for list_url, checksum in zip(lists, in_parallel(found, lists), strict=True):
        if checksum:
            return replace(report, checksum=checksum, checksum_file=last_part(list_url))
    return report
