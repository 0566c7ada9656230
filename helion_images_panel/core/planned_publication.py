# SPDX-License-Identifier: Apache-2.0
"""The audience to which an official image is published once its data was compared.

Until then it is private: nobody else can use data that may not be the publisher's. The page
that compares the data publishes the image; if that page is closed, the next one of a user who
may publish it does.
"""

from __future__ import annotations

from collections.abc import Mapping

from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.image import Image
from helion_images_panel.core.publication import CLOUD, DOMAIN, SALT
from helion_images_panel.core.signed_properties import signed_parts, signed_property
from helion_images_panel.core.verification import expected_of_source

#: "<image ID> <audience> <algorithm>:<digits>:<signature>": the plan is for the data of this
#: checksum, and for no other that a user expects of the image later. It is removed with the
#: first change of the audience, in the same request: what a user decides is never changed back.
PLANNED_PROPERTY = "helion_images_publish_to"


def planned_property(image_id: str, audience: str, expected: Checksum) -> Mapping[str, str]:
    return signed_property(PLANNED_PROPERTY, SALT, image_id, audience, str(expected))


def planned_audience(image: Image) -> str:
    """Return the audience that the image does not have yet; empty for none."""
    parts = signed_parts(image, PLANNED_PROPERTY, SALT, 2)
    if not parts or image.visibility != "private" or parts[0] not in (DOMAIN, CLOUD):
        return ""
    return parts[0] if parts[1] == str(expected_of_source(image)) else ""
