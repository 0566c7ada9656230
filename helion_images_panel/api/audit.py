# SPDX-License-Identifier: Apache-2.0
"""The record of changes: a line in Horizon's operation log for each of them.

Horizon's own line says which page was asked for; this one says what became of
which image. It has Horizon's format (OPERATION_LOG_OPTIONS), so that whatever
reads the one reads the other, with the change as JSON in place of the form's
fields. Its logger is a child of Horizon's: it goes where that one goes unless
it is sent elsewhere, and it is off where the operation log is off.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import Any, Protocol
from urllib.parse import urlsplit

from django.conf import settings
from horizon.utils import settings as horizon_settings
from openstack_auth.utils import get_client_ip

from helion_images_panel import exceptions
from helion_images_panel.core.audit import FAILURE, Change, entry, image_change, inert
from helion_images_panel.core.image import Image, Member
from helion_images_panel.core.per_request import per_request

LOG = logging.getLogger("horizon.operation_log.helion_images")


class Request(Protocol):
    """What this module needs of a Django request: who asks."""

    user: Any


def seen(request: Request, image: Image) -> Image:
    """Remembers for this request what the image is like before it is changed."""
    _memory(request)[image.id] = image
    return image


def member_seen(request: Request, image_id: str, member: Member) -> None:
    """The same for what a member has answered."""
    _members(request)[image_id, member.project_id] = member.status


def member_before(request: Request, image_id: str, project_id: str) -> Mapping[str, Any] | None:
    """The member as this request has seen it last; None where it has not."""
    status = _members(request).get((image_id, project_id))
    return {"member": project_id, "member_status": status} if status else None


def _members(request: Request) -> dict[tuple[str, str], str]:
    return per_request(request, "members_seen", dict, scoped_to_project=True)


def _memory(request: Request) -> dict[str, Image]:
    return per_request(request, "images_seen", dict, scoped_to_project=True)


class Draft:
    """The entry while the change is made: whoever makes it may add what is known then."""

    def __init__(self, change: Change):
        self.change = change

    def set_image(self, image: Image) -> None:
        """Says which image it was, once there is one."""
        self.change = replace(self.change, image_id=image.id).of(image)


@contextmanager
def recorded(
    request: Request,
    action: str,
    image_id: str,
    after: Mapping[str, Any],
    before: Mapping[str, Any] | None,
) -> Iterator[Draft]:
    """Writes the entry when the change is made, or has failed.

    :param before: None where nobody knows
    """
    change = Change(action, image_id, before=before, after=after)
    with _written(request, change.of(_memory(request).get(image_id))) as draft:
        yield draft


def image_changed(
    request: Request, action: str, image_id: str, changes: Mapping[str, Any]
) -> AbstractContextManager[Draft]:
    """The same for attributes and properties: what differs from what was seen of them."""
    image = _memory(request).get(image_id)
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
    """Glance's reason; of other errors, whose words may hold anything, the kind."""
    if isinstance(error, exceptions.ImageServiceError):
        return str(error)
    return type(error).__name__


def _write(request: Any, change: Change, error: Exception | None = None) -> None:
    if not settings.OPERATION_LOG_ENABLED or not LOG.isEnabledFor(logging.INFO):
        return
    options = horizon_settings.get_dict_config
    parameters = {
        **_who(request),
        "message": inert(f"{change.result}: {change.action} {change.image_id}"),
        "http_status": getattr(error, "status", None) or "-",
        "param": entry(change, options("OPERATION_LOG_OPTIONS", "mask_fields")),
    }
    LOG.info(options("OPERATION_LOG_OPTIONS", "format"), parameters)


def _who(request: Any) -> dict[str, Any]:
    """Who asks, from where, for what page; a command has no page, nor an address."""
    user = request.user
    meta = getattr(request, "META", {})
    known = {
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
    return {name: value if value is None else inert(str(value)) for name, value in known.items()}


def _path(url: str | None) -> str | None:
    try:
        return urlsplit(url).path if url else None
    except ValueError:
        return None
