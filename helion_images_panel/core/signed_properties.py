# SPDX-License-Identifier: Apache-2.0
"""Properties of an image that others believe, though members can write properties.

Each is signed with the dashboard's SECRET_KEY, and names the image that it
speaks of: Nova copies an image's properties to the snapshots of its
instances, of which nothing of this holds.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.core.signing import BadSignature, Signer

from helion_images_panel.core.image import Image


def signed_property(name: str, salt: str, image_id: str, *parts: str) -> Mapping[str, str]:
    """The property, as a change of the image: "<image ID> <part> …:<signature>".

    No part but the last may hold a blank.
    """
    return {name: _signer(name, salt).sign(" ".join((image_id, *parts)))}


def signed_parts(image: Image, name: str, salt: str, count: int) -> list[str]:
    """The `count` parts that were signed for this image; none where the value is not ours."""
    try:
        text = _signer(name, salt).unsign(str(image.properties.get(name) or ""))
    except BadSignature:
        return []
    image_id, *parts = text.split(" ", count)
    return parts if len(parts) == count and image_id == image.id else []


def is_unverified(image: Image, name: str, salt: str) -> bool:
    """Whether the image carries the property with a signature that this key did not make.

    One that was signed here for another image, and copied, is none.
    """
    value = image.properties.get(name)
    if not value:
        return False
    try:
        _signer(name, salt).unsign(str(value))
    except BadSignature:
        return True
    return False


def _signer(name: str, salt: str) -> Signer:
    """For that property: the value of one is not to be copied to another."""
    return Signer(salt=f"helion_images_panel.{salt}.{name}")
