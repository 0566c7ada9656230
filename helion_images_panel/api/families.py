# SPDX-License-Identifier: Apache-2.0
"""The versions of a family, which Glance lists by the owner and a property."""

from __future__ import annotations

from helion_images_panel.api import audit, client, shapes
from helion_images_panel.api.client import Request
from helion_images_panel.api.parallel import in_parallel
from helion_images_panel.core.deletion import is_deleted
from helion_images_panel.core.family import NAME_PROPERTY, newest_first, versions_of
from helion_images_panel.core.image import Image

#: Maximum number of images that one request reads, the newest. Nova copies the property to
#: snapshots of instances, which are read as well and are no versions.
READ = 500


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
