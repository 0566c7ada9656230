# SPDX-License-Identifier: Apache-2.0
"""Files of the publishers of images, read piece by piece, by the rules of their lists."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import requests
import urllib3
from django.utils.translation import gettext as _

from helion_images_panel import conf
from helion_images_panel.api import bounded
from helion_images_panel.api.publishers import NotRead, check_status, failures, response_of


class PublisherFile:
    """A file on its way; `chunks` raises NotRead unless all of it arrives."""

    def __init__(self, response: requests.Response, timed_out: Callable[[], str]):
        self._response = response
        self._timed_out = timed_out

    def chunks(self, size_bytes: int) -> Iterator[bytes]:
        while chunk := self._read(size_bytes):
            yield chunk

    def _read(self, size_bytes: int) -> bytes:
        try:
            # As it is on the wire: some servers call a .gz file an encoding of another one.
            data: bytes = self._response.raw.read(size_bytes, decode_content=False)
        except (TimeoutError, urllib3.exceptions.TimeoutError) as error:
            raise NotRead(self._timed_out()) from error
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise NotRead(
                _("The connection to the publisher's server was lost in the middle of the file.")
            ) from error
        return data


@contextmanager
def opened(
    url: str, hosts: frozenset[str], host_of: Callable[[str], str], within_s: float
) -> Iterator[PublisherFile]:
    """Open a file of a publisher. Raise NotRead.

    :param hosts: those that may be requested, as `host_of` names them
    :param within_s: maximum seconds for all of the file
    """
    deadline = time.monotonic() + within_s

    def timed_out() -> str:
        if time.monotonic() < deadline:
            message = _("The publisher's server has sent nothing for %(seconds)s seconds.")
            return str(message % {"seconds": conf.READ_TIMEOUT_S.value})
        message = _("The publisher's file did not arrive within %(seconds)s seconds.")
        return str(message % {"seconds": f"{round(within_s, 1):g}"})

    with ExitStack() as stack:
        pause_s = conf.READ_TIMEOUT_S.value
        with failures(timed_out), bounded.of_any_length(), bounded.until(deadline, pause_s):
            response = stack.enter_context(response_of(url, hosts, host_of, deadline))
            check_status(response)
        yield PublisherFile(response, timed_out)
