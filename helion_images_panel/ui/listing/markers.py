# SPDX-License-Identifier: Apache-2.0
"""Markers of other domains' images, in URLs that tell nothing about them.

A search through the images of the whole cloud may stop at any of them. The next part has
to begin there, but neither the image's ID nor its place in the list is for the user. The
URL therefore has the ID encrypted, for one list only.
"""

from __future__ import annotations

import secrets
import uuid

from django.core import signing
from django.utils.crypto import salted_hmac

_SALT = "helion_images_panel.markers"
_PREFIX = "~"
_NONCE_BYTES = ID_BYTES = 16


def sealed(image_id: str, of_list: str) -> str:
    """Return the marker as a text that only `unsealed` can read, for the same list."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    text = (nonce + _xor(uuid.UUID(image_id).bytes, nonce)).hex()
    return _PREFIX + signing.Signer(salt=f"{_SALT}.{of_list}").sign(text)


def is_sealed(text: str) -> bool:
    return text.startswith(_PREFIX)


def unsealed(text: str, of_list: str) -> str | None:
    """Return the ID of the image; None unless `sealed` has made the text for this list."""
    try:
        signed = signing.Signer(salt=f"{_SALT}.{of_list}").unsign(text.removeprefix(_PREFIX))
        data = bytes.fromhex(signed)
    except (signing.BadSignature, ValueError):
        return None
    return str(uuid.UUID(bytes=_xor(data[_NONCE_BYTES:], data[:_NONCE_BYTES])))


def _xor(data: bytes, nonce: bytes) -> bytes:
    """Encrypt, or decrypt: the nonce is used once, so the key stream is as well."""
    stream = salted_hmac(f"{_SALT}.key", nonce, algorithm="sha256").digest()
    return bytes(a ^ b for a, b in zip(data, stream, strict=False))
