# SPDX-License-Identifier: Apache-2.0
"""Whether an image's data is known to match the data that was sent, or the expected checksum.

Stored as signed properties of the image: see `core.signed_properties`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from helion_images_panel.core.checksum_names import ALGORITHMS
from helion_images_panel.core.checksums import Checksum, read
from helion_images_panel.core.image import Image
from helion_images_panel.core.signed_properties import signed_parts, signed_property

SALT = "verification"

#: "<image ID> <algorithm>:<digits>:<signature>": the checksum that a user expects.
EXPECTED_PROPERTY = "helion_images_expected"

#: "<image ID> <source> <disk format>/<container format>:<signature>": where the data was
#: to come from, and the formats that were requested. A property of its own, as an older
#: dashboard beside this one reads the expected checksum.
REQUESTED_PROPERTY = "helion_images_requested"

#: Sources of the data: a file that is uploaded, which Glance stores unchanged; a URL; a
#: URL of an archive, which the cloud may unpack during the import; one that it unpacked;
#: the URL of a disk image in the catalogue, which is no archive.
#: An image that was to have a file may also have been imported by another client.
FILE = "file"
IMPORTED = "imported"
URL = "url"
ARCHIVE_URL = "archive-url"
UNPACKED_URL = "unpacked-url"
OFFICIAL_URL = "official-url"

#: Endings of archives that Glance's plugin `image_decompression` unpacks, and the first
#: bytes of their formats, each with its offset.
_ARCHIVE_ENDINGS = (".gz", ".gzip", ".tgz", ".zip", ".lha", ".lzh")
_ARCHIVE_MAGIC = ((0, b"\x1f\x8b\x08"), (0, b"PK\x03\x04"), (2, b"-lh"))

#: Endings of disk images, which are no archives.
_DISK_ENDINGS = (".qcow2", ".img", ".raw", ".iso", ".vmdk", ".vhd", ".vhdx", ".vdi")

#: Seconds for which Glance certainly has the tasks of a new image. It deletes them two days
#: after their end (`task_time_to_live`); operators may choose less, which no request shows.
TASKS_KEPT_S = 24 * 3600

#: "<image ID> <algorithm>:<digits>[,…] <ISO time> <user name>:<signature>": the
#: checksums that were computed in transit, when, and for which user.
VERIFIED_PROPERTY = "helion_images_verified"

#: States of an image's data: it matches; it does not match; the cloud has converted it,
#: and the source cannot be compared; a check is due; not known.
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


@dataclass(frozen=True)
class Requested:
    """Where the data was to come from; `formats` is "disk format/container format" of a URL's
    data, and "-" for a file.
    """

    source: str
    formats: str

    @classmethod
    def of_file(cls) -> Requested:
        return cls(FILE, "-")

    @classmethod
    def of_url(
        cls, file_name: str, disk_format: str | None, container_format: str | None
    ) -> Requested:
        """:param file_name: the name at the end of the URL"""
        source = ARCHIVE_URL if file_name.lower().endswith(_ARCHIVE_ENDINGS) else URL
        return cls(source, f"{disk_format}/{container_format}")

    @classmethod
    def of_official(
        cls, file_name: str, disk_format: str | None, container_format: str | None
    ) -> Requested:
        """Describe a file of the catalogue, which has its format and its checksum."""
        if not file_name.lower().endswith(_DISK_ENDINGS):
            return cls.of_url(file_name, disk_format, container_format)
        return cls(OFFICIAL_URL, f"{disk_format}/{container_format}")


def expected_property(
    image_id: str, checksum: Checksum, requested: Requested | None = None
) -> Mapping[str, str]:
    """Build the properties of an expected checksum.

    :param requested: where the data comes from; a file by default
    """
    expected = signed_property(EXPECTED_PROPERTY, SALT, image_id, str(checksum))
    return {**expected, **requested_property(image_id, requested or Requested.of_file())}


def requested_property(image_id: str, requested: Requested) -> Mapping[str, str]:
    parts = (requested.source, requested.formats)
    return signed_property(REQUESTED_PROPERTY, SALT, image_id, *parts)


def requested_of(image: Image) -> Requested | None:
    """Return where the data was to come from; None if it was not recorded."""
    parts = signed_parts(image, REQUESTED_PROPERTY, SALT, 2)
    return Requested(*parts) if parts else None


def is_recent_upload(image: Image) -> bool:
    """Whether the data was to be uploaded, and a later import by another client would show: the
    image is too young for Glance to have deleted the task.
    """
    requested = requested_of(image)
    if requested is None or requested.source != FILE:
        return False
    try:
        age = datetime.now(UTC) - datetime.fromisoformat(image.created_at or "")
    except (ValueError, TypeError):
        return False
    return age.total_seconds() < TASKS_KEPT_S


def is_converted(image: Image) -> bool:
    """Whether an import has changed the data: Glance's plugins convert and unpack images, and
    change the record accordingly.
    """
    requested = requested_of(image)
    if requested is None or requested.source in (FILE, IMPORTED):
        return False
    current = f"{image.disk_format}/{image.container_format}"
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
        and requested.source == ARCHIVE_URL
        and VERIFIED_PROPERTY not in image.properties
    )


def is_archive(head: bytes) -> bool:
    """Whether data that begins so is an archive that an import may unpack."""
    return any(head.startswith(magic, offset) for offset, magic in _ARCHIVE_MAGIC)


def verified_property(image_id: str, verified: Verified) -> Mapping[str, str]:
    checksums = ",".join(str(checksum) for checksum in verified.checksums)
    return signed_property(VERIFIED_PROPERTY, SALT, image_id, checksums, verified.at, verified.by)


def expected_of(image: Image) -> Checksum | None:
    """Expected checksum of this image's data, of one of `ALGORITHMS`; None without one."""
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
        return MISMATCH
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
    if computed and (not has_checksum(image) or any(agrees(image, each) for each in computed)):
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
