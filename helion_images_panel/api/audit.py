# SPDX-License-Identifier: Apache-2.0
"""The audit log: one line in Horizon's operation log for each change of an image.

Horizon's own line records the requested page; this one records the change and its
result. It has Horizon's format (OPERATION_LOG_OPTIONS), so that the same tools can read
both, with the change as JSON in place of the form's fields. Its logger is a child of
Horizon's: it has the same handlers unless configured otherwise, and is off if the
operation log is off.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from horizon.utils import settings as horizon_settings
from openstack_auth.utils import get_client_ip

from helion_images_panel import exceptions
from helion_images_panel.api.client import Request
from helion_images_panel.core.audit import FAILURE, Change, entry, image_change, log_safe
from helion_images_panel.core.image import Image, Member
from helion_images_panel.core.per_request import per_request

LOG = logging.getLogger("horizon.operation_log.helion_images")


def seen(request: Request, image: Image) -> Image:
    """Store the image as it was read, for the entry of a later change in this request."""
    _images_seen(request)[image.id] = image
    return image


def last_seen(request: Request, image_id: str) -> Image | None:
    """Return the image as this request has read it last; None if it has not."""
    return _images_seen(request).get(image_id)


def member_seen(request: Request, image_id: str, member: Member) -> None:
    """Store the status of a member as it was read, for a later entry in this request."""
    _members_seen(request)[image_id, member.project_id] = member.status


def member_before(request: Request, image_id: str, project_id: str) -> Mapping[str, Any] | None:
    """The member as this request has read it last; None if it has not."""
    status = _members_seen(request).get((image_id, project_id))
    return {"member": project_id, "member_status": status} if status else None


def _members_seen(request: Request) -> dict[tuple[str, str], str]:
    return per_request(request, "members_seen", dict, scoped_to_project=True)


def _images_seen(request: Request) -> dict[str, Image]:
    return per_request(request, "images_seen", dict, scoped_to_project=True)


class Draft:
    """The entry of a change in progress; details may be added until the change is complete."""

    def __init__(self, change: Change):
        self.change = change

    def set_image(self, image: Image) -> None:
        """Fill in the image after it has been created."""
        self.change = replace(self.change, image_id=image.id).with_image(image)


@contextmanager
def recorded(
    request: Request,
    action: str,
    image_id: str,
    after: Mapping[str, Any],
    before: Mapping[str, Any] | None,
) -> Iterator[Draft]:
    """Write an entry when the change has succeeded or failed.

    :param before: the differing values before the change; None if unknown
    """
    change = Change(action, image_id, before=before, after=after)
    with _written(request, change.with_image(_images_seen(request).get(image_id))) as draft:
        yield draft


def image_changed(
    request: Request, action: str, image_id: str, changes: Mapping[str, Any]
) -> AbstractContextManager[Draft]:
    """Write an entry for a change of attributes and properties, with the values that differ
    from the image as read.
    """
    image = _images_seen(request).get(image_id)
    return _written(request, image_change(action, image_id, image, changes))


@contextmanager
def _written(request: Request, change: Change) -> Iterator[Draft]:
    draft = Draft(change)
    try:
        yield draft
    except Exception as error:
        _write(request, replace(draft.change, result=FAILURE, reason=_reason(error)), error)
        raise
    _write(request, draft.change)


def _reason(error: Exception) -> str:
    """Glance's reason; the class name of any other error, whose message may contain secrets."""
    if isinstance(error, exceptions.ImageServiceError):
        return str(error)
    return type(error).__name__


def _write(request: Any, change: Change, error: Exception | None = None) -> None:
    if not settings.OPERATION_LOG_ENABLED or not LOG.isEnabledFor(logging.INFO):
        return
    options = horizon_settings.get_dict_config
    parameters = {
        **_requester(request),
        "message": log_safe(f"{change.result}: {change.action} {change.image_id}"),
        "http_status": getattr(error, "status", None) or "-",
        "param": entry(change, options("OPERATION_LOG_OPTIONS", "mask_fields")),
    }
    LOG.info(options("OPERATION_LOG_OPTIONS", "format"), parameters)


def _requester(request: Any) -> dict[str, Any]:
    """User, client address and page of the request; a management command has neither page nor
    address.
    """
    user = request.user
    meta = getattr(request, "META", {})
    fields = {
        "client_ip": get_client_ip(request) if meta else None,
        "domain_name": getattr(user, "user_domain_name", None),
        "domain_id": getattr(user, "user_domain_id", None),
        "project_name": getattr(user, "project_name", None),
        "project_id": getattr(user, "project_id", None),
        "user_name": getattr(user, "username", None),
        "user_id": getattr(user, "id", None),
        "request_scheme": getattr(request, "scheme", None),
        "referer_url": _path(meta.get("HTTP_REFERER")),
        "request_url": getattr(request, "path", None),
        "method": getattr(request, "method", None),
    }
    return {
        name: value if value is None else log_safe(str(value)) for name, value in fields.items()
    }


def _path(url: str | None) -> str | None:
    try:
        return urlsplit(url).path if url else None
    except ValueError:
        return None
