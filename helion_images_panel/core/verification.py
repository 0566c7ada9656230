# SPDX-License-Identifier: Apache-2.0
"""What is known of an image's data being what somebody sent or expected.

Kept as two properties of the image. Each names the image that it speaks of:
Nova copies an image's properties to the snapshots of its instances, whose
data is another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from helion_images_panel.core.checksums import ALGORITHMS, Checksum, NotAChecksum, read
from helion_images_panel.core.image import Image

#: "<image ID> <algorithm>:<digits>": what a person expects of the data.
EXPECTED_PROPERTY = "helion_images_expected"

#: "<image ID> <algorithm>:<digits> <ISO time> <user name>": what was computed
#: of the data on its way, when, and for whom.
VERIFIED_PROPERTY = "helion_images_verified"

#: States of an image's data: it is what was sent or expected; it is not; a
#: check is due; nobody knows.
VERIFIED = "verified"
MISMATCH = "mismatch"
PENDING = "pending"
UNKNOWN = ""


@dataclass(frozen=True)
class Verified:
    """`at` is ISO 8601 in UTC, `by` the name of a user."""

    checksum: Checksum
    at: str
    by: str


def expected_property(image_id: str, checksum: Checksum) -> Mapping[str, str]:
    return {EXPECTED_PROPERTY: f"{image_id} {checksum}"}


def verified_property(image_id: str, verified: Verified) -> Mapping[str, str]:
    return {VERIFIED_PROPERTY: f"{image_id} {verified.checksum} {verified.at} {verified.by}"}


def expected_of(image: Image) -> Checksum | None:
    """What a person expects of this image's data; always of one of `ALGORITHMS`."""
    parts = _parts(image, EXPECTED_PROPERTY, 2)
    checksum = _checksum(parts[1]) if parts else None
    if checksum and ALGORITHMS.get(len(checksum.value)) == checksum.algorithm:
        return checksum
    return None


def verified_of(image: Image) -> Verified | None:
    """What was computed of this image's data, whether or not Glance agrees."""
    parts = _parts(image, VERIFIED_PROPERTY, 4)
    checksum = _checksum(parts[1]) if parts else None
    return Verified(checksum, parts[2], parts[3]) if checksum else None


def state_of(image: Image) -> str:
    """VERIFIED, MISMATCH, PENDING or UNKNOWN.

    What was computed counts as far as Glance's own checksums confirm it: whoever
    may change an image could have written anything.
    """
    if image.status not in ("active", "deactivated"):
        return UNKNOWN
    expected, verified = expected_of(image), verified_of(image)
    computed = verified.checksum if verified else None
    if any(agrees(image, checksum) is False for checksum in (computed, expected)):
        return MISMATCH
    if computed and expected and computed.algorithm == expected.algorithm and computed != expected:
        # Data that was read and found wrong, of an image that could not be removed.
        return MISMATCH
    if agrees(image, computed) or (computed and not has_checksum(image)):
        return VERIFIED
    return PENDING if expected else UNKNOWN


def agrees(image: Image, checksum: Checksum | None) -> bool | None:
    """Whether Glance's own value is this one; None where it has none of the kind."""
    actual = stored(image, checksum.algorithm) if checksum else None
    return None if actual is None else actual == checksum


def has_checksum(image: Image) -> bool:
    """Whether Glance has any of its own; of data that lies elsewhere it has none."""
    return bool(image.hash_value or image.checksum)


def stored(image: Image, algorithm: str) -> Checksum | None:
    """What Glance says that the data has; it knows its own algorithm and MD5."""
    value = {"md5": image.checksum, image.hash_algorithm: image.hash_value}.get(algorithm)
    return Checksum(algorithm, value.lower()) if value else None


def _parts(image: Image, name: str, count: int) -> list[str]:
    parts = str(image.properties.get(name) or "").split(" ", count - 1)
    return parts if len(parts) == count and parts[0] == image.id else []


def _checksum(text: str) -> Checksum | None:
    try:
        return read(text)
    except NotAChecksum:
        return None
