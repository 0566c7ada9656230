# SPDX-License-Identifier: Apache-2.0
"""What is known of an image's data being what somebody sent or expected.

Kept as two properties of the image, signed: see `core.signed`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from helion_images_panel.core.checksums import ALGORITHMS, Checksum, read
from helion_images_panel.core.image import Image
from helion_images_panel.core.signed_properties import signed_parts, signed_property

SALT = "verification"

#: "<image ID> <algorithm>:<digits>:<signature>": what a person expects of the data.
EXPECTED_PROPERTY = "helion_images_expected"

#: "<image ID> <algorithm>:<digits>[,…] <ISO time> <user name>:<signature>": what
#: was computed of the data on its way, when, and for whom.
VERIFIED_PROPERTY = "helion_images_verified"

#: States of an image's data: it is what was sent or expected; it is not; a
#: check is due; nobody knows.
VERIFIED = "verified"
MISMATCH = "mismatch"
PENDING = "pending"
UNKNOWN = ""


@dataclass(frozen=True)
class Verified:
    """`at` is ISO 8601 in UTC, `by` the name of a user.

    The first of the checksums is the one that Glance was asked about.
    """

    checksums: tuple[Checksum, ...]
    at: str
    by: str


def expected_property(image_id: str, checksum: Checksum) -> Mapping[str, str]:
    return signed_property(EXPECTED_PROPERTY, SALT, image_id, str(checksum))


def verified_property(image_id: str, verified: Verified) -> Mapping[str, str]:
    checksums = ",".join(str(checksum) for checksum in verified.checksums)
    return signed_property(VERIFIED_PROPERTY, SALT, image_id, checksums, verified.at, verified.by)


def expected_of(image: Image) -> Checksum | None:
    """What a person expects of this image's data; always of one of `ALGORITHMS`."""
    parts = signed_parts(image, EXPECTED_PROPERTY, SALT, 1)
    (checksum,) = _checksums(parts[0]) if parts else (None,)
    if checksum and ALGORITHMS.get(len(checksum.value)) == checksum.algorithm:
        return checksum
    return None


def verified_of(image: Image) -> Verified | None:
    """What was computed of this image's data, whether or not Glance agrees."""
    parts = signed_parts(image, VERIFIED_PROPERTY, SALT, 3)
    checksums = _checksums(parts[0]) if parts else ()
    return Verified(checksums, parts[1], parts[2]) if checksums else None


def state_of(image: Image) -> str:
    """VERIFIED, MISMATCH, PENDING or UNKNOWN.

    What was computed counts as far as Glance's own checksums confirm it.
    """
    if image.status not in ("active", "deactivated"):
        return UNKNOWN
    expected, verified = expected_of(image), verified_of(image)
    computed = verified.checksums if verified else ()
    if any(agrees(image, checksum) is False for checksum in (*computed, expected)):
        return MISMATCH
    if expected and expected not in computed:
        # Data that was read and found wrong, of an image that could not be removed.
        if any(checksum.algorithm == expected.algorithm for checksum in computed):
            return MISMATCH
        if agrees(image, expected) is None:
            return PENDING
    if computed and (not has_checksum(image) or any(agrees(image, each) for each in computed)):
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


def known(image: Image, algorithm: str) -> Checksum | None:
    """The data's own checksum of that kind; None where nobody has computed it.

    One that was read here counts as far as Glance confirms what was read with
    it: a store may have given out spoilt data.
    """
    glances = stored(image, algorithm)
    verified = verified_of(image)
    if glances or not verified:
        return glances
    confirmed = [agrees(image, checksum) for checksum in verified.checksums]
    if False in confirmed or (True not in confirmed and has_checksum(image)):
        return None
    return next((each for each in verified.checksums if each.algorithm == algorithm), None)


def is_known_wrong(image: Image) -> bool:
    """Whether the data is known to be other than what is expected: it is to be removed."""
    expected = expected_of(image)
    return expected is not None and known(image, expected.algorithm) not in (None, expected)


def _checksums(text: str) -> tuple[Checksum, ...]:
    return tuple(read(written) for written in text.split(","))
