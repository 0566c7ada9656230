# SPDX-License-Identifier: Apache-2.0
"""The audience to which an official image is published once its data was compared.

Until then it is private: nobody else can use data that may not be the publisher's. The page
that compares the data publishes the image; if that page is closed, the next one of the same
user does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.image import Image
from helion_images_panel.core.publication import CLOUD, DOMAIN, SALT
from helion_images_panel.core.signed_properties import signed_parts, signed_property
from helion_images_panel.core.verification import (
    VERIFIED,
    expected_of,
    expected_of_source,
    state_of,
)

#: "<image ID> <audience> <algorithm>:<digits> <user ID>:<signature>": the plan is for the data of
#: this checksum, and for no other that somebody expects of the image later. It is removed with
#: the first change of the audience, in the same request: what a user decides is never changed
#: back.
PLANNED_PROPERTY = "helion_images_publish_to"


@dataclass(frozen=True)
class Planned:
    """A publication to `audience`, wanted by the user with the ID `user_id`."""

    audience: str
    checksum: str
    user_id: str


def planned_property(
    image_id: str, audience: str, expected: Checksum, user_id: str
) -> Mapping[str, str]:
    return signed_property(PLANNED_PROPERTY, SALT, image_id, audience, str(expected), user_id)


def planned_of(image: Image) -> Planned | None:
    """Return what the image does not have yet; None if nothing is planned."""
    parts = signed_parts(image, PLANNED_PROPERTY, SALT, 3)
    if not parts or image.visibility != "private" or parts[0] not in (DOMAIN, CLOUD):
        return None
    planned = Planned(*parts)
    return planned if planned.checksum == str(expected_of_source(image)) else None


def is_as_planned(image: Image, planned: Planned) -> bool:
    """Whether the data is the publisher's, as it was published.

    Data that the cloud has converted is not: a member of the project can have Glance convert
    other data while the image is queued.
    """
    return state_of(image) == VERIFIED and planned.checksum == str(expected_of(image))
