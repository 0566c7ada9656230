# SPDX-License-Identifier: Apache-2.0
"""The audience to which an image was published, and the state to restore when it is unpublished.

Glance does not store the visibility that an image had before it became public, and
knows no domains. Setting it to private afterwards could remove the access of members;
setting it to shared could restore former members. The plugin therefore records the
previous state in a property of the image.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from helion_images_panel.core.image import VISIBILITIES, Image, Member
from helion_images_panel.core.packed_ids import packed, unpacked
from helion_images_panel.core.signed_properties import signed_parts, signed_property
from helion_images_panel.core.step_time import is_of_step

#: "<image ID> <audience> <previous visibility> <domain ID or -> <IDs of projects given>
#: <IDs of projects answered for> <IDs of projects revived>:<signature>", with
#: " <project ID>@<time of last change>,…" before the signature while projects are removed,
#: and "+<project ID>+<project ID>…@<time>" there while projects are added
PROPERTY = "helion_images_published"
SALT = "publication"

#: Audiences: the owner and the projects that users shared the image with, which is the
#: unpublished state; every project of one domain; every project of the cloud; every
#: project of the cloud that knows the image, though no list shows it.
OWN = "own"
DOMAIN = "domain"
CLOUD = "cloud"
COMMUNITY = "community"

#: Audiences that a visibility reaches without members.
VISIBILITY_FOR = {CLOUD: "public", COMMUNITY: "community"}

_NONE = "-"

#: Largest value that Glance stores in a column of MySQL's type TEXT.
MAX_RECORD_BYTES = 65_535

#: Bytes for the projects of one step that are noted while they are removed.
_REMOVING_BYTES = 2048

#: Begins the IDs of `unconfirmed`, and stands between them; no ID has it.
_UNCONFIRMED = "+"


@dataclass(frozen=True)
class Publication:
    """The recorded publication of an image; `before` is the visibility to restore.

    `given` are the projects that publishing has made members, or was about to:
    Unpublish removes these, and no member that a user added. `answered` are members
    that users added and for which publishing has accepted. `revived` are members from
    an earlier time of sharing that became active again when a private image was
    published; Unpublish ends that. `removing` are projects that are just being removed,
    each with the time of the member's last change: if the step is interrupted, a member
    with another time has been added by a user since. Glance keeps the time of the first
    sharing when a member is removed and added again. `unconfirmed` are those of `given`
    and `answered` that a step has recorded at the time `recorded_at`, in advance: if it is
    interrupted, a member that was changed later is a user's.
    """

    audience: str
    before: str
    domain_id: str = ""
    given: tuple[str, ...] = ()
    answered: tuple[str, ...] = ()
    revived: tuple[str, ...] = ()
    removing: tuple[tuple[str, str], ...] = ()
    unconfirmed: tuple[str, ...] = ()
    recorded_at: str = ""

    @property
    def has_given(self) -> bool:
        """Whether publishing has changed any member."""
        return bool(self.given or self.answered)

    def given_among(self, members: Iterable[Member]) -> tuple[str, ...]:
        """Return `given` without projects that were removed, or not added yet, when a step was
        interrupted; a user may have shared the image with them since.
        """
        by_project = {member.project_id: member for member in members}
        changed_at = {id_: member.updated_at or "" for id_, member in by_project.items()}
        removed = {id_ for id_, time in self.removing if changed_at.get(id_) != time}
        of_users = {
            id_
            for id_ in self.unconfirmed
            if id_ in by_project and not self._has_made(by_project[id_])
        }
        return tuple(id_ for id_ in self.given if id_ not in removed | of_users)

    def _has_made(self, member: Member) -> bool:
        """Whether the interrupted step has made an unconfirmed member, which may have answered
        since.
        """
        return is_of_step(self.recorded_at, member.created_at, member.updated_at)

    def answered_among(self, members: Iterable[Member]) -> tuple[str, ...]:
        """Return `answered` without projects that have accepted after a step was interrupted."""
        of_users = {
            member.project_id
            for member in members
            if member.project_id in self.unconfirmed
            and not is_of_step(self.recorded_at, member.updated_at)
        }
        return tuple(id_ for id_ in self.answered if id_ not in of_users)

    def with_given(
        self,
        given: Iterable[str],
        answered: Iterable[str],
        removing: Iterable[tuple[str, str]] = (),
        recorded_at: str = "",
    ) -> Publication:
        """Add projects to `given`, `answered` and `removing`, unconfirmed if a time is named."""
        added, accepted = tuple(given), tuple(answered)
        kept = [(id_, time) for id_, time in self.removing if id_ not in added]
        return replace(
            self,
            given=tuple(dict.fromkeys((*self.given, *added))),
            answered=tuple(dict.fromkeys((*self.answered, *accepted))),
            removing=tuple(dict((*kept, *removing)).items()),
            unconfirmed=(*added, *accepted) if recorded_at else self.unconfirmed,
            recorded_at=recorded_at or self.recorded_at,
        )

    def after_failures(self, members: Collection[tuple[str, str]]) -> Publication:
        """Remove members, with their times, from `removing` whose removal has failed: they are
        as they were. The record of a run in which all fail would become too long for Glance.
        """
        return replace(self, removing=tuple(pair for pair in self.removing if pair not in members))

    @property
    def confirmed(self) -> Publication:
        """The same after what was recorded in advance has been done, or removed."""
        return replace(self, unconfirmed=(), recorded_at="")

    def without(self, project_ids: Collection[str]) -> Publication:
        """Remove projects from all lists but `revived`: they were removed, or are now managed by
        users.
        """
        unconfirmed = tuple(id_ for id_ in self.unconfirmed if id_ not in project_ids)
        return replace(
            self,
            given=tuple(id_ for id_ in self.given if id_ not in project_ids),
            answered=tuple(id_ for id_ in self.answered if id_ not in project_ids),
            removing=tuple(pair for pair in self.removing if pair[0] not in project_ids),
            unconfirmed=unconfirmed,
            recorded_at=self.recorded_at if unconfirmed else "",
        )


def audience_of(visibility: str) -> str | None:
    """Audience that the visibility alone reaches; None if it is none of `VISIBILITY_FOR`."""
    return next((name for name, value in VISIBILITY_FOR.items() if value == visibility), None)


def publication_of(image: Image) -> Publication | None:
    """Publication recorded on the image; None without a record that this dashboard signed."""
    parts = signed_parts(image, PROPERTY, SALT, 6)
    if not parts or parts[0] not in (CLOUD, DOMAIN, COMMUNITY) or parts[1] not in VISIBILITIES:
        return None
    audience, before, domain_id, given, answered, last = parts
    revived, _blank, removing = last.partition(" ")
    pairs = [item.partition("@") for item in filter(None, removing.split(","))]
    unconfirmed, recorded_at = next(
        ((ids, time) for ids, _at, time in pairs if ids.startswith(_UNCONFIRMED)), ("", "")
    )
    return Publication(
        audience,
        before,
        "" if domain_id == _NONE else domain_id,
        unpacked(given),
        unpacked(answered),
        unpacked(revived),
        tuple((id_, time) for id_, _at, time in pairs if not id_.startswith(_UNCONFIRMED)),
        tuple(filter(None, unconfirmed.split(_UNCONFIRMED))),
        recorded_at,
    )


def publication_property(image_id: str, publication: Publication) -> Mapping[str, str]:
    """Build the property, with packed IDs if it would otherwise be too long.

    Dashboards of earlier versions cannot read packed IDs.
    """
    written = _written(image_id, publication, ",".join)
    if _size_bytes(written) > MAX_RECORD_BYTES:
        return _written(image_id, publication, packed)
    return written


def is_recordable(image_id: str, publication: Publication) -> bool:
    """Whether Glance can store the property, also while some of the projects are removed."""
    size_bytes = _size_bytes(_written(image_id, publication, packed))
    return size_bytes + _REMOVING_BYTES <= MAX_RECORD_BYTES


def _written(
    image_id: str, publication: Publication, join: Callable[[tuple[str, ...]], str]
) -> Mapping[str, str]:
    lists = (publication.given, publication.answered, publication.revived)
    given, answered, revived = map(join, lists)
    pairs = list(publication.removing)
    if publication.unconfirmed:
        # A pair like the others, for dashboards of earlier versions.
        unconfirmed = "".join(f"{_UNCONFIRMED}{id_}" for id_ in publication.unconfirmed)
        pairs.append((unconfirmed, publication.recorded_at))
    removing = ",".join(f"{id_}@{time}" for id_, time in pairs)
    return signed_property(
        PROPERTY,
        SALT,
        image_id,
        publication.audience,
        publication.before,
        publication.domain_id or _NONE,
        given,
        answered,
        f"{revived} {removing}" if removing else revived,
    )


def _size_bytes(written: Mapping[str, str]) -> int:
    return len(written[PROPERTY].encode())


@dataclass(frozen=True)
class RecordedImage:
    """An image and its recorded publication, parsed once."""

    image: Image
    publication: Publication | None

    @property
    def is_published(self) -> bool:
        """Whether there is anything to unpublish."""
        return bool(self.publication or audience_of(self.image.visibility))

    @property
    def domain_id(self) -> str:
        return self.publication.domain_id if self.publication else ""

    @property
    def visibility_before(self) -> str:
        """Visibility to restore when the image stops being public or a community image.

        "private" if it is unknown.
        """
        before = self.publication.before if self.publication else "private"
        return before if before != "public" else "private"

    def publication_at(self, visibility: str) -> Publication | None:
        """Publication to record once the image has this visibility."""
        now, audience = self.image.visibility, audience_of(visibility)
        if visibility == now:
            return self.publication
        if audience and self.publication and self.publication.domain_id:
            # The members of the domain still have to be removed by Unpublish.
            return replace(self.publication, audience=audience)
        if audience and now in _narrower(visibility):
            return Publication(audience, now)
        return None

    def changes(self, visibility: str, publication: Publication | None) -> dict[str, Any]:
        """Changes of the image that store the visibility and the publication; an unsigned
        record is removed.
        """
        if (visibility, publication) == (self.image.visibility, self.publication):
            return {}
        changes: dict[str, Any] = {}
        if visibility != self.image.visibility:
            changes["visibility"] = visibility
        if publication is None:
            changes.update({PROPERTY: None} if PROPERTY in self.image.properties else {})
        elif publication != self.publication:
            changes.update(publication_property(self.image.id, publication))
        return changes


def with_record(image: Image) -> RecordedImage:
    """Parse the recorded publication of the image."""
    return RecordedImage(image, publication_of(image))


def unpublished_visibility(image: Image) -> str:
    return with_record(image).visibility_before


def _narrower(visibility: str) -> tuple[str, ...]:
    """Visibilities with a smaller audience, one of which the image may have had before."""
    return VISIBILITIES[VISIBILITIES.index(visibility) + 1 :]
