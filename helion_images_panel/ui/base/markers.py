# SPDX-License-Identifier: Apache-2.0
"""Markers of other domains' images, in URLs that tell nothing about them.

A search through the images of the whole cloud may stop at any of them. The next part has
to begin there, but neither the image's ID nor its place in the list is for the user. The
URL therefore has the ID encrypted, for one list only.
"""

from __future__ import annotations

import hashlib
import secrets

from django.core import signing
from django.utils.crypto import salted_hmac

_SALT = "helion_images_panel.markers"
_PREFIX = "~"
_NONCE_BYTES = 16

#: Seconds for which a marker is valid: the place of an image in a list that one changes
#: tells, try by try, something about it.
VALID_FOR_S = 3600


def sealed(image_id: str, of_list: str) -> str:
    """Return the marker as a text that only `unsealed` can read, for the same list."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return _PREFIX + _signer(of_list).sign((nonce + _xor(image_id.encode(), nonce)).hex())


def is_sealed(text: str) -> bool:
    return text.startswith(_PREFIX)


def unsealed(text: str, of_list: str) -> str | None:
    """Return the ID of the image; None unless `sealed` made the text for this list of late."""
    try:
        signed = _signer(of_list).unsign(text.removeprefix(_PREFIX), max_age=VALID_FOR_S)
        data = bytes.fromhex(signed)
        return _xor(data[_NONCE_BYTES:], data[:_NONCE_BYTES]).decode()
    except (signing.BadSignature, ValueError):
        return None


def _signer(of_list: str) -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=f"{_SALT}.{of_list}")


def _xor(data: bytes, nonce: bytes) -> bytes:
    """Encrypt, or decrypt: the nonce is used once, so the key stream is as well."""
    key = salted_hmac(f"{_SALT}.key", nonce, algorithm="sha256").digest()
    stream = hashlib.shake_256(key).digest(len(data))
    return bytes(a ^ b for a, b in zip(data, stream, strict=True))
