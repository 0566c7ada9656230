# SPDX-License-Identifier: Apache-2.0
"""Whole lists of Keystone, read page by page.

Keystone ends a list after `max_db_limit` entries, 1,000 unless set. Only a request that asks
for pages is told so, and Keystone's client does not ask.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from keystoneauth1 import exceptions as keystone_exc

from helion_images_panel import exceptions

PAGE_ENTRIES = 1000


def entries(connection: Any, collection: str, **filters: str | None) -> list[dict[str, Any]]:
    """Return all entries of a collection, as of `GET /v3/projects`.

    Raise ImageServiceError if Keystone leaves the rest out: an incomplete list would be taken
    for the whole domain. To be called within `identity.requested`.

    :param connection: the client of `identity.client`
    :param filters: parameters of the request, without those that are None
    """
    query = {name: value for name, value in filters.items() if value is not None}
    query["limit"] = str(PAGE_ENTRIES)
    found: dict[str, dict[str, Any]] = {}
    restarts = 1
    while True:
        try:
            _response, body = connection.projects.client.get(f"/{collection}?{urlencode(query)}")
        except (keystone_exc.BadRequest, keystone_exc.NotFound):
            # The entry at which the last page ended was deleted.
            if "marker" not in query or not restarts:
                raise
            restarts -= 1
            del query["marker"]
            found.clear()
            continue
        page = {entry["id"]: entry for entry in body[collection]}
        known = len(found)
        found |= page
        has_more = body.get("truncated") or (body.get("links") or {}).get("next")
        if not has_more or not page:
            return list(found.values())
        if len(found) == known:
            raise exceptions.ImageServiceError(
                _(
                    "The identity service returns only the first %(count)s entries of a list. "
                    "Ask your administrator to raise its option list_limit."
                )
                % {"count": known},
                503,
            )
        query["marker"] = list(page)[-1]
