# SPDX-License-Identifier: Apache-2.0
"""The uses of images as a user has seen them a moment ago: for the tab Used By, and for each
confirmation.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest

from helion_images_panel.api import cache, client
from helion_images_panel.core.glance_time import TIME_FORMAT, time_of
from helion_images_panel.core.image import Image
from helion_images_panel.core.uses import ImageUses
from helion_images_panel.ui.scopes.scope import PanelScope
from helion_images_panel.ui.uses.queries import Findings, find_uses

#: Seconds for which a user sees the same uses of an image again, with their age: in the tab,
#: and in a confirmation, after which they matter.
CACHE_S, CONFIRMATION_S = 120.0, 30.0


@dataclass(frozen=True)
class Seen:
    """:ivar at: when the oldest of them was read: ISO 8601 in UTC"""

    found: Findings
    at: str

    @property
    def age_s(self) -> float:
        return age_s(self.at)


def now_text() -> str:
    return datetime.now(UTC).strftime(TIME_FORMAT)


def age_s(at: str) -> float:
    then = time_of(at)
    return (datetime.now(UTC) - then).total_seconds() if then else 0.0


def uses_of(
    request: HttpRequest,
    scope: PanelScope,
    images: Sequence[Image],
    max_age_s: float = CACHE_S,
) -> Seen:
    """Return the uses of the images; those of images that the user has not seen of late are read.

    :param max_age_s: 0 to read all of them
    """
    seen = {image.id: _cached(request, scope, image, max_age_s) for image in images}
    cached = [each for each in seen.values() if each]
    missing = [image for image in images if not seen[image.id]]
    found = find_uses(request, scope, missing)
    now = now_text()
    # What is cached for an image needs no uses of others.
    in_domain = tuple(replace(each, by_image={}) for each in found.in_domain)
    is_whole = not any(each.skipped for each in in_domain)
    for image in missing:
        uses = found.by_image[image.id]
        if is_whole and not uses.failures:
            one = Findings({image.id: uses}, in_domain)
            cache.set(key(request, scope, image, "uses"), Seen(one, now), CACHE_S)
    by_image = dict(found.by_image)
    for each in cached:
        by_image |= each.found.by_image
        in_domain += each.found.in_domain
    at = min([each.at for each in cached] + [now] * bool(missing), default=now)
    return Seen(Findings(by_image, in_domain), at)


def seen_uses(request: HttpRequest, scope: PanelScope, image: Image) -> ImageUses | None:
    """Return the uses that the user has seen of late; None without any. No service is queried."""
    seen = _cached(request, scope, image, CACHE_S)
    return seen.found.by_image[image.id] if seen else None


def key(request: HttpRequest, scope: PanelScope, image: Image, name: str) -> str:
    """Return the cache key of what this user sees of the image in this panel.

    Members are known of a shared image alone, so the visibility belongs to it.
    """
    user: Any = request.user
    roles = sorted(role["name"] for role in user.roles)
    viewer = f"{user.id} {user.project_id} {scope.image_namespace} {scope.domain_id} {roles}"
    hashed = hashlib.sha256(f"{viewer} {image.visibility}".encode()).hexdigest()[:32]
    return client.image_cache_key(request, f"{name}.{hashed}", image.id)


def _cached(request: HttpRequest, scope: PanelScope, image: Image, max_age_s: float) -> Seen | None:
    seen: Seen | None = cache.get(key(request, scope, image, "uses")) if max_age_s else None
    return seen if seen and seen.age_s <= max_age_s else None
