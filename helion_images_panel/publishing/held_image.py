# SPDX-License-Identifier: Apache-2.0
"""An image that nobody else publishes or takes back meanwhile: the one way to change its note.

The note is one property, which is replaced as a whole. Two who read it, and
each write what they make of it, lose what one of them has noted; and what was
given to a project without a note stays with it for good.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from helion_images_panel.api import images, lock
from helion_images_panel.api.client import Request
from helion_images_panel.core.image import Image
from helion_images_panel.core.publication import (
    PROPERTY,
    Publication,
    RecordedImage,
    publication_of,
    with_record,
)
from helion_images_panel.publishing.refusals import (
    BeingPublished,
    OwnerChanged,
    PublishedToDomain,
    Unpublished,
)

#: Seconds for which a short change waits for a step that is under way: most take no longer.
SHORT_WAIT_S = 2.0


class HeldImage:
    """The image and its note, as they were read or written last."""

    def __init__(self, request: Request, now: RecordedImage, held: lock.Lock):
        self.request = request
        self.now = now
        self._held = held

    def change_visibility(self, visibility: str, further: Mapping[str, Any] | None = None) -> None:
        """Gives it the visibility, and notes or forgets what it was before.

        :param further: other changes of the image, to be made with this one or not at all
        """
        self.check_visibility(visibility)
        self.write(visibility, self.now.publication_at(visibility), further)

    def check_visibility(self, visibility: str) -> None:
        """Raises PublishedToDomain where what the domain was given would be forgotten with it."""
        if visibility != "public" and self.now.domain_id and self.now.image.visibility != "private":
            raise PublishedToDomain()

    def change_note(self, change: Callable[[Publication], Publication]) -> None:
        """Changes what is noted now: where the lock did not reach, that may have become more."""
        self.now = with_record(images.image_get(self.request, self.now.image.id))
        if self.now.publication is None:
            raise Unpublished()
        self.write(self.now.image.visibility, change(self.now.publication))

    def keep_by_hand(self, project_ids: Collection[str]) -> None:
        """A person shares it with projects that publishing gave it: Unpublish leaves it to them."""
        given = self.now.publication.given if self.now.publication else ()
        if not set(given).isdisjoint(project_ids):
            self.change_note(lambda publication: publication.without(project_ids))

    def restore(self, before: Image) -> None:
        """Gives back visibility and note; members that were back with them are out again."""
        changes: dict[str, Any] = {"visibility": before.visibility}
        if before.properties.get(PROPERTY) != self.now.image.properties.get(PROPERTY):
            changes[PROPERTY] = before.properties.get(PROPERTY)
        self._update(changes)

    def write(
        self,
        visibility: str,
        publication: Publication | None,
        further: Mapping[str, Any] | None = None,
    ) -> None:
        """Both in one request, as far as they differ. Raises BeingPublished without the lock."""
        changes = {**(further or {}), **self.now.changes(visibility, publication)}
        if changes:
            self._update(changes)

    def _update(self, changes: Mapping[str, Any]) -> None:
        if not self._held.renew():
            raise BeingPublished()
        self.now = with_record(images.image_update(self.request, self.now.image.id, changes))


@contextmanager
def hold(request: Request, image: Image, waits: bool = True) -> Iterator[HeldImage]:
    """Reads the image anew, and keeps everybody else from publishing it.

    Raises BeingPublished where somebody is at it; OwnerChanged, and Unpublished
    where what was noted of the image is gone, since it was seen.

    :param image: as it was seen
    :param waits: whether who is at it is given a moment to end
    """
    try:
        wait_s = SHORT_WAIT_S if waits else 0
        with lock.held(f"helion_images.publishing.{image.id}", wait_s) as held:
            now = with_record(images.image_get(request, image.id))
            if now.image.owner != image.owner:
                raise OwnerChanged()
            if now.publication is None and publication_of(image) is not None:
                raise Unpublished()
            yield HeldImage(request, now, held)
    except lock.LockHeld as error:
        raise BeingPublished() from error
