# SPDX-License-Identifier: Apache-2.0
"""Formats, sources, stores and quota of this cloud, read in parallel for the dialogs that
upload or import data.
"""

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
from helion_images_panel.core.image_schema import ImageSchema
from helion_images_panel.core.page import Cursor
from helion_images_panel.core.query import ImageQuery
from helion_images_panel.core.quota import Quota
from helion_images_panel.core.sources import Source
from helion_images_panel.ui.base.errors import or_default
from helion_images_panel.ui.base.upload_mode import stages_files

#: Maximum number of images to choose from, such as kernels: nobody reads longer lists.
LISTED = 100

#: A list of images to choose from: its filters and sources.
Listing = tuple[ImageQuery, Sequence[Source]]


@dataclass(frozen=True)
class Capabilities:
    """Formats, sources, stores and quota of this cloud; `formats` are the choices of the
    settings that it accepts. `schema` has the properties that it requires. `stages_files` is
    True if files pass through the staging area.

    `listings` has the images of each requested listing.
    """

    formats: list[tuple[str, str | Promise]]
    schema: ImageSchema
    listings: tuple[tuple[Image, ...], ...]
    import_methods: Sequence[str]
    stores: tuple[Store, ...]
    quota: Quota | None
    stages_files: bool = False


def load_capabilities(
    request: HttpRequest, listings: Sequence[Listing] = (), needed_format: str = ""
) -> Capabilities:
    """Read all capabilities in parallel: 4 requests to Glance, 3 while the stores are cached.

    One less for a posted form, as the quota is then cached. One more for each of the
    listings, if the format `needed_format` is offered: they start when the formats are known,
    and do not wait for the rest.
    """

    def formats_and_listings(
        request: HttpRequest,
    ) -> tuple[ImageSchema | None, tuple[tuple[Image, ...], ...]]:
        schema = or_default(images.image_schema, None, "the formats")(request)
        if needed_format not in dict(_formats(schema)):
            return schema, ()
        return schema, tuple(in_parallel(lambda listing: _listed(request, *listing), listings))

    queries: list[Callable[[HttpRequest], Any]] = [
        # The slowest request goes first: Glance reads Keystone's limits.
        quota.recent_project_quota if request.method == "POST" else quota.project_quota,
        formats_and_listings,
        or_default(imports.import_methods, [], "the import methods"),
        or_default(stores.store_list, (), "the stores"),
    ]
    project_quota, (schema, found_images), import_methods, known_stores = in_parallel(
        lambda query: query(request), queries
    )
    return Capabilities(
        _formats(schema),
        schema or ImageSchema(),
        found_images,
        import_methods,
        known_stores,
        project_quota,
        stages_files(request, import_methods),
    )


def _formats(schema: ImageSchema | None) -> list[tuple[str, str | Promise]]:
    """Return the formats of the settings that Glance accepts; all of them if Glance does not
    return its own.
    """
    choices = list(settings.OPENSTACK_IMAGE_BACKEND["image_formats"])
    if schema is None:
        return choices
    return formats.supported(choices, schema.disk_formats, schema.container_formats)


def _listed(
    request: HttpRequest, query: ImageQuery, sources: Sequence[Source]
) -> tuple[Image, ...]:
    def fetch(_request: HttpRequest) -> tuple[Image, ...]:
        return tuple(image_pages.image_list(request, sources, query, Cursor(), LISTED).images)

    return or_default(fetch, (), "the kernels and ramdisks")(request)
