# SPDX-License-Identifier: Apache-2.0
"""The audience to which an image was published, and the state to restore when it is unpublished.

Glance does not store the visibility that an image had before it became public, and
knows no domains. Setting it to private afterwards could remove the access of members;
setting it to shared could restore former members. The plugin therefore records the
previous state in a property of the image.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from helion_images_panel.core.image import VISIBILITIES, Image, Member
from helion_images_panel.core.signed_properties import signed_parts, signed_property

#: "<image ID> <audience> <previous visibility> <domain ID or -> <IDs of projects given>
#: <IDs of projects answered for> <IDs of projects revived>:<signature>", with
#: " <project ID>@<time of last change>,…" before the signature while projects are removed
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

#: Begins a list of IDs that is packed, which no ID does.
_PACKED = "~"
_PACKABLE = re.compile(r"[0-9a-f]{32}")
_PACKED_ID_BYTES = 16


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
    sharing when a member is removed and added again.
    """

    audience: str
    before: str
    domain_id: str = ""
    given: tuple[str, ...] = ()
    answered: tuple[str, ...] = ()
    revived: tuple[str, ...] = ()
    removing: tuple[tuple[str, str], ...] = ()

    @property
    def has_given(self) -> bool:
        """Whether publishing has changed any member."""
        return bool(self.given or self.answered)

    def given_among(self, members: Iterable[Member]) -> tuple[str, ...]:
        """Return `given` without projects that were removed, though an interrupted step did not
        record that; a user may have shared the image with them again.
        """
        changed_at = {member.project_id: member.updated_at or "" for member in members}
        removed = {id_ for id_, time in self.removing if changed_at.get(id_) != time}
        return tuple(id_ for id_ in self.given if id_ not in removed)

    def with_given(
        self,
        given: Iterable[str],
        answered: Iterable[str],
        removing: Iterable[tuple[str, str]] = (),
    ) -> Publication:
        """Add projects to `given`, `answered` and `removing`."""
        added = tuple(given)
        kept = [(id_, time) for id_, time in self.removing if id_ not in added]
        return replace(
            self,
            given=tuple(dict.fromkeys((*self.given, *added))),
            answered=tuple(dict.fromkeys((*self.answered, *answered))),
            removing=tuple(dict((*kept, *removing)).items()),
        )

    def without(self, project_ids: Collection[str]) -> Publication:
        """Remove projects from `given`, `answered` and `removing`: they were removed, or are
        now managed by users.
        """
        return replace(
            self,
            given=tuple(id_ for id_ in self.given if id_ not in project_ids),
            answered=tuple(id_ for id_ in self.answered if id_ not in project_ids),
            removing=tuple(pair for pair in self.removing if pair[0] not in project_ids),
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
    pairs = (item.partition("@") for item in filter(None, removing.split(",")))
    return Publication(
        audience,
        before,
        "" if domain_id == _NONE else domain_id,
        _unpacked(given),
        _unpacked(answered),
        _unpacked(revived),
        tuple((project_id, time) for project_id, _at, time in pairs),
    )


def publication_property(image_id: str, publication: Publication) -> Mapping[str, str]:
    """Build the property, with packed IDs if it would otherwise be too long.

    Dashboards of earlier versions cannot read packed IDs.
    """
    written = _written(image_id, publication, ",".join)
    if _size_bytes(written) > MAX_RECORD_BYTES:
        return _written(image_id, publication, _packed)
    return written


def is_recordable(image_id: str, publication: Publication) -> bool:
    """Whether Glance can store the property, also while some of the projects are removed."""
    size_bytes = _size_bytes(_written(image_id, publication, _packed))
    return size_bytes + _REMOVING_BYTES <= MAX_RECORD_BYTES


def _written(
    image_id: str, publication: Publication, join: Callable[[tuple[str, ...]], str]
) -> Mapping[str, str]:
    lists = (publication.given, publication.answered, publication.revived)
    given, answered, revived = map(join, lists)
    removing = ",".join(f"{id_}@{time}" for id_, time in publication.removing)
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


def _packed(project_ids: tuple[str, ...]) -> str:
    """Write Keystone's own IDs as one text of two thirds of their length, before others."""
    packable = [id_ for id_ in project_ids if _PACKABLE.fullmatch(id_)]
    others = [id_ for id_ in project_ids if not _PACKABLE.fullmatch(id_)]
    packed = base64.urlsafe_b64encode(bytes.fromhex("".join(packable))).decode()
    return ",".join([_PACKED + packed, *others])


def _unpacked(text: str) -> tuple[str, ...]:
    first, *others = text.split(",")
    if not first.startswith(_PACKED):
        return tuple(filter(None, (first, *others)))
    packed = base64.urlsafe_b64decode(first.removeprefix(_PACKED))
    starts = range(0, len(packed), _PACKED_ID_BYTES)
    return (*(packed[start : start + _PACKED_ID_BYTES].hex() for start in starts), *others)


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
