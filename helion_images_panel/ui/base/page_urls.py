# SPDX-License-Identifier: Apache-2.0
"""URLs that pages and their scripts go to."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit

from django.http import HttpRequest

from helion_images_panel import policy
from helion_images_panel.core.image import Image
from helion_images_panel.ui.base.upload_mode import may_upload_files
from helion_images_panel.ui.scopes.scope import PanelScope

#: The slug of an image's tabs: in the URL it stands before that of the tab.
DETAIL_TABS = "image_details"


def tab_url(scope: PanelScope, image_id: str, tab: str) -> str:
    """The page of an image, with this tab in front."""
    query = {**scope.url_parameters(), "tab": f"{DETAIL_TABS}__{tab}"}
    return f"{scope.url('detail', image_id)}?{urlencode(query)}"


def origin(request: HttpRequest, scope: PanelScope, image: Image) -> str:
    """The page from which a dialog was opened: the image's, or the list as it was."""
    index = scope.url("index")
    try:
        came_from = urlsplit(request.META.get("HTTP_REFERER", ""))
    except ValueError:
        return index
    if came_from.netloc != request.get_host():
        return index
    if came_from.path not in (index, scope.url("detail", image.id)):
        return index
    # Encoded anew: browsers leave braces as they are, and AngularJS reads them.
    query = urlencode(parse_qsl(came_from.query))
    return f"{came_from.path}?{query}" if query else came_from.path


def script_urls(request: HttpRequest, scope: PanelScope) -> dict[str, str]:
    """Where the page's scripts ask; nothing is dropped on the pages of who may not create."""
    if not scope.creates_images:
        return {"access_url": scope.url("access"), "uses_url": scope.url("uses")}
    may_create = policy.allows(request, policy.ADD_IMAGE) and may_upload_files(request)
    return {
        "progress_url": scope.url("progress"),
        "uses_url": scope.url("uses"),
        "access_url": scope.url("access"),
        "create_url": scope.url("create") if may_create else "",
    }
