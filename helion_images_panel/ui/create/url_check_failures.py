# SPDX-License-Identifier: Apache-2.0
"""Why a URL could not be checked, or leads to no image: one cause, and the next step.

None of these prevents an import: the image service may reach what the dashboard does not.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from helion_images_panel.api import web
from helion_images_panel.api.web import WebFailure
from helion_images_panel.core.visible_text import isolated
from helion_images_panel.redaction import without_secrets
from helion_images_panel.transfers.url_check import FILE_S, CheckRefused

_DENIED = frozenset((401, 403, 407))
_GONE = frozenset((404, 410))


def of_refused(error: CheckRefused) -> str:
    if error.is_busy:
        return _(
            "The dashboard is checking other URLs. Try again in a moment, or create the image "
            "without a check."
        )
    return _(
        "You have checked many URLs. Try again in a minute, or create the image without a check."
    )


def of_web(error: WebFailure, url: str) -> str:
    """:param url: the URL that was entered; that of the error may be another one"""
    reason = _of_status(error) if error.kind == web.STATUS else _of_kind(error)
    if error.url == url:
        return reason
    target = isolated(without_secrets(error.url))
    # Translators: the reason is a whole sentence.
    return _("The URL redirects to %(target)s. %(reason)s") % {"target": target, "reason": reason}


def of_web_page() -> str:
    return _(
        "The URL leads to a web page, not to an image file. The page may be a login, or about the "
        "image. Open the URL in a browser, and copy the address of the file itself."
    )


def of_empty_file() -> str:
    return _("The file at this URL is empty. Ask its publisher, or use another URL.")


def _of_kind(error: WebFailure) -> str:
    parts = urlsplit(error.url)
    messages = {
        web.HOST: _(
            "The dashboard finds no public address of %(host)s. Check the name. Servers of "
            "internal networks are not checked: the image service may still reach this one."
        ),
        web.PORT: _(
            "The dashboard does not check port %(port)s. The image service may still download "
            "from it: create the image to find out."
        ),
        web.CONNECTION: _(
            "%(host)s does not accept a connection from the dashboard. Check the URL. The image "
            "service may still reach the server."
        ),
        web.TLS: _(
            "%(host)s has no valid TLS certificate. Check the name, or ask the operator of that "
            "server: the image service will most likely refuse it too."
        ),
        web.TIMEOUT: _(
            "%(host)s did not respond to the dashboard within %(seconds)s seconds. Try again "
            "later. The image service may still reach the server."
        ),
        web.REDIRECTS: _(
            "The server redirects too often, or to a URL that cannot be used. Use the URL of the "
            "file itself."
        ),
        web.PROTOCOL: _("%(host)s sent no valid HTTP response. Check the URL and its port."),
    }
    return messages[error.kind] % {
        "host": isolated(parts.hostname or ""),
        "port": parts.port or "",
        "seconds": int(FILE_S),
    }


def _of_status(error: WebFailure) -> str:
    status = {"status": error.status}
    if error.status in _GONE:
        return (
            _(
                "There is no file at this URL (HTTP status %(status)s). Check the URL: the "
                "publisher may have moved or removed the file."
            )
            % status
        )
    if error.status in _DENIED and urlsplit(error.url).query:
        return (
            _(
                "The server denies access (HTTP status %(status)s). The signed URL may have "
                "expired: create a new one."
            )
            % status
        )
    if error.status in _DENIED:
        return (
            _(
                "The server denies access (HTTP status %(status)s). The file may need a login: "
                "use a signed URL, or upload the image as a file."
            )
            % status
        )
    return _("The server reports an error (HTTP status %(status)s). Try again later.") % status
