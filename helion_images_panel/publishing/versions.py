# SPDX-License-Identifier: Apache-2.0
"""Make a version of an image the latest one of its family, or an earlier one again.

The new version gets the audience of the previous one, then its name, and only then the
previous one is renamed: at each moment an image has the plain name, and everybody who had the
previous version has it still. The change is recorded on the new version before it begins
(`core.version_swap`), so if it breaks off anywhere, running it again finishes it, or undoes it
if the images have changed so that it cannot be finished. The locks of both are those of
publishing, and are acquired in the order of their IDs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any

from helion_images_panel.api import images
from helion_images_panel.api.client import Request
from helion_images_panel.core.deletion import is_deleted
from helion_images_panel.core.end_rule import remembered_rule
from helion_images_panel.core.family import LATEST, family_of
from helion_images_panel.core.image import Image
from helion_images_panel.core.version_changes import (
    changes_of_new,
    changes_of_old,
    changes_to_undo,
)
from helion_images_panel.core.version_swap import (
    Ends,
    Journal,
    current_latest,
    journal_of,
    record_with,
    role_of,
    unfinished,
)
from helion_images_panel.exceptions import ImageNotFound
from helion_images_panel.publishing.execution import AcceptingRequests
from helion_images_panel.publishing.held_image import HeldImage, hold
from helion_images_panel.publishing.version_audience import Audience, DomainOf
from helion_images_panel.publishing.version_refusals import (
    FamilyChanged,
    NotUsable,
    NoVersion,
    RuleChanged,
    Unfinished,
    state_refusal,
)

#: How it ended: the version is the latest; it was that already; all is as before.
FINISHED, UNCHANGED, UNDONE = "finished", "unchanged", "undone"


@dataclass(frozen=True)
class Swapped:
    """The end of a change.

    :ivar new: as it is now, as is `old`, which is None without a previous version
    :ivar was_begun: whether the change had broken off before, and was taken up again
    :ivar reason: why it was undone, unless the user has requested that
    """

    state: str
    new: Image
    old: Image | None = None
    was_begun: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Swap:
    """The images of one change, as they were last read or written."""

    new: HeldImage
    old: HeldImage | None
    audience: Audience

    def write(self, journal: Journal, role: str | None = None) -> Journal:
        """Write the journal with the role that the new version has, or with another one."""
        image = self.new.current.image
        _write(self.new, record_with(image, role or role_of(image), journal))
        return journal

    def finish(self, journal: Journal) -> None:
        if self.old is not None and role_of(self.old.current.image) == LATEST:
            journal = self.audience.follow(self.old.current, journal, self.write)
        image = self.new.current.image
        changes = changes_of_new(image, self.old.current.image if self.old else None, journal)
        if role_of(image) != LATEST or len(changes) > len(record_with(image, LATEST)):
            _write(self.new, changes)
        if self.old is not None and role_of(self.old.current.image) == LATEST:
            _write(self.old, changes_of_old(self.old.current.image, image.id, journal))
        _write(self.new, record_with(self.new.current.image, LATEST))

    def undo(self, journal: Journal) -> None:
        _write(self.new, changes_to_undo(self.new.current.image, journal))
        self.audience.restore(journal)
        _write(self.new, record_with(self.new.current.image, journal.role))


def make_latest(
    request: Request,
    new: Image,
    versions: Sequence[Image],
    accepting_requests: AcceptingRequests,
    domain_of: DomainOf,
    hides: bool = False,
    undoes: bool = False,
    ends: Ends = Ends(),  # noqa: B008 - it cannot be changed
) -> Swapped:
    """Make the version the latest one of its family; take up a change that has broken off.

    Raise NotUsable and others of `version_refusals` before anything is changed; MembersMissing
    and Glance's errors with the change broken off.

    :param versions: of the family, the latest first, as they were just read
    :param hides: whether the previous version is hidden
    :param undoes: whether a change that has broken off is to be undone, if that is still
        possible
    :param ends: what becomes of the previous version
    """
    begun = journal_of(new)
    other = unfinished(image for image in versions if image.id != new.id)
    if other is not None and begun is None:
        raise Unfinished(other)
    with _held(request, new, _previous(request, new, versions)) as (held_new, held_old):
        audience = Audience(held_new, accepting_requests, domain_of)
        swap = Swap(held_new, held_old, audience)
        return _swapped(swap, begun, family_of(new), hides, undoes, ends)


def _swapped(
    swap: Swap, begun: Journal | None, family: str, hides: bool, undoes: bool, ends: Ends
) -> Swapped:
    image = swap.new.current.image
    old = swap.old.current.image if swap.old else None
    if not family or family_of(image) != family:
        raise NoVersion()
    journal = journal_of(image)
    if (journal.old if journal else "") != (begun.old if begun else ""):
        raise FamilyChanged()
    if journal is None and undoes:
        return Swapped(UNDONE, image)
    if journal is None:
        if role_of(image) == LATEST and old is None:
            return Swapped(UNCHANGED, image)
        if refusal := state_refusal(image, role_of(image)):
            raise NotUsable(refusal)
        if old is not None and (family_of(old) != family or role_of(old) != LATEST):
            raise FamilyChanged()
        if old is not None and journal_of(old):
            raise Unfinished(old)
        ends = _with_rule_of(old, ends)
        journal = Journal.of(image, old, hides, swap.new.current.publication is not None, ends)
        swap.write(journal)
    else:
        reason = _obstacle(image, old, family, journal)
        is_over = role_of(image) == LATEST and (old is None or role_of(old) != LATEST)
        if (journal.undoes or undoes or reason) and not is_over:
            swap.undo(journal)
            return _result(UNDONE, swap, True, "" if undoes else reason)
    swap.finish(journal)
    return _result(FINISHED, swap, begun is not None)


def _with_rule_of(old: Image | None, ends: Ends) -> Ends:
    """Return the ends with the rule that is written next. Raise RuleChanged if the previous
    version, as it is under the lock, has another one than the user saw.
    """
    rule = remembered_rule(old).written
    if ends.seen is not None and rule != ends.seen:
        raise RuleChanged()
    return replace(ends, remembered=rule) if ends.remembered is None else ends


def _obstacle(image: Image, old: Image | None, family: str, journal: Journal) -> str:
    """Return why a change that has broken off cannot be finished; empty if it can."""
    if refusal := state_refusal(image, journal.role):
        return refusal
    is_named = role_of(image) == LATEST
    if old is not None and not is_named and (family_of(old) != family or role_of(old) != LATEST):
        return str(FamilyChanged())
    return ""


def _result(state: str, swap: Swap, was_begun: bool, reason: str = "") -> Swapped:
    old = swap.old.current.image if swap.old else None
    return Swapped(state, swap.new.current.image, old, was_begun, reason)


def _previous(request: Request, new: Image, versions: Sequence[Image]) -> Image | None:
    """Return the version that is replaced; None without one, or if it was deleted since."""
    journal = journal_of(new)
    if journal is None:
        return current_latest(versions, new)
    if not journal.old:
        return None
    try:
        old = images.image_get(request, journal.old)
    except ImageNotFound:
        return None
    return None if is_deleted(old) or old.owner != new.owner else old


def _write(held: HeldImage, changes: Mapping[str, Any]) -> None:
    current = held.current
    held.write(current.image.visibility, current.publication, changes)


@contextmanager
def _held(
    request: Request, new: Image, old: Image | None
) -> Iterator[tuple[HeldImage, HeldImage | None]]:
    """Hold both images, in the order of their IDs: two changes cannot wait for each other."""
    held: dict[str, HeldImage] = {}
    with ExitStack() as stack:
        for image in sorted((each for each in (new, old) if each), key=lambda each: each.id):
            held[image.id] = stack.enter_context(hold(request, image))
        yield held[new.id], held[old.id] if old else None
