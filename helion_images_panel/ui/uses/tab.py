# SPDX-License-Identifier: Apache-2.0
"""The tab Used By of an image's details: what depends on the image."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from horizon import tabs

from helion_images_panel.api import cache
from helion_images_panel.core.image import Image
from helion_images_panel.core.uses import (
    IMAGES,
    MEMBERS,
    ImageUses,
    Use,
    Uses,
    shelved_instance,
)
from helion_images_panel.exceptions import ImageServiceError
from helion_images_panel.ui.base import times
from helion_images_panel.ui.base.labels import visibility_label
from helion_images_panel.ui.base.page_urls import tab_url
from helion_images_panel.ui.scopes.project_names import panel_names
from helion_images_panel.ui.scopes.scope import PanelScope
from helion_images_panel.ui.uses import cached, family, labels, parts, tree
from helion_images_panel.ui.uses.reach import limits
from helion_images_panel.ui.uses.tree import Relatives
from helion_images_panel.ui.uses.verdict import verdict

#: Seconds for which a failed result is shown again: it takes up to 27 requests, which a service
#: that fails may let wait.
FAILED_S = 10.0

#: Slug of the tab, and the parameter of its URL that has the services asked again.
TAB, FRESH = "used_by", "fresh"


@dataclass(frozen=True)
class _Around:
    """What the tab shows besides the uses.

    :ivar at: when it was read: ISO 8601 in UTC
    :ivar latest: the latest version of the family, if that is another image which the user may
        see; the failure if Glance does not return it
    """

    relatives: Relatives
    at: str
    latest: Use | ImageServiceError | None = None

    @property
    def has_failed(self) -> bool:
        return self.relatives.has_failed or isinstance(self.latest, ImageServiceError)

    @property
    def is_recent(self) -> bool:
        return cached.age_s(self.at) <= (FAILED_S if self.has_failed else cached.CACHE_S)


class UsedByTab(tabs.Tab):
    """Loaded when it is selected: it takes requests to all services."""

    name = _("Used By")
    slug = TAB
    template_name = "helion_images_panel/uses/_tab.html"
    preload = False

    @cached_property
    def known_count(self) -> str:
        """Number of uses, if this user has seen them recently: no service is asked for it."""
        uses = cached.seen_uses(self.request, self._scope, self._image)
        return uses.counted if uses else ""

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
        max_age_s = 0.0 if FRESH in request.GET else cached.CACHE_S
        seen = cached.uses_of(request, scope, [image], max_age_s)
        uses = seen.found.by_image[image.id]
        around = _around(request, scope, image, uses.images, bool(max_age_s))
        ids = _project_ids(uses, around.relatives)
        names = panel_names(request, scope, ids) if scope.lists_all_owners else {}
        return {
            "image": image,
            "count": uses.counted,
            "verdict": verdict(uses, bool(shelved_instance(image))),
            "limits": [*limits(request, scope, image), *filter(None, [seen.found.note()])],
            "at": times.time_element(min(seen.at, around.at)),
            "reload_url": f"{tab_url(scope, image.id, TAB)}&{FRESH}=1",
            "parts": parts.of_services(request, scope, uses, names),
            "lists_volumes": uses.volumes is not None,
            "booting": parts.booting_part(scope, image, uses, names),
            "made_from": uses.images,
            "made_from_count": labels.counted(uses.images) if uses.images else "",
            "made_from_failure": _failure(uses, IMAGES),
            "tree": tree.tree(scope, image, around.relatives, uses.images, names),
            "tree_remarks": tree.remarks(around.relatives),
            "family": family.shown(scope, image, around.latest),
            "members": labels.shared_with(uses.members) if uses.members else "",
            "members_failure": _failure(uses, MEMBERS),
            "given": labels.given(uses.given) if uses.given else "",
            "visibility": visibility_label(image.visibility),
            "access_url": tab_url(scope, image.id, "access"),
        }


def _failure(uses: ImageUses, kind: str) -> str:
    return labels.failure(kind, uses.failures[kind]) if kind in uses.failures else ""


def _project_ids(uses: ImageUses, relatives: Relatives) -> list[str]:
    below = [each for each in relatives.below.values() if isinstance(each, Uses)]
    found = {use.project_id for each in (*uses.known, *below) for use in each.items}
    return sorted(found.union(use.project_id for use in relatives.above))


def _around(
    request: HttpRequest,
    scope: PanelScope,
    image: Image,
    made_from: Uses | None,
    may_be_cached: bool,
) -> _Around:
    """Return what was cached for this user in this panel; with a failure, for a moment only."""
    key = cached.key(request, scope, image, "used_by")
    known: _Around | None = cache.get(key) if may_be_cached else None
    if known is not None and known.is_recent:
        return known
    at = cached.now_text()
    around = _Around(
        tree.relatives(request, scope, image, made_from),
        at,
        family.latest_version(request, scope, image),
    )
    cache.set(key, around, cached.CACHE_S)
    return around
