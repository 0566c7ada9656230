# SPDX-License-Identifier: Apache-2.0
"""The versions of a family, which Glance lists by the owner and a property."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from helion_images_panel.api import audit, client, shapes
from helion_images_panel.api.client import Request
from helion_images_panel.api.parallel import in_parallel
from helion_images_panel.core.deletion import is_deleted
from helion_images_panel.core.family import (
    LATEST,
    NAME_PROPERTY,
    family_of,
    family_record,
    newest_first,
    versions_of,
)
from helion_images_panel.core.image import Image

#: Maximum number of images that one request reads, the newest. Nova copies the property to
#: snapshots of instances, which are read as well and are no versions.
READ = 500

#: Maximum number of images of a project that one request reads, the newest: as many as Glance
#: lists at a time.
READ_OF_PROJECT = 1000

#: Maximum number of characters of the names in one request line, as URLs have them: servers in
#: use take 4 KiB.
NAMES_LENGTH = 3000


def listed_versions(request: Request, owner: str, name: str, hidden: bool = False) -> list[Image]:
    """Return the versions of a project's family that the token can list, hidden ones or others,
    the latest first. One request.
    """
    parameters = {
        "owner": owner,
        NAME_PROPERTY: name,
        "visibility": "all",
        "sort": "created_at:desc,id:desc",
        "limit": READ,
        **({"os_hidden": "true"} if hidden else {}),
    }
    rows = shapes.rows(client.get(request, "/v2/images", parameters), "images")
    found = [shapes.parsed(Image.from_glance, row) for row in rows]
    # The database may compare without case, and the property proves nothing.
    return [audit.seen(request, image) for image in versions_of(found, owner, name)]


def all_versions(request: Request, owner: str, name: str) -> list[Image]:
    """Return all versions but deleted ones, the latest first. Two requests in parallel."""
    lists = in_parallel(lambda hidden: listed_versions(request, owner, name, hidden), (False, True))
    return newest_first(image for versions in lists for image in versions if not is_deleted(image))


def newest_of_project(request: Request, owner: str) -> list[Image]:
    """Return the newest listed images of a project, to find the latest versions of its families,
    or images that could become a version. One request.
    """
    parameters = {
        "owner": owner,
        "visibility": "all",
        "sort": "created_at:desc,id:desc",
        "limit": READ_OF_PROJECT,
    }
    rows = shapes.rows(client.get(request, "/v2/images", parameters), "images")
    found = [shapes.parsed(Image.from_glance, row) for row in rows]
    # To an admin's token Glance may return more than it was asked for.
    own = [image for image in found if image.owner == owner and not is_deleted(image)]
    return [audit.seen(request, image) for image in own]


def latest_by_name(
    request: Request, parameters: Mapping[str, Any], names: Sequence[str]
) -> list[Image]:
    """Return the latest versions among the images of a list that have one of these names: the
    latest version has the plain name of its family's others. One request, or none.

    :param parameters: of the list; names that do not fit into the request are left out
    """
    asked, length = [], 0
    for name in dict.fromkeys(names):
        length += len(quote(f'"{name}",', safe=""))
        # Glance has no way to write a quotation mark that all its versions read in the same way.
        if name and not {'"', "\\"} & set(name) and length <= NAMES_LENGTH:
            asked.append(f'"{name}"')
    if not asked:
        return []
    query = {
        **parameters,
        "name": "in:" + ",".join(asked),
        "sort": "created_at:desc,id:desc",
        "limit": READ,
    }
    rows = shapes.rows(client.get(request, "/v2/images", query), "images")
    found = [shapes.parsed(Image.from_glance, row) for row in rows]
    return latest_among(found)


def latest_among(images: Iterable[Image]) -> list[Image]:
    """Return the latest version of each family, by the family's name."""
    latest = [image for image in images if _is_latest(image)]
    return sorted(latest, key=lambda image: (family_of(image), image.id))


def _is_latest(image: Image) -> bool:
    record = family_record(image)
    return record is not None and record.role == LATEST
