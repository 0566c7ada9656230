# SPDX-License-Identifier: Apache-2.0
"""Whether an image's data is known to match the data that was sent, or the expected checksum.

Stored as signed properties of the image: see `core.signed_properties`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from helion_images_panel.core.checksum_names import ALGORITHMS
from helion_images_panel.core.checksums import Checksum, read
from helion_images_panel.core.decompression import decompressed_of
from helion_images_panel.core.image import Image
from helion_images_panel.core.requested import (
    ARCHIVE_URL,
    FILE,
    IMPORTED,
    OFFICIAL_URL,
    STAGED_ARCHIVE,
    UNPACKED_URL,
    Requested,
    is_staged_file,
    requested_of,
    requested_property,
)
from helion_images_panel.core.signed_properties import signed_parts, signed_property

SALT = "verification"

#: "<image ID> <algorithm>:<digits>:<signature>": the checksum that a user expects.
EXPECTED_PROPERTY = "helion_images_expected"

#: "<image ID> <algorithm>:<digits>[,…] <ISO time> <user name>:<signature>": the
#: checksums that were computed in transit, when, and for which user.
VERIFIED_PROPERTY = "helion_images_verified"

#: States of an image's data: it matches; it does not match; the cloud has converted it,
#: so that it cannot be compared with the source; a check is due; not known.
VERIFIED = "verified"
MISMATCH = "mismatch"
CONVERTED = "converted"
PENDING = "pending"
UNKNOWN = ""


@dataclass(frozen=True)
class Verified:
    """Computed checksums; `at` is ISO 8601 in UTC, `by` the name of a user.

    The first checksum is the one that was compared with Glance.
    """

    checksums: tuple[Checksum, ...]
    at: str
    by: str


def expected_property(
    image_id: str, checksum: Checksum, requested: Requested | None = None
) -> Mapping[str, str]:
    """Build the properties of an expected checksum.

    :param requested: where the data comes from; a file by default
    """
    expected = signed_property(EXPECTED_PROPERTY, SALT, image_id, str(checksum))
    return {**expected, **requested_property(image_id, requested or Requested.of_file())}


def source_was_compared(image: Image) -> bool:
    """Whether a file had the expected checksum before the cloud converted it."""
    if not is_staged_file(image):
        return False
    decompressed = decompressed_of(image)
    if decompressed and decompressed.is_expected:
        return True
    expected, verified = expected_of(image), verified_of(image)
    return bool(expected and verified and expected in verified.checksums)


def is_converted(image: Image) -> bool:
    """Whether an import has changed the data: Glance's plugins convert and unpack images, and
    change the record accordingly.
    """
    requested = requested_of(image)
    if requested is None or requested.source in (FILE, IMPORTED):
        return False
    current = f"{image.disk_format}/{image.container_format}"
    if requested.source == STAGED_ARCHIVE and not is_intact(image):
        return True
    return requested.source == UNPACKED_URL or requested.formats != current


def is_official_unchanged(image: Image) -> bool:
    """Whether the import has stored the file of the catalogue as it came.

    Glance's plugins change the format with the data, or unpack archives, and it is none.
    """
    requested = requested_of(image)
    return requested is not None and requested.source == OFFICIAL_URL and not is_converted(image)


def _may_be_unpacked(image: Image) -> bool:
    """Whether the source is an archive, and nobody has looked yet whether the data still is."""
    requested = requested_of(image)
    return (
        requested is not None
        and requested.source in (ARCHIVE_URL, STAGED_ARCHIVE)
        and VERIFIED_PROPERTY not in image.properties
    )


def verified_property(image_id: str, verified: Verified) -> Mapping[str, str]:
    checksums = ",".join(str(checksum) for checksum in verified.checksums)
    return signed_property(VERIFIED_PROPERTY, SALT, image_id, checksums, verified.at, verified.by)


def expected_of(image: Image) -> Checksum | None:
    """Expected checksum of this image's data, of one of `ALGORITHMS`; None without one, and if it
    is that of a compressed file, or may be: such a file is compared on its way.
    """
    decompressed = decompressed_of(image)
    if decompressed and (decompressed.is_expected or not decompressed.checksum):
        return None
    return expected_of_source(image)


def expected_of_source(image: Image) -> Checksum | None:
    """Expected checksum of what a user sends, also of a compressed file; None without one."""
    parts = signed_parts(image, EXPECTED_PROPERTY, SALT, 1)
    (checksum,) = _checksums(parts[0]) if parts else (None,)
    if checksum and ALGORITHMS.get(len(checksum.value)) == checksum.algorithm:
        return checksum
    return None


def verified_of(image: Image) -> Verified | None:
    """Computed checksums of this image's data, confirmed by Glance or not; None without any."""
    parts = signed_parts(image, VERIFIED_PROPERTY, SALT, 3)
    checksums = _checksums(parts[0]) if parts else ()
    return Verified(checksums, parts[1], parts[2]) if checksums else None


def state_of(image: Image) -> str:
    """Return VERIFIED, MISMATCH, CONVERTED, PENDING or UNKNOWN.

    Computed checksums count if Glance's own checksums confirm them. Converted data is not
    compared with the checksum of its source.
    """
    if image.status not in ("active", "deactivated"):
        return UNKNOWN
    if not is_intact(image):
        return CONVERTED if is_staged_file(image) and is_converted(image) else MISMATCH
    state = _compared(image)
    if state in (MISMATCH, PENDING) and is_converted(image):
        return CONVERTED
    return PENDING if state == MISMATCH and _may_be_unpacked(image) else state


def is_intact(image: Image) -> bool:
    """Whether Glance's own checksums confirm those that were computed, or none were."""
    verified = verified_of(image)
    computed = verified.checksums if verified else ()
    return not any(agrees(image, checksum) is False for checksum in computed)


def _compared(image: Image) -> str:
    expected, verified = expected_of(image), verified_of(image)
    computed = verified.checksums if verified else ()
    if agrees(image, expected) is False:
        return MISMATCH
    if expected and expected not in computed:
        # The data was read and does not match, and the image could not be deleted.
        if any(checksum.algorithm == expected.algorithm for checksum in computed):
            return MISMATCH
        if agrees(image, expected) is None:
            return PENDING
    # What was computed of a staged file does not show that just that was imported.
    is_sure = not has_checksum(image) and not is_staged_file(image)
    if computed and (is_sure or any(agrees(image, each) for each in computed)):
        return VERIFIED
    return PENDING if expected else UNKNOWN


def agrees(image: Image, checksum: Checksum | None) -> bool | None:
    """Whether the checksum equals Glance's own; None if Glance has none of that algorithm."""
    actual = stored_checksum(image, checksum.algorithm) if checksum else None
    return None if actual is None else actual == checksum


def has_checksum(image: Image) -> bool:
    """Whether Glance has a checksum of its own; it has none for data at an external location."""
    return bool(image.hash_value or image.checksum)


def stored_checksum(image: Image, algorithm: str) -> Checksum | None:
    """Glance's own checksum; None unless the algorithm is its own or MD5."""
    value = {"md5": image.checksum, image.hash_algorithm: image.hash_value}.get(algorithm)
    return Checksum(algorithm, value.lower()) if value else None


def known_checksum(image: Image, algorithm: str) -> Checksum | None:
    """Checksum of the data by that algorithm; None if it was never computed.

    A checksum that this plugin computed counts only if Glance confirms those computed
    with it: a store may have returned corrupt data.
    """
    stored = stored_checksum(image, algorithm)
    verified = verified_of(image)
    if stored or not verified:
        return stored
    confirmed = [agrees(image, checksum) for checksum in verified.checksums]
    if False in confirmed or (True not in confirmed and has_checksum(image)):
        return None
    return next((each for each in verified.checksums if each.algorithm == algorithm), None)


def is_known_wrong(image: Image) -> bool:
    """Whether the data is known not to match the expected checksum."""
    expected = expected_of(image)
    return expected is not None and known_checksum(image, expected.algorithm) not in (
        None,
        expected,
    )


def _checksums(text: str) -> tuple[Checksum, ...]:
    return tuple(read(written) for written in text.split(","))
