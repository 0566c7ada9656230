# SPDX-License-Identifier: Apache-2.0
"""URLs of pages, and for their scripts."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit

from django.http import HttpRequest

from helion_images_panel import policy
from helion_images_panel.core.image import Image
from helion_images_panel.ui.base.upload_mode import may_upload_files
from helion_images_panel.ui.scopes.scope import PanelScope

#: Slug of an image's tab group; it precedes the tab's slug in the URL.
DETAIL_TABS = "image_details"


def tab_url(scope: PanelScope, image_id: str, tab: str) -> str:
    """Return the URL of an image's details with this tab selected."""
    return scope.url_in_domain("detail", image_id, tab=f"{DETAIL_TABS}__{tab}")


def origin(request: HttpRequest, scope: PanelScope, image: Image) -> str:
    """Return the URL of the page from which a dialog was opened: the image's details, or the
    list with its filters.
    """
    index = scope.url("index")
    try:
        referer = urlsplit(request.META.get("HTTP_REFERER", ""))
    except ValueError:
        return index
    if referer.netloc != request.get_host():
        return index
    if referer.path not in (index, scope.url("detail", image.id)):
        return index
    # Encoded again: browsers do not encode braces, and AngularJS evaluates them.
    query = urlencode(parse_qsl(referer.query))
    return f"{referer.path}?{query}" if query else referer.path


def script_urls(request: HttpRequest, scope: PanelScope) -> dict[str, str]:
    """Return the URLs for the page's scripts; without `create_url`, files cannot be dropped on
    the page.
    """
    urls = {name: scope.url(name.removesuffix("_url")) for name in ("access_url", "uses_url")}
    if not scope.creates_images:
        return urls
    may_create = policy.allows(request, policy.ADD_IMAGE) and may_upload_files(request)
    return {
        **urls,
        "progress_url": scope.url("progress"),
        "create_url": scope.url("create") if may_create else "",
    }
