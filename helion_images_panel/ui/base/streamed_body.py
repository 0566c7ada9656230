# SPDX-License-Identifier: Apache-2.0
"""The body of a response that is read while it is sent, and what it occupies meanwhile."""

from __future__ import annotations

import logging
import weakref
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress

from django.http import HttpRequest

from helion_images_panel import conf, exceptions
from helion_images_panel.transfers.slots import BEGINS_WITHIN_S, Slot
from helion_images_panel.transfers.standstill import time_limit

LOG = logging.getLogger(__name__)


class StreamedBody:
    """The bytes of one response, with a slot and other resources.

    The web server calls `close`. If it never gets the response, since a middleware
    raised an error or answered otherwise, the resources are released with the request,
    when this object is collected, or at the latest when the slot is needed after
    BEGINS_WITHIN_S. A browser that stops reading, as one with a paused download, ends the
    response after DATA_TIMEOUT_S.
    """

    def __init__(self, name: str, slot: Slot, resources: ExitStack, request: HttpRequest):
        """:param name: of the transfer, for the log
        :param request: as Django has received it
        """
        self.name = name
        self._slot = slot
        self._resources = resources
        self._connection = request.META.get("gunicorn.socket")
        self._closed = False
        slot.expect_begin(BEGINS_WITHIN_S, _close_of(self))
        self._close_with(request)

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes; raise an error if they end too early."""
        raise NotImplementedError

    def __iter__(self) -> Iterator[bytes]:
        if not self._slot.begin():
            raise exceptions.ImageServiceUnavailable("The response was sent too late.")
        self._resources.enter_context(time_limit(conf.DATA_TIMEOUT_S.value, self._connection))
        yield from self.chunks()

    def close(self) -> None:
        self._closed = True
        # The browser's connection may be closed already.
        with suppress(OSError):
            self._resources.close()

    def _close_with(self, request: HttpRequest) -> None:
        """Close this object at the latest when Django closes the request, which it does
        after any response to it.
        """
        close_request, close_body = request.close, _close_of(self)

        def close() -> None:
            del request.close
            close_request()
            close_body()

        request.close = close


def _close_of(body: StreamedBody) -> Callable[[], None]:
    """Return a function that closes a dropped body, and does not keep it alive."""
    reference = weakref.ref(body)

    def close() -> None:
        dropped = reference()
        if dropped is not None and not dropped._closed:
            LOG.warning("%s was dropped unsent", dropped.name)
            dropped.close()

    return close
