# SPDX-License-Identifier: Apache-2.0
"""What uses images in all projects, for rules that keep those in use."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from helion_images_panel.api import images, instances, members, volumes
from helion_images_panel.api.parallel import in_parallel
from helion_images_panel.core.image import Image
from helion_images_panel.core.uses import (
    BOOTED_WITH,
    BOOTING,
    INSTANCES,
    MEMBERS,
    VOLUMES,
    ImageUses,
    Uses,
    joined,
    may_be_booted_with,
    naming,
)
from helion_images_panel.exceptions import ImageServiceError

#: Maximum number of images that boot with one that are read, by property.
LIMIT = 500

#: Kinds whose service is not asked for further images after a failure.
_OF_A_SERVICE = (INSTANCES, VOLUMES)

_Query = tuple[str, str, Callable[[], Any]]


def uses_of(request: Any, found: Sequence[Image]) -> Mapping[str, ImageUses]:
    """Return the uses by image ID. The caller is an admin, to whom services list all projects.

    One request for each image and service, and four to Glance for what may be a kernel or a
    ramdisk. A service that fails for the first image is not asked for the others.
    """
    first = _run([query for image in found[:1] for query in _queries(request, image)])
    failed = {
        kind: result
        for _id, kind, result in first
        if isinstance(result, Exception) and kind in _OF_A_SERVICE
    }
    others = [query for image in found[1:] for query in _queries(request, image)]
    results = first + _run([query for query in others if query[1] not in failed])
    values: dict[str, dict[str, Any]] = {image.id: {} for image in found}
    failures: dict[str, dict[str, Exception]] = {image.id: dict(failed) for image in found}
    for image_id, kind, result in results:
        if isinstance(result, Exception):
            failures[image_id][kind] = result
        else:
            values[image_id][kind] = result
    return {image.id: ImageUses(**values[image.id], failures=failures[image.id]) for image in found}


def _queries(request: Any, image: Image) -> list[_Query]:
    found: list[_Query] = []
    if instances.has_compute(request):
        query = partial(instances.using, request, image.id, everywhere=True)
        found.append((image.id, INSTANCES, query))
    if volumes.has_volumes(request):
        query = partial(volumes.using, request, image.id, everywhere=True)
        found.append((image.id, VOLUMES, query))
    if may_be_booted_with(image):
        found.append((image.id, BOOTING, partial(_booting, request, image.id)))
    if image.visibility == "shared":
        found.append((image.id, MEMBERS, partial(_members, request, image)))
    return found


def _booting(request: Any, image_id: str) -> Uses:
    parts = []
    for name in BOOTED_WITH:
        for hidden in (False, True):
            found = images.images_naming(request, image_id, name, LIMIT, hidden)
            parts.append(naming(image_id, found, LIMIT))
    return joined(parts)


def _members(request: Any, image: Image) -> int:
    found = members.member_list(request, image.id)
    return sum(1 for member in found if member.project_id != image.owner)


def _run(queries: Sequence[_Query]) -> list[tuple[str, str, Any]]:
    def result(query: _Query) -> tuple[str, str, Any]:
        image_id, kind, ask = query
        try:
            return image_id, kind, ask()
        except ImageServiceError as error:
            return image_id, kind, error

    return in_parallel(result, queries)
