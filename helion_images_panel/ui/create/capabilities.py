# SPDX-License-Identifier: Apache-2.0
"""What this cloud takes: asked all at once, for the dialogs that get data in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import Promise

from helion_images_panel.api import image_pages, images, imports, quota, stores
from helion_images_panel.api.parallel import in_parallel
from helion_images_panel.api.stores import Store
from helion_images_panel.core import formats
from helion_images_panel.core.image import Image
from helion_images_panel.core.page import Cursor
from helion_images_panel.core.query import ImageQuery
from helion_images_panel.core.quota import Quota
from helion_images_panel.core.sources import Source
from helion_images_panel.ui.base.errors import or_default

#: Images to choose from, such as kernels: more than this and nobody reads them.
LISTED = 100

#: A list of images to choose from: what is looked for, and where.
Listing = tuple[ImageQuery, Sequence[Source]]


@dataclass(frozen=True)
class Capabilities:
    """What this cloud takes; `formats` are the choices of the settings, as far as it does.

    `listings` has what was found of each that was asked for.
    """

    formats: list[tuple[str, str | Promise]]
    listings: tuple[tuple[Image, ...], ...]
    import_methods: Sequence[str]
    stores: tuple[Store, ...]
    quota: Quota | None


def load_capabilities(
    request: HttpRequest, listings: Sequence[Listing] = (), wanted: str = ""
) -> Capabilities:
    """All of it at once: 4 calls to Glance, 3 while the stores are remembered.

    One less for a form that comes back, whose room was asked for a moment ago.
    One more for each of the listings, where the format `wanted` is on offer:
    they begin when the formats are known, and do not wait for the rest.
    """

    def formats_and_listings(
        request: HttpRequest,
    ) -> tuple[list[tuple[str, str | Promise]], tuple[tuple[Image, ...], ...]]:
        offered = _formats(or_default(images.format_names, None)(request))
        if wanted not in dict(offered):
            return offered, ()
        return offered, tuple(in_parallel(lambda asked: _listed(request, *asked), listings))

    asked: list[Callable[[HttpRequest], Any]] = [
        # What takes longest goes first: Glance looks into Keystone's limits.
        quota.recent_project_quota if request.method == "POST" else quota.project_quota,
        formats_and_listings,
        imports.import_methods,
        or_default(stores.store_list, ()),
    ]
    project_quota, (offered, found), import_methods, known_stores = in_parallel(
        lambda ask: ask(request), asked
    )
    return Capabilities(offered, found, import_methods, known_stores, project_quota)


def _formats(names: tuple[list[str], list[str]] | None) -> list[tuple[str, str | Promise]]:
    """Those of the settings that Glance takes; all of them where it does not tell."""
    choices = list(settings.OPENSTACK_IMAGE_BACKEND["image_formats"])
    return formats.supported(choices, *names) if names else choices


def _listed(
    request: HttpRequest, query: ImageQuery, sources: Sequence[Source]
) -> tuple[Image, ...]:
    def ask(_request: HttpRequest) -> tuple[Image, ...]:
        return tuple(image_pages.image_list(request, sources, query, Cursor(), LISTED).images)

    return or_default(ask, ())(request)
