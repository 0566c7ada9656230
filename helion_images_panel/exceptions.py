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
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from glanceclient import exc as glance_exc

from helion_images_panel.redaction import text_without_secrets

#: The token has expired or was revoked.
SessionEnded = glance_exc.HTTPUnauthorized


class ImageServiceError(Exception):
    """Glance refused the request or could not be reached; ``str()`` is the reason.

    Pages and logs show the reason: URLs in it lose what may grant access.
    """

    status: int | None = None

    def __init__(self, reason: str | Promise, status: int | None = None):
        """:param reason: lazy text is translated where it is shown"""
        super().__init__(text_without_secrets(reason) if isinstance(reason, str) else reason)
        self.status = status or self.status


class ImageNotFound(ImageServiceError):
    status = 404


class ImageForbidden(ImageServiceError):
    status = 403


class IdentityForbidden(ImageForbidden):
    """Keystone refused; a user may just have got or lost a role."""


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
            % {"names": _quoted(names)}
        )


class DataTransferred(ImageServiceError):
    """Glance writes data of the image, and the image itself at the end, as it was before.

    :ivar is_changed: whether the change was made all the same
    """

    status = 409

    def __init__(self, is_changed: bool = False):
        super().__init__(
            gettext_lazy(
                "A transfer of data into the image has begun at the same time. At its end the "
                "image service may undo the change: look at the image then."
            )
            if is_changed
            else gettext_lazy(
                "Data is being transferred into this image. At the end of the transfer the image "
                "service would undo the change. Try again when the transfer is complete."
            )
        )
        self.is_changed = is_changed


class NotPatchable(ImageServiceError):
    """Glance would change a property of another name."""

    status = 400

    def __init__(self, names: Iterable[str]):
        super().__init__(
            _(
                "The image service cannot change these properties, as their names begin or end "
                "with a blank: %(names)s."
            )
            % {"names": _quoted(names)}
        )


class PropertyRequired(ImageServiceError):
    """The cloud requires properties, and Glance refused an image or a change because of one.

    Glance 32 and 33 compare each value of a change by itself with their list: they refuse
    nearly all changes, also of images that have the properties. With several in the list,
    they refuse those properties too. `required` are all that are known; `missing` are those
    that the image does not have, None for a new image.
    """

    status = 400

    def __init__(self, name: str):
        super().__init__("")
        self.name = name
        self.required: tuple[str, ...] = (name,)
        self.missing: tuple[str, ...] | None = None

    @property
    def is_settable(self) -> bool:
        """Whether Update Metadata can set what the image does not have."""
        return bool(self.missing) and len(self.required) == 1

    def __str__(self) -> str:
        # Translated where it is shown: another thread has no language.
        if self.missing is None:
            message = _(
                "This cloud requires the property “%(name)s” for each image, and it has no value. "
                "Open the form again, and enter one."
            )
        elif not self.missing:
            message = _(
                "This cloud requires the property “%(name)s”. The image has it, but the image "
                "service refuses the change because the change itself does not contain it. Ask "
                "the cloud's operator to correct the list of required properties "
                "(schema-image.json)."
            )
        elif self.is_settable:
            message = _(
                "This cloud requires the property “%(name)s”, which the image does not have. Set "
                "it first, with Update Metadata."
            )
        else:
            message = _(
                "This cloud requires several properties of each image (%(required)s). This image "
                "does not have %(missing)s, and the image service refuses all later changes. "
                "Create the image again, or ask the cloud's operator to correct the list of "
                "required properties (schema-image.json)."
            )
        names = {"required": _quoted(self.required), "missing": _quoted(self.missing or ())}
        return str(message % {"name": self.name, **names})


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)


class IdentityUnavailable(ImageServiceUnavailable):
    """No response of Keystone, which Horizon's own frame of a page needs too."""


class UnexpectedResponse(ImageServiceError):
    """The response is not what the API promises, such as a page of a broken proxy."""

    status = 502


def image_service_does_not_answer() -> ImageServiceUnavailable:
    return ImageServiceUnavailable(gettext_lazy("The image service is not responding."))


def identity_does_not_answer() -> IdentityUnavailable:
    return IdentityUnavailable(gettext_lazy("The identity service is not responding."))


def compute_does_not_answer() -> ImageServiceUnavailable:
    return ImageServiceUnavailable(gettext_lazy("The compute service is not responding."))


def volumes_do_not_answer() -> ImageServiceUnavailable:
    return ImageServiceUnavailable(gettext_lazy("The volume service is not responding."))


def unexpected_image_response() -> UnexpectedResponse:
    return UnexpectedResponse(
        gettext_lazy(
            "The response of the image service could not be read. Try again; if that does not "
            "help, contact the cloud's operator."
        )
    )


def unexpected_identity_response() -> UnexpectedResponse:
    return UnexpectedResponse(
        gettext_lazy(
            "The response of the identity service could not be read. Try again; if that does not "
            "help, contact the cloud's operator."
        )
    )


def unexpected_compute_response() -> UnexpectedResponse:
    return UnexpectedResponse(
        gettext_lazy(
            "The response of the compute service could not be read. Try again; if that does not "
            "help, contact the cloud's operator."
        )
    )


#: Statuses of a proxy before Glance, whose page says nothing to users.
_OF_A_PROXY = (502, 504)

_DIRECTION_MARKS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")

#: Maximum characters of a reason: a message of Horizon is stored in a cookie.
REASON_LENGTH = 500

_BY_STATUS: dict[int, type[ImageServiceError]] = {
    cls.status: cls
    for cls in (ImageNotFound, ImageForbidden, ImageServiceUnavailable)
    if cls.status
}

#: In Glance's words; Python quotes a name that has an apostrophe by the other marks.
_REQUIRED = re.compile(
    r"^Provided object does not match schema 'image': (?:'([^']+)'|\"([^\"]+)\") is a required"
)


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
    # A schema of many lines follows.
    text = re.split(r"[\s:]*\bFailed validating '", text, maxsplit=1)[0]
    # Marks of direction in a name that Glance repeats would act on all that follows.
    text = _DIRECTION_MARKS.sub("", text)
    sentence = re.sub(r"\s+", " ", text).strip(" :")
    return shortened(sentence.rpartition(".: ")[2])


def shortened(text: str) -> str:
    return text if len(text) <= REASON_LENGTH else f"{text[:REASON_LENGTH]}…"


def from_response(status: int, details: str) -> ImageServiceError:
    reason = reason_of(details)
    missing = _REQUIRED.search(reason) if status == 400 else None
    if missing:
        return PropertyRequired(missing[1] or missing[2])
    cls = _BY_STATUS.get(status, ImageServiceError)
    return cls(reason or f"HTTP {status}", status)


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
