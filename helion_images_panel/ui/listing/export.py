# SPDX-License-Identifier: Apache-2.0
"""The list as a file, with the filters of the page: CSV or JSON, streamed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import generic

from helion_images_panel import exceptions
from helion_images_panel.core import export
from helion_images_panel.core.order import Order
from helion_images_panel.core.page import Cursor, Page
from helion_images_panel.core.query import ImageQuery
from helion_images_panel.transfers.slots import DOWNLOADS, Slot
from helion_images_panel.ui.base.errors import reason
from helion_images_panel.ui.base.views import ScopedView
from helion_images_panel.ui.listing import ordering, search

LOG = logging.getLogger(__name__)

#: Images that are read from Glance at once, and held in memory.
PAGE_SIZE = 200

#: Retry-After in seconds while all slots are in use.
RETRY_AFTER_S = 30

#: Seconds for the web server to ask for the first line.
BEGINS_WITHIN_S = 60.0


@dataclass(frozen=True)
class Kind:
    """A kind of file: its lines, and the last one of a file that is incomplete."""

    content_type: str
    lines: Callable[[Iterator[dict[str, Any]]], Iterator[str]]
    note: Callable[[str], str]


KINDS = {
    "csv": Kind("text/csv; charset=utf-8", export.csv_lines, export.csv_note),
    "json": Kind("application/json", export.json_lines, export.json_note),
}


class ExportView(ScopedView, generic.View):
    """Sends all images that the list shows on its pages, read page by page.

    It occupies a slot of the downloads. A response that has begun cannot turn into an
    error page: what fails later is the last line of the file, and ends the connection.
    """

    http_method_names = ["get"]
    page_title = gettext_lazy("Export Images")

    def get(self, request: HttpRequest, kind: str) -> HttpResponseBase:
        slot = DOWNLOADS.acquire()
        if slot is None:
            return self._busy()
        try:
            query = ImageQuery.from_url(request.GET, request.GET.getlist("tag"))
            order = ordering.order_of(request)
            if image := search.by_id(request, self.scope, query):
                first = Page((image,))
            else:
                first = self.scope.page(request, query, order, Cursor(), PAGE_SIZE)
        except BaseException:
            slot.release()
            raise
        body = _Body(KINDS[kind], self._images(request, query, order, first), slot)
        response = StreamingHttpResponse(body, content_type=KINDS[kind].content_type)
        name = f"images-{timezone.now():%Y-%m-%d}.{kind}"
        response["Content-Disposition"] = content_disposition_header(True, name)
        return response

    def _images(
        self, request: HttpRequest, query: ImageQuery, order: Order, page: Page
    ) -> Iterator[dict[str, Any]]:
        while True:
            owners = [image.owner or "" for image in page.images]
            names = self.scope.project_names(request, owners)
            for image in page.images:
                yield export.attributes(image, names.get(image.owner or "", ""))
            if not page.has_next:
                return
            page = self._next(request, query, order, page)

    def _next(self, request: HttpRequest, query: ImageQuery, order: Order, page: Page) -> Page:
        """Return the next page, also if the last images have been deleted since they were read."""
        cursors = [
            Cursor(page.last_id, part=page.last_part),
            *(Cursor(i.id, part=order.part_of(i)) for i in reversed(page.images)),
        ]
        known = {image.id for image in page.images}
        gone: exceptions.ImageServiceError | None = None
        for cursor in cursors:
            try:
                following = self.scope.page(request, query, order, cursor, PAGE_SIZE)
            except exceptions.ImageServiceError as error:
                if error.status not in (400, 404):
                    raise
                gone = error
                continue
            images = tuple(image for image in following.images if image.id not in known)
            return replace(following, images=images)
        raise gone or exceptions.ImageServiceError(_("The list has changed."), 409)

    def _busy(self) -> HttpResponse:
        busy = _("Too many downloads are running at the moment. Try again in a minute.")
        response = self.failed(exceptions.ImageServiceError(busy, 503))
        response["Retry-After"] = str(RETRY_AFTER_S)
        return response


class _Body:
    """The lines of the file; the web server closes it."""

    def __init__(self, kind: Kind, images: Iterator[dict[str, Any]], slot: Slot):
        self._kind = kind
        self._images = images
        self._slot = slot
        slot.expect_begin(BEGINS_WITHIN_S, lambda: None)

    def __iter__(self) -> Iterator[bytes]:
        if not self._slot.begin():
            raise exceptions.ImageServiceUnavailable("The response was sent too late.")
        try:
            for line in self._kind.lines(self._images):
                yield line.encode()
        except (exceptions.ImageServiceError, exceptions.SessionEnded) as error:
            LOG.warning("An export of images broke off: %s", error)
            note = _("Incomplete: the other images could not be retrieved. %(reason)s")
            yield self._kind.note(note % {"reason": reason(error)}).encode()
            raise

    def close(self) -> None:
        self._slot.release()
