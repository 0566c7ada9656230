# SPDX-License-Identifier: Apache-2.0
"""The audience to which an image was published, and the state to restore when it is unpublished.

Glance does not store the visibility that an image had before it became public, and
knows no domains. Setting it to private afterwards could remove the access of members;
setting it to shared could restore former members. The plugin therefore records the
previous state in a property of the image.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from helion_images_panel.core.image import VISIBILITIES, Image
from helion_images_panel.core.signed_properties import signed_parts, signed_property

#: "<image ID> <audience> <previous visibility> <domain ID or -> <IDs of projects given>
#: <IDs of projects answered for> <IDs of projects revived>:<signature>"
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


@dataclass(frozen=True)
class Publication:
    """The recorded publication of an image; `before` is the visibility to restore.

    `given` are the projects that publishing has made members, or was about to:
    Unpublish removes these, and no member that a user added. `answered` are members
    that users added and for which publishing has accepted. `revived` are members from
    an earlier time of sharing that became active again when a private image was
    published; Unpublish ends that.
    """

    audience: str
    before: str
    domain_id: str = ""
    given: tuple[str, ...] = ()
    answered: tuple[str, ...] = ()
    revived: tuple[str, ...] = ()

    @property
    def has_given(self) -> bool:
        """Whether publishing has changed any member."""
        return bool(self.given or self.answered)

    def with_given(self, given: Iterable[str], answered: Iterable[str]) -> Publication:
        """Add projects to `given` and `answered`."""
        return replace(
            self,
            given=tuple(dict.fromkeys((*self.given, *given))),
            answered=tuple(dict.fromkeys((*self.answered, *answered))),
        )

    def without(self, project_ids: Collection[str]) -> Publication:
        """Remove projects from `given` and `answered`: they were removed, or are now managed
        by users.
        """
        return replace(
            self,
            given=tuple(id_ for id_ in self.given if id_ not in project_ids),
            answered=tuple(id_ for id_ in self.answered if id_ not in project_ids),
        )


def audience_of(visibility: str) -> str | None:
    """Audience that the visibility alone reaches; None if it is none of `VISIBILITY_FOR`."""
    return next((name for name, value in VISIBILITY_FOR.items() if value == visibility), None)


def publication_of(image: Image) -> Publication | None:
    """Publication recorded on the image; None without a record that this dashboard signed."""
    parts = signed_parts(image, PROPERTY, SALT, 6)
    if not parts or parts[0] not in (CLOUD, DOMAIN, COMMUNITY) or parts[1] not in VISIBILITIES:
        return None
    audience, before, domain_id, *project_ids = parts
    return Publication(
        audience,
        before,
        "" if domain_id == _NONE else domain_id,
        *(tuple(filter(None, ids.split(","))) for ids in project_ids),
    )


def publication_property(image_id: str, publication: Publication) -> Mapping[str, str]:
    return signed_property(
        PROPERTY,
        SALT,
        image_id,
        publication.audience,
        publication.before,
        publication.domain_id or _NONE,
        *(",".join(ids) for ids in (publication.given, publication.answered, publication.revived)),
    )


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
