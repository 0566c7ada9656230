# SPDX-License-Identifier: Apache-2.0
"""Signed properties of an image: members can write properties, and these have to be trusted.

Each is signed with the dashboard's SECRET_KEY and contains the ID of its image: Nova
copies the properties of an image to snapshots of its instances, for which they are not
valid.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.core.signing import BadSignature, Signer

from helion_images_panel.core.image import Image


def signed_property(name: str, salt: str, image_id: str, *parts: str) -> Mapping[str, str]:
    """Build the property as a change of the image: "<image ID> <part> …:<signature>".

    Only the last part may contain a blank.
    """
    return {name: _signer(name, salt).sign(" ".join((image_id, *parts)))}


def signed_parts(image: Image, name: str, salt: str, count: int) -> list[str]:
    """Return the `count` parts that were signed for this image; empty if the signature is not
    valid.
    """
    value = image.properties.get(name)
    if not value:
        return []
    try:
        text = _signer(name, salt).unsign(str(value))
    except BadSignature:
        return []
    image_id, *parts = text.split(" ", count)
    return parts if len(parts) == count and image_id == image.id else []


def is_unverified(image: Image, name: str, salt: str) -> bool:
    """Whether the image has the property with a signature that this key did not make.

    False for a valid signature that was copied from another image.
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
    """Return a signer for one property: a value cannot be copied to another property."""
    return Signer(salt=f"helion_images_panel.{salt}.{name}")
