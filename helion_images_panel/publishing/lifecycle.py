# SPDX-License-Identifier: Apache-2.0
"""Delete images permanently whose time to be restored is over.

Only records that this dashboard has signed are trusted, and only on images that are still as
deleting them has left them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from helion_images_panel import exceptions
from helion_images_panel.api import image_pages, projects
from helion_images_panel.core.deletion import is_due
from helion_images_panel.core.image import Image
from helion_images_panel.publishing.deletion import NotDeleted, delete_when_due

#: What Glance can tell of such an image.
_PARAMETERS = {"visibility": "private", "status": "deactivated"}


@dataclass(frozen=True)
class Ended:
    """One image: it was deleted, or is to be in a dry run; `error` if it could not be.

    A `kept` image was restored, changed or deleted by another user in the meantime.
    """

    image: Image
    error: str = ""
    kept: bool = False


def end(
    request: Any, now: datetime, domain_ids: Sequence[str] = (), dry_run: bool = False
) -> Iterator[Ended]:
    """Delete image by image. The caller is an admin; all domains without `domain_ids`.

    Raise ImageServiceError if the images cannot be listed further, and SessionEnded: the
    results yielded before are valid.
    """
    owners = _owners(request, domain_ids) if domain_ids else None
    for image in image_pages.hidden_images(request, _PARAMETERS):
        if is_due(image, now) and (owners is None or image.owner in owners):
            yield Ended(image) if dry_run else _ended(request, image, now)


def _owners(request: Any, domain_ids: Sequence[str]) -> set[str]:
    return {
        project.id
        for domain_id in domain_ids
        for project in projects.projects_now(request, domain_id)
    }


def _ended(request: Any, image: Image, now: datetime) -> Ended:
    ended = Ended(image)
    try:
        delete_when_due(request, image, now)
    except (NotDeleted, exceptions.ImageNotFound):
        return replace(ended, kept=True)
    except exceptions.ImageServiceError as error:
        return replace(ended, error=str(error))
    return ended
