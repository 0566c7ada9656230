# SPDX-License-Identifier: Apache-2.0
"""To whom an image was published, and what that takes to be taken back.

Glance forgets what an image's visibility was before it became public, and
knows no domains at all. To call the image private afterwards could lock its
members out; to call it shared could bring back members of long ago. So the
image remembers, in a property of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from helion_images_panel.core.image import VISIBILITIES, Image
from helion_images_panel.core.signed_properties import signed_parts, signed_property

#: "<image ID> <audience> <visibility before> <domain ID or -> <IDs of projects given>
#: <IDs of projects answered for> <IDs of projects revived>:<signature>"
PROPERTY = "helion_images_published"
SALT = "publication"

#: Audiences: everyone on the cloud; every project of one domain; everyone on
#: the cloud who knows the image, though no list shows it.
CLOUD = "cloud"
DOMAIN = "domain"
COMMUNITY = "community"

#: The audience that an image of this visibility has.
_AUDIENCES = {"public": CLOUD, "community": COMMUNITY}

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


def audience_of(visibility: str) -> str | None:
    """Whom the visibility itself gives the image to; None where that is nobody."""
    return _AUDIENCES.get(visibility)


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


def visibility_changes(image: Image, visibility: str) -> dict[str, Any]:
    """The changes that give the image this visibility, now and remembered."""
    changes: dict[str, Any] = {"visibility": visibility}
    if visibility == image.visibility:
        return changes
    audience = audience_of(visibility)
    publication = publication_of(image)
    if audience and publication and publication.domain_id:
        # What the domain was given stays to be taken back.
        changes.update(publication_property(image.id, replace(publication, audience=audience)))
    elif audience and image.visibility in _narrower(visibility):
        changes.update(publication_property(image.id, Publication(audience, image.visibility)))
    elif PROPERTY in image.properties:
        changes[PROPERTY] = None
    return changes


def _narrower(visibility: str) -> tuple[str, ...]:
    """What an image can have been before it was given to more than that."""
    return VISIBILITIES[VISIBILITIES.index(visibility) + 1 :]


def unpublished_visibility(image: Image) -> str:
    """What the end of being public, or of community use, returns the image to.

    That is its own project where nothing is known.
    """
    publication = publication_of(image)
    before = publication.before if publication else "private"
    return before if before != "public" else "private"
