# SPDX-License-Identifier: Apache-2.0
"""The list as a file, with the filters of the page: CSV or JSON, streamed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from django import shortcuts
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
from helion_images_panel.transfers.slots import DOWNLOADS, RETRY_AFTER_S
from helion_images_panel.ui.base import messages
from helion_images_panel.ui.base.errors import reason
from helion_images_panel.ui.base.streamed_body import StreamedBody
from helion_images_panel.ui.base.views import ScopedView
from helion_images_panel.ui.listing import ordering, search, shown_domain
from helion_images_panel.ui.listing.query import query_of
from helion_images_panel.ui.scopes.project_names import bare_names

LOG = logging.getLogger(__name__)

#: Images that are read from Glance at once, and held in memory.
PAGE_SIZE = 200


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
        query = query_of(request, self.scope)
        if query.errors:
            # The list says what is wrong, at each filter.
            return shortcuts.redirect(f"{self.scope.url('index')}?{request.GET.urlencode()}")
        if refusal := shown_domain.refusal(request, self.scope):
            messages.error(request, refusal)
            return shortcuts.redirect(self.scope.url("index"))
        slot = DOWNLOADS.acquire()
        if slot is None:
            return self._busy()
        with ExitStack() as resources:
            resources.enter_context(slot)
            order = ordering.order_of(request)
            if image := search.by_id(request, self.scope, query):
                first = Page((image,))
            else:
                first = self.scope.page(request, query, order, Cursor(), PAGE_SIZE)
            images = self._images(request, query, order, first)
            name = "Export of images"
            body = _Body(KINDS[kind], images, name, slot, resources.pop_all(), request)
        response = StreamingHttpResponse(body, content_type=KINDS[kind].content_type)
        file_name = f"images-{timezone.now():%Y-%m-%d}.{kind}"
        response["Content-Disposition"] = content_disposition_header(True, file_name)
        return response

    def _images(
        self, request: HttpRequest, query: ImageQuery, order: Order, page: Page
    ) -> Iterator[dict[str, Any]]:
        # An image that is changed meanwhile may come once more in an order by time.
        known: set[str] = set()
        cursors: list[Cursor] = []
        while True:
            new = [image for image in page.images if image.id not in known]
            known.update(image.id for image in new)
            owners = [image.owner or "" for image in new]
            names = bare_names(request, self.scope, owners)
            for image in new:
                yield export.attributes(image, names.get(image.owner or "", ""))
            if not page.has_next:
                return
            cursors = _cursors(page, order, cursors)
            page = self._next(request, query, order, cursors)

    def _next(
        self, request: HttpRequest, query: ImageQuery, order: Order, cursors: Sequence[Cursor]
    ) -> Page:
        """Return the page after the first of the cursors whose image still exists."""
        gone: exceptions.ImageServiceError | None = None
        for cursor in cursors:
            try:
                return self.scope.page(request, query, order, cursor, PAGE_SIZE)
            except exceptions.ImageServiceError as error:
                if error.status not in (400, 404):
                    raise
                gone = error
        raise gone or exceptions.ImageServiceError(_("The list has changed."), 409)

    def _busy(self) -> HttpResponse:
        busy = _("Too many downloads are running at the moment. Try again in a minute.")
        response = self.failed(exceptions.ImageServiceError(busy, 503))
        response["Retry-After"] = str(RETRY_AFTER_S)
        return response


def _cursors(page: Page, order: Order, before: Sequence[Cursor]) -> list[Cursor]:
    """Return where the next page may begin: at best where this one ends.

    :param before: where this one could have begun, in case it has no image that will do
    """
    ids = [Cursor(image.id, part=order.part_of(image)) for image in reversed(page.images)]
    return [Cursor(page.last_id, part=page.last_part), *(ids or before)]


class _Body(StreamedBody):
    """The lines of the file."""

    def __init__(self, kind: Kind, images: Iterator[dict[str, Any]], *arguments: Any):
        super().__init__(*arguments)
        self._kind = kind
        self._images = images

    def chunks(self) -> Iterator[bytes]:
        try:
            for line in self._kind.lines(self._images):
                yield line.encode()
        except (exceptions.ImageServiceError, exceptions.SessionEnded) as error:
            LOG.warning("%s broke off: %s", self.name, error)
            note = _("Incomplete: the other images could not be retrieved. %(reason)s")
            yield self._kind.note(note % {"reason": reason(error)}).encode()
            raise
