# SPDX-License-Identifier: Apache-2.0
"""An image under a lock, the only way to change its recorded publication.

The record is one property, which is replaced as a whole. If two processes read it and
each write their change, one change is lost; and a project that was added without being
recorded keeps the image for good.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from helion_images_panel.api import cache, client, images, lock
from helion_images_panel.api.client import Request
from helion_images_panel.core.deletion import is_deleted
from helion_images_panel.core.image import Image
from helion_images_panel.core.planned_publication import PLANNED_PROPERTY
from helion_images_panel.core.publication import (
    PROPERTY,
    Publication,
    RecordedImage,
    publication_of,
    with_record,
)
from helion_images_panel.publishing.after_comparison import give_up
from helion_images_panel.publishing.refusals import (
    BeingPublished,
    Deleted,
    NoLock,
    OwnerChanged,
    PublishedToDomain,
    Unpublished,
)

#: Maximum seconds for which a short change waits for a running step: most steps take no
#: longer.
SHORT_WAIT_S = 2.0


class HeldImage:
    """The image and its recorded publication, as they were last read or written."""

    def __init__(self, request: Request, current: RecordedImage, held_lock: lock.Lock):
        self.request = request
        self.current = current
        self._lock = held_lock

    def change_visibility(self, visibility: str, further: Mapping[str, Any] | None = None) -> None:
        """Set the visibility, and record or delete the previous state.

        :param further: other changes of the image, in the same request
        """
        self.check_visibility(visibility)
        self.write(visibility, self.current.publication_at(visibility), further)

    def check_visibility(self, visibility: str) -> None:
        """Raise PublishedToDomain if the change would delete the record of members that
        publishing added.
        """
        if (
            visibility != "public"
            and self.current.domain_id
            and self.current.image.visibility != "private"
        ):
            raise PublishedToDomain()

    def change_publication(self, change: Callable[[Publication], Publication]) -> None:
        """Change the record as it is now: without a cache that all processes share, another
        process may have extended it.
        """
        self.current = with_record(images.image_get(self.request, self.current.image.id))
        if self.current.publication is None:
            raise Unpublished()
        self.write(self.current.image.visibility, change(self.current.publication))

    def keep_manual_members(self, project_ids: Collection[str]) -> None:
        """Remove projects from the record that a user shares the image with: Unpublish will
        not remove them.
        """
        given = self.current.publication.given if self.current.publication else ()
        if not set(given).isdisjoint(project_ids):
            self.change_publication(lambda publication: publication.without(project_ids))

    def restore(self, before: Image) -> None:
        """Restore visibility and record; former members that became active with the change are
        inactive again. Also without the cache: the image would stay open otherwise.
        """
        changes: dict[str, Any] = {"visibility": before.visibility}
        if before.properties.get(PROPERTY) != self.current.image.properties.get(PROPERTY):
            changes[PROPERTY] = before.properties.get(PROPERTY)
        self._update(changes, needs_cache=False)

    def write(
        self,
        visibility: str,
        publication: Publication | None,
        further: Mapping[str, Any] | None = None,
    ) -> None:
        """Write visibility and record in one request, if they differ. Raise BeingPublished or
        NoLock without the lock.

        A planned audience is removed with the first change of the audience, and with no other.
        """
        changes = {**(further or {}), **self.current.changes(visibility, publication)}
        decides = not changes.keys().isdisjoint(("visibility", PROPERTY))
        if decides and PLANNED_PROPERTY in self.current.image.properties:
            changes[PLANNED_PROPERTY] = None
            give_up(self.request, self.current.image.id)
        if changes:
            self._update(changes)

    def renew(self, needs_cache: bool = True) -> None:
        """Renew the lock before a write. Raise BeingPublished or NoLock without the lock."""
        try:
            if not self._lock.renew():
                raise BeingPublished()
        except cache.CacheUnavailable as error:
            if needs_cache:
                raise NoLock() from error

    def _update(self, changes: Mapping[str, Any], needs_cache: bool = True) -> None:
        self.renew(needs_cache)
        self.current = with_record(
            images.image_update(self.request, self.current.image.id, changes)
        )


@contextmanager
def hold(request: Request, image: Image, waits: bool = True) -> Iterator[HeldImage]:
    """Acquire the lock of the image, and read the image again.

    Raise BeingPublished if another process has the lock, and NoLock without a cache;
    OwnerChanged, Deleted, and Unpublished if the record was deleted, since the image was read.

    :param image: as the user saw it
    :param waits: whether to wait SHORT_WAIT_S for the lock
    """
    key = client.image_cache_key(request, "publishing", image.id)
    try:
        with lock.held(key, SHORT_WAIT_S if waits else 0) as held_lock:
            current = with_record(images.image_get(request, image.id))
            if current.image.owner != image.owner:
                raise OwnerChanged()
            if is_deleted(current.image):
                raise Deleted()
            if current.publication is None and publication_of(image) is not None:
                raise Unpublished()
            yield HeldImage(request, current, held_lock)
    except lock.LockHeld as error:
        raise BeingPublished() from error
    except cache.CacheUnavailable as error:
        raise NoLock() from error
