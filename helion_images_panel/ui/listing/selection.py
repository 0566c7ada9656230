# SPDX-License-Identifier: Apache-2.0
"""All images that match the filters of the list, for an action on more than one page.

The page's script first reads what matches, then sends the action in portions.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views import generic

from helion_images_panel import exceptions
from helion_images_panel.core.image import Image
from helion_images_panel.core.order import BY_NAME
from helion_images_panel.core.order_parts import PARTS
from helion_images_panel.core.page import Cursor, Page
from helion_images_panel.ui.base import labels, markers
from helion_images_panel.ui.base.batch_action import ImageBatchAction
from helion_images_panel.ui.base.json_views import JsonViewMixin
from helion_images_panel.ui.base.refusals import REFUSED, Refusal
from helion_images_panel.ui.base.views import ScopedView
from helion_images_panel.ui.listing import search, shown_domain
from helion_images_panel.ui.listing.table import BATCH_ACTIONS, ImagesTable

#: Images that are read from Glance at once: the page shows its progress between them.
PAGE_SIZE = 100

#: Maximum number of images in one portion: its request must end long before a proxy gives up.
PORTION = 20

#: Kind of the refusal after which the script reads from the start again.
CHANGED = "changed"


class SelectionView(JsonViewMixin, ScopedView, generic.View):
    """GET ?action=…&<filters>&after=…&part=…: images that match, and why the action, if one is
    named, is refused for each. They come by name: an action does not change their order.

    POST action=…&id=…&id=…: one portion of the action, with a result for each image. An
    image is read and checked again, as for ticked rows.
    """

    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        table = ImagesTable(request, scope=self.scope)
        table.order = BY_NAME
        if table.query.errors:
            # Without the wrong filter more images would match.
            return self.refused(
                Refusal(400, REFUSED, _("Correct the filter. The list is shown after that."))
            )
        if reason := shown_domain.refusal(request, self.scope):
            return self.refused(Refusal(409, REFUSED, reason))
        name = request.GET.get("action", "")
        action = _action(table, name)
        if name and not action:
            return self._unknown_action()
        cursor = self._cursor(table)
        if cursor is None:
            return self._changed()
        try:
            page = self._page(table, cursor)
        except exceptions.ImageServiceError as error:
            if cursor.marker and error.status in (400, 403, 404):
                return self._changed()
            raise
        images = [_described(action, request, image) for image in page.images]
        return JsonResponse({"images": images, "next": self._next(table, page)})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        table = ImagesTable(request, scope=self.scope)
        action = _action(table, request.POST.get("action", ""))
        if not action or not action.acts_in_portions:
            return self._unknown_action()
        ids = list(dict.fromkeys(request.POST.getlist("id")))
        if not 0 < len(ids) <= PORTION:
            reason = _("A request has to name between 1 and %(count)s images.")
            return self.refused(Refusal(400, REFUSED, reason % {"count": PORTION}))
        if reason := action.unconfirmed(request, ids):
            return self.refused(Refusal(400, REFUSED, reason))
        results = zip(ids, action.results(request, ids), strict=True)
        return JsonResponse(
            {
                "results": [
                    {"id": id_, "failure": labels.inert(result.failure)} for id_, result in results
                ]
            }
        )

    def _page(self, table: ImagesTable, cursor: Cursor) -> Page:
        if table.query.is_empty and self.scope.needs_filter_first:
            return Page()
        if not cursor.marker and (image := search.by_id(self.request, self.scope, table.query)):
            return Page((image,))
        return self.scope.page(self.request, table.query, BY_NAME, cursor, PAGE_SIZE)

    def _cursor(self, table: ImagesTable) -> Cursor | None:
        """Return where the request begins; None unless an earlier response has named it."""
        sealed = self.request.GET.get("after", "")
        if not sealed:
            return Cursor()
        part = self.request.GET.get("part", "")
        marker = markers.unsealed(sealed, _list_name(table, part)) if part in PARTS else None
        return Cursor(marker, part=part) if marker else None

    def _next(self, table: ImagesTable, page: Page) -> dict[str, str] | None:
        """Return the parameters of the next request.

        The marker is sealed: it may be an image of another domain, and no other marker is
        accepted.
        """
        if not page.has_next or not page.last_id:
            return None
        sealed = markers.sealed(page.last_id, _list_name(table, page.last_part))
        return {"after": sealed, "part": page.last_part}

    def _unknown_action(self) -> HttpResponse:
        return self.refused(Refusal(400, REFUSED, _("This action does not exist.")))

    def _changed(self) -> HttpResponse:
        return self.refused(Refusal(409, CHANGED, _("The list has changed. Try again.")))


def _list_name(table: ImagesTable, part: str) -> str:
    return f"selection.{table.list_name(part)}"


def _action(table: ImagesTable, name: str) -> ImageBatchAction | None:
    """Return the action of this table; None if there is no such action on several images."""
    known = name in {action.name for action in BATCH_ACTIONS}
    action: ImageBatchAction | None = table.base_actions[name] if known else None
    return action


def _described(
    action: ImageBatchAction | None, request: HttpRequest, image: Image
) -> dict[str, str]:
    refusal = None
    if action:
        refusal = action.refusal(action.table.scope.request_for(request, image), image)
    return {
        "id": image.id,
        "name": labels.inert(image.display_name),
        "refusal": labels.inert(refusal or ""),
        "restorable": action.table.restorable.by(image) if action else "",
    }
