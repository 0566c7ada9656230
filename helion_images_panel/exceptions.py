# SPDX-License-Identifier: Apache-2.0
"""Exceptions of requests to Glance.

Horizon handles these classes through ``ADD_EXCEPTIONS`` in ``enabled/``. The exception
for an expired token is glanceclient's own: Horizon responds to it by asking for a new
login.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
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


class ChangeNotApplied(ImageServiceError):
    """Glance accepted a change, and its response does not have it."""

    status = 409

    def __init__(self, names: Iterable[str]):
        super().__init__(
            _(
                "The image service accepted the change and did not make it: %(names)s. It may have "
                "changed something else. Compare the image's details with your change."
            )
            % {"names": ", ".join(f"“{name}”" for name in names)}
        )


class NotPatchable(ImageServiceError):
    """Glance would change a property of another name."""

    status = 400

    def __init__(self, names: Iterable[str]):
        super().__init__(
            _(
                "The image service cannot change these properties, as their names begin or end "
                "with a blank: %(names)s."
            )
            % {"names": ", ".join(f"“{name}”" for name in names)}
        )


def identity_does_not_answer() -> ImageServiceUnavailable:
    return ImageServiceUnavailable(_("The identity service is not responding."))


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
    # Tags are replaced by line breaks, to separate the status line from the reason.
    text = html.unescape(re.sub(r"<[^>]*>", "\n", details))
    text = re.sub(r"^(\s*(HTTP )?\d{3} [A-Z][A-Za-z ]*:?)+", "", text)
    sentence = re.sub(r"\s+", " ", text).strip(" :")
    return sentence.rpartition(".: ")[2]


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
        details = error.details or ""
        raise from_response(
            # "N/A" for a status that glanceclient has no class for.
            error.code if isinstance(error.code, int) else 500,
            details.decode(errors="replace") if isinstance(details, bytes) else str(details),
        ) from error
    except (
        glance_exc.CommunicationError,
        glance_exc.InvalidEndpoint,
        # glanceclient reads responses outside of its own error handling.
        requests.RequestException,
    ) as error:
        raise ImageServiceUnavailable(_("The image service is not responding.")) from error
