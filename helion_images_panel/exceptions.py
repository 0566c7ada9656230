# SPDX-License-Identifier: Apache-2.0
"""Exceptions of requests to Glance.

Horizon handles these classes through ``ADD_EXCEPTIONS`` in ``enabled/``. The exception
for an expired token is glanceclient's own: Horizon responds to it by asking for a new
login.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager

import requests
from django.utils.translation import gettext as _
from glanceclient import exc as glance_exc

#: The token has expired or was revoked.
SessionEnded = glance_exc.HTTPUnauthorized


class ImageServiceError(Exception):
    """Glance refused the request or could not be reached; ``str()`` is the reason."""

    status: int | None = None

    def __init__(self, reason: str, status: int | None = None):
        super().__init__(reason)
        self.status = status or self.status


class ImageNotFound(ImageServiceError):
    status = 404


class ImageForbidden(ImageServiceError):
    status = 403


class ImageServiceUnavailable(ImageServiceError):
    """No response: the service is down, or the connection broke."""

    status = 503


class IdentityUnavailable(ImageServiceUnavailable):
    """No response of Keystone, which Horizon's own frame of a page needs too."""


class UnexpectedResponse(ImageServiceError):
    """The response is not what the API promises, such as a page of a broken proxy."""

    status = 502


def image_service_does_not_answer() -> ImageServiceUnavailable:
    return ImageServiceUnavailable(_("The image service is not responding."))


def identity_does_not_answer() -> IdentityUnavailable:
    return IdentityUnavailable(_("The identity service is not responding."))


def unexpected_image_response() -> UnexpectedResponse:
    return UnexpectedResponse(
        _(
            "The response of the image service could not be read. Try again; if that does not "
            "help, contact the cloud's operator."
        )
    )


def unexpected_identity_response() -> UnexpectedResponse:
    return UnexpectedResponse(
        _(
            "The response of the identity service could not be read. Try again; if that does not "
            "help, contact the cloud's operator."
        )
    )


#: Statuses of a proxy before Glance, whose page says nothing to users.
_OF_A_PROXY = (502, 504)

#: Maximum characters of a reason: a message of Horizon is stored in a cookie.
REASON_LENGTH = 500

_BY_STATUS: dict[int, type[ImageServiceError]] = {
    cls.status: cls
    for cls in (
        ImageNotFound,
        ImageForbidden,
        ImageServiceUnavailable,
    )
    if cls.status
}


def reason_of(details: str) -> str:
    """Return the sentence in a Glance error body, without its markup and status line.

    Glance sends errors as a small HTML page, of which glanceclient makes "403
    Forbidden: reason" or "403 Forbidden: 403 Forbidden: reason: : ", at times with a
    general sentence about the status before the reason.
    """
    # A proxy's page of its own may have more than text.
    text = re.sub(r"(?is)<(script|style)\b.*?(</\1>|\Z)|<!--.*?(-->|\Z)", "\n", details)
    # Tags are replaced by line breaks, to separate the status line from the reason.
    text = html.unescape(re.sub(r"<[^>]*>", "\n", text))
    text = re.sub(r"^(\s*(HTTP )?\d{3} [A-Z][A-Za-z ]*:?)+", "", text)
    sentence = re.sub(r"\s+", " ", text).strip(" :")
    return shortened(sentence.rpartition(".: ")[2])


def shortened(text: str) -> str:
    return text if len(text) <= REASON_LENGTH else f"{text[:REASON_LENGTH]}…"


def from_response(status: int, details: str) -> ImageServiceError:
    cls = _BY_STATUS.get(status, ImageServiceError)
    return cls(reason_of(details) or f"HTTP {status}", status)


@contextmanager
def glance_errors() -> Iterator[None]:
    """Convert glanceclient's exceptions to those of this module, except for a 401."""
    try:
        yield
    except SessionEnded:
        raise
    except glance_exc.HTTPException as error:
        if error.code in _OF_A_PROXY:
            raise image_service_does_not_answer() from error
        details = error.details or ""
        raise from_response(
            # "N/A" for a status that glanceclient has no class for.
            error.code if isinstance(error.code, int) else 500,
            details.decode(errors="replace") if isinstance(details, bytes) else str(details),
        ) from error
    except requests.exceptions.JSONDecodeError as error:
        raise unexpected_image_response() from error
    except (
        glance_exc.CommunicationError,
        glance_exc.InvalidEndpoint,
        # glanceclient reads responses outside of its own error handling.
        requests.RequestException,
        OSError,
    ) as error:
        raise image_service_does_not_answer() from error
