# SPDX-License-Identifier: Apache-2.0
"""Whether the source of a failed import is there, as the dashboard sees it.

Glance reports the same "internal error" for a file that does not exist and for a server that is
restarting. The dashboard asks the server itself, by the rules of the check of a URL.
"""

from __future__ import annotations

from itertools import pairwise
from urllib.parse import urlsplit

from helion_images_panel import conf
from helion_images_panel.api import web
from helion_images_panel.api.web import WebFailure
from helion_images_panel.core.import_filters import ImportFilters
from helion_images_panel.transfers import url_check
from helion_images_panel.transfers.url_check import Report

#: The source answers with a file that may be the image; it is broken for now; it has no such
#: image; the dashboard may not look there.
FINE, BROKEN, WRONG, UNKNOWN = "fine", "broken", "wrong", "unknown"

_BROKEN_KINDS = frozenset((web.CONNECTION, web.TIMEOUT))
_UNKNOWN_KINDS = frozenset((web.HOST, web.PORT))

#: "Request Timeout" and "Too Many Requests", beside all 5xx.
_BROKEN_STATUSES = frozenset((408, 429))

#: Formats in which any data is accepted as an image.
_TAKES_ANYTHING = frozenset({"", "raw", "ami", "aki", "ari"})


def state_of_source(url: str, image_format: str, user_id: str) -> str:
    """Return one of the constants above. Raise `url_check.CheckRefused` if it cannot be asked now.

    :param image_format: by the panel's name
    """
    if not conf.URL_CHECK.value:
        return UNKNOWN
    try:
        report = url_check.check(url, user_id, conf.URL_CHECK_HOSTS.value, with_checksum=False)
    except WebFailure as error:
        return _of_failure(error)
    return FINE if _may_be_image(report, image_format) else WRONG


def _of_failure(error: WebFailure) -> str:
    if error.kind in _UNKNOWN_KINDS:
        return UNKNOWN
    if error.kind == web.STATUS:
        is_broken = error.status >= 500 or error.status in _BROKEN_STATUSES
    else:
        is_broken = error.kind in _BROKEN_KINDS
    return BROKEN if is_broken else WRONG


def _may_be_image(report: Report, image_format: str) -> bool:
    detected, beginning = report.detected, report.beginning
    if detected.is_web_page or not beginning.data or _is_refused_on_the_way(beginning):
        return False
    if image_format in _TAKES_ANYTHING or not detected.format or detected.is_by_name:
        return True
    return detected.format == image_format


def _is_refused_on_the_way(beginning: web.Beginning) -> bool:
    """Whether the file is at a URL that Glance does not download from, behind a redirect."""
    filters = ImportFilters.of_options(conf.IMPORT_FILTERS.value or {})
    targets = zip(pairwise(beginning.urls), beginning.addresses[1:], strict=False)
    return any(
        urlsplit(url).netloc != urlsplit(before).netloc
        and bool(filters.refusal(url) or filters.refuses_address(url, address))
        for (before, url), address in targets
    )
