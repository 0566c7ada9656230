# SPDX-License-Identifier: Apache-2.0
"""To whom an image was published, and what that takes to be taken back.

Glance forgets what an image's visibility was before it became public, and
knows no domains at all. To call the image private afterwards could lock its
members out; to call it shared could bring back members of long ago. So the
image remembers, in a property of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from helion_images_panel.core.image import VISIBILITIES, Image
from helion_images_panel.core.signed_properties import signed_parts, signed_property

#: "<image ID> <audience> <visibility before> <domain ID or -> <IDs of projects given>
#: <IDs of projects answered for> <IDs of projects revived>:<signature>"
PROPERTY = "helion_images_published"
SALT = "publication"

#: Audiences: its own project, and whom a person has shared the image with,
#: which is what it comes back to; every project of one domain; everyone on the
#: cloud; everyone on the cloud who knows the image, though no list shows it.
OWN = "own"
DOMAIN = "domain"
CLOUD = "cloud"
COMMUNITY = "community"

#: The visibility that gives an image to this audience by itself.
VISIBILITY_FOR = {CLOUD: "public", COMMUNITY: "community"}

_NONE = "-"


@dataclass(frozen=True)
class Publication:
    """`before` is the visibility to come back to.

    `given` are the projects that publishing has made members, or was about to:
    Unpublish takes the image from these, and from no member that a person added.
    `answered` are such members, for whom publishing has accepted.
    `revived` are members of a time when the image was shared before: publishing
    a private image has brought them back, and Unpublish ends that.
    """

    audience: str
    before: str
    domain_id: str = ""
    given: tuple[str, ...] = ()
    answered: tuple[str, ...] = ()
    revived: tuple[str, ...] = ()

    @property
    def has_given(self) -> bool:
        """Whether there is something of it at some project's."""
        return bool(self.given or self.answered)

    def with_given(self, given: Iterable[str], answered: Iterable[str]) -> Publication:
        return replace(
            self,
            given=tuple(dict.fromkeys((*self.given, *given))),
            answered=tuple(dict.fromkeys((*self.answered, *answered))),
        )

    def without(self, project_ids: Collection[str]) -> Publication:
        """What was given to them, or answered for them, is theirs, or gone."""
        return replace(
            self,
            given=tuple(id_ for id_ in self.given if id_ not in project_ids),
            answered=tuple(id_ for id_ in self.answered if id_ not in project_ids),
        )


def audience_of(visibility: str) -> str | None:
    """Whom the visibility itself gives the image to; None where that is nobody."""
    return next((who for who, given in VISIBILITY_FOR.items() if given == visibility), None)


def publication_of(image: Image) -> Publication | None:
    """What is noted of this image; None where nothing is, or by nobody who may."""
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
class NotedImage:
    """An image, and what is noted of it: read once, for whoever decides or writes."""

    image: Image
    publication: Publication | None

    @property
    def is_published(self) -> bool:
        """Whether there is something to be taken back."""
        return bool(self.publication or audience_of(self.image.visibility))

    @property
    def domain_id(self) -> str:
        return self.publication.domain_id if self.publication else ""

    @property
    def visibility_before(self) -> str:
        """What the end of being public, or of community use, returns the image to.

        That is its own project where nothing is known.
        """
        before = self.publication.before if self.publication else "private"
        return before if before != "public" else "private"

    def publication_at(self, visibility: str) -> Publication | None:
        """What is to be noted of the image once it has this visibility."""
        now, audience = self.image.visibility, audience_of(visibility)
        if visibility == now:
            return self.publication
        if audience and self.publication and self.publication.domain_id:
            # What the domain was given stays to be taken back.
            return replace(self.publication, audience=audience)
        if audience and now in _narrower(visibility):
            return Publication(audience, now)
        return None

    def changes(self, visibility: str, publication: Publication | None) -> dict[str, Any]:
        """What differs from the image, as changes of it; of a note that nobody signed, its end."""
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


def noted(image: Image) -> NotedImage:
    return NotedImage(image, publication_of(image))


def unpublished_visibility(image: Image) -> str:
    return noted(image).visibility_before


def _narrower(visibility: str) -> tuple[str, ...]:
    """What an image can have been before it was given to more than that."""
    return VISIBILITIES[VISIBILITIES.index(visibility) + 1 :]
