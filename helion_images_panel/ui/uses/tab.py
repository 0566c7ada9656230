# SPDX-License-Identifier: Apache-2.0
"""The tab Used By of an image's details: what depends on the image."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from horizon import tabs

from helion_images_panel.api import cache, client, forgiven
from helion_images_panel.core.image import Image
from helion_images_panel.core.uses import (
    IMAGES,
    MEMBERS,
    ImageUses,
    Use,
    origin_of,
    shelved_instance,
)
from helion_images_panel.exceptions import ImageNotFound, ImageServiceError
from helion_images_panel.ui.base import times
from helion_images_panel.ui.base.labels import visibility_label
from helion_images_panel.ui.base.page_urls import tab_url
from helion_images_panel.ui.scopes.project_names import panel_names
from helion_images_panel.ui.scopes.scope import PanelScope
from helion_images_panel.ui.uses import family, labels, parts
from helion_images_panel.ui.uses.queries import Findings, find_uses
from helion_images_panel.ui.uses.reach import limits
from helion_images_panel.ui.uses.verdict import verdict

#: Seconds for which a user sees the same uses of an image again, with their age.
CACHE_S = 120.0

#: Slug of the tab, and the parameter of its URL that has the services asked again.
TAB, FRESH = "used_by", "fresh"


@dataclass(frozen=True)
class _Shown:
    """What the tab shows, from the services.

    :ivar origin: the image that this one was made from; None if the user may not see it, or it
        is gone; the failure if Glance does not return it
    :ivar at: when it was read: ISO 8601 in UTC
    :ivar latest: the latest version of the family, if that is another image which the user may
        see; the failure if Glance does not return it
    """

    found: Findings
    origin: Use | ImageServiceError | None
    at: str
    latest: Use | ImageServiceError | None = None


class UsedByTab(tabs.Tab):
    """Loaded when it is selected: it takes requests to all services."""

    name = _("Used By")
    slug = TAB
    template_name = "helion_images_panel/uses/_tab.html"
    preload = False

    @cached_property
    def known_count(self) -> str:
        """Number of uses, if this user has seen them recently: no service is asked for it."""
        image = self._image
        cached: _Shown | None = cache.get(_key(self.request, self._scope, image))
        return cached.found.by_image[image.id].counted if cached else ""

    @property
    def _image(self) -> Image:
        image: Image = self.tab_group.kwargs["image"]
        return image

    @property
    def _scope(self) -> PanelScope:
        scope: PanelScope = self.tab_group.kwargs["scope"]
        return scope

    def get_context_data(self, request: HttpRequest) -> dict[str, Any]:
        image, scope = self._image, self._scope
        shown = _shown(request, scope, image)
        uses = shown.found.by_image[image.id]
        origin = shown.origin if isinstance(shown.origin, Use) else None
        names = panel_names(request, scope, _project_ids(uses)) if scope.lists_all_owners else {}
        return {
            "image": image,
            "count": uses.counted,
            "verdict": verdict(uses, bool(shelved_instance(image))),
            "limits": [*limits(request, scope, image), *filter(None, [shown.found.note()])],
            "at": times.time_element(shown.at),
            "reload_url": f"{tab_url(scope, image.id, TAB)}&{FRESH}=1",
            "parts": parts.of_services(request, scope, uses, names),
            "lists_volumes": uses.volumes is not None,
            "made_from": parts.images_part(scope, uses, names),
            "made_from_failure": _failure(uses, IMAGES),
            "origin_id": origin_of(image),
            "origin": origin,
            "origin_url": scope.url_in_domain("detail", origin.id) if origin else "",
            "origin_failure": labels.origin_failure(shown.origin)
            if isinstance(shown.origin, ImageServiceError)
            else "",
            "family": family.shown(scope, image, shown.latest),
            "members": labels.shared_with(uses.members) if uses.members else "",
            "members_failure": _failure(uses, MEMBERS),
            "given": labels.given(uses.given) if uses.given else "",
            "visibility": visibility_label(image.visibility),
            "access_url": tab_url(scope, image.id, "access"),
        }


def _failure(uses: ImageUses, kind: str) -> str:
    return labels.failure(kind, uses.failures[kind]) if kind in uses.failures else ""


def _project_ids(uses: ImageUses) -> list[str]:
    kinds = (uses.instances, uses.volumes, uses.images)
    return sorted({use.project_id for each in kinds if each for use in each.items})


def _shown(request: HttpRequest, scope: PanelScope, image: Image) -> _Shown:
    """Return what was cached for this user in this panel, unless a failure is part of it."""
    key = _key(request, scope, image)
    cached: _Shown | None = None if FRESH in request.GET else cache.get(key)
    if cached is not None:
        return cached
    found = find_uses(request, scope, [image])
    shown = _Shown(
        found,
        _origin(request, scope, image),
        datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        family.latest_version(request, scope, image),
    )
    has_failed = bool(found.by_image[image.id].failures) or any(
        isinstance(each, ImageServiceError) for each in (shown.origin, shown.latest)
    )
    if not has_failed and not any(each.skipped for each in found.in_domain):
        cache.set(key, shown, CACHE_S)
    return shown


def _key(request: HttpRequest, scope: PanelScope, image: Image) -> str:
    user: Any = request.user
    roles = sorted(role["name"] for role in user.roles)
    viewer = f"{user.id} {user.project_id} {scope.image_namespace} {scope.domain_id} {roles}"
    hashed = hashlib.sha256(viewer.encode()).hexdigest()[:32]
    return client.image_cache_key(request, f"uses.{hashed}", image.id)


def _origin(
    request: HttpRequest, scope: PanelScope, image: Image
) -> Use | ImageServiceError | None:
    """Return the image that this one was made from: see `_Shown`."""
    origin_id = origin_of(image)
    if not origin_id:
        return None
    try:
        origin = scope.image(request, origin_id)
    except ImageNotFound:
        return None
    except ImageServiceError as error:
        forgiven.log("the image that this one was made from", error)
        return error
    return Use(origin.id, origin.bare_name, origin.owner or "")
