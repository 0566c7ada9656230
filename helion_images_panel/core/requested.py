# SPDX-License-Identifier: Apache-2.0
"""Where the data of an image was to come from, as a signed property."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from helion_images_panel.core.image import Image
from helion_images_panel.core.signed_properties import signed_parts, signed_property

SALT = "verification"

#: "<image ID> <source> <disk format>/<container format>:<signature>", with " <bytes>" before
#: the signature if the virtual size of the source is known: where the data was
#: to come from, and the formats that were requested. A property of its own, as an older
#: dashboard beside this one reads the expected checksum.
REQUESTED_PROPERTY = "helion_images_requested"

#: Sources of the data: a file that is uploaded, which Glance stores unchanged; a URL; a
#: URL of an archive, which the cloud may unpack during the import; one that it unpacked;
#: the URL of a disk image in the catalogue, which is no archive.
#: An image that was to have a file may also have been imported by another client. A file that
#: this plugin stages and imports may be converted or, as an archive, unpacked as well.
FILE = "file"
STAGED = "staged"
STAGED_ARCHIVE = "staged-archive"
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


@dataclass(frozen=True)
class Requested:
    """Where the data was to come from; `formats` is "disk format/container format" of a URL's
    or a staged file's data, and "-" for another file. `virtual_bytes` is the size of the disk in
    it, as its first bytes have it; None if it is not known.
    """

    source: str
    formats: str
    virtual_bytes: int | None = None

    @classmethod
    def of_file(cls) -> Requested:
        return cls(FILE, "-")

    @classmethod
    def of_url(
        cls,
        file_name: str,
        disk_format: str | None,
        container_format: str | None,
        virtual_bytes: int | None = None,
    ) -> Requested:
        """:param file_name: the name at the end of the URL"""
        source = ARCHIVE_URL if is_archive_name(file_name) else URL
        return cls(source, f"{disk_format}/{container_format}", virtual_bytes)

    @classmethod
    def of_staged(
        cls,
        disk_format: str | None,
        container_format: str | None,
        *,
        archive: bool = False,
        virtual_bytes: int | None = None,
    ) -> Requested:
        """Describe a file that is staged and imported; `archive` tells whether it is one."""
        source = STAGED_ARCHIVE if archive else STAGED
        return cls(source, f"{disk_format}/{container_format}", virtual_bytes)

    @classmethod
    def of_official(
        cls, file_name: str, disk_format: str | None, container_format: str | None
    ) -> Requested:
        """Describe a file of the catalogue, which has its format and its checksum."""
        if not file_name.lower().endswith(_DISK_ENDINGS):
            return cls.of_url(file_name, disk_format, container_format)
        return cls(OFFICIAL_URL, f"{disk_format}/{container_format}")


def requested_property(image_id: str, requested: Requested) -> Mapping[str, str]:
    size = f" {requested.virtual_bytes}" if requested.virtual_bytes else ""
    parts = (requested.source, f"{requested.formats}{size}")
    return signed_property(REQUESTED_PROPERTY, SALT, image_id, *parts)


def requested_of(image: Image) -> Requested | None:
    """Return where the data was to come from; None if it was not recorded."""
    parts = signed_parts(image, REQUESTED_PROPERTY, SALT, 2)
    if not parts:
        return None
    formats, _blank, size = parts[1].partition(" ")
    return Requested(parts[0], formats, int(size) if size.isdecimal() else None)


def is_staged_file(image: Image) -> bool:
    """Whether this plugin has imported a file: the computed checksums are those of the file."""
    requested = requested_of(image)
    return requested is not None and requested.source in (STAGED, STAGED_ARCHIVE)


def is_recent_upload(image: Image) -> bool:
    """Whether the data was to be uploaded, and a later import by another client would show: the
    image is too young for Glance to have deleted the task.
    """
    requested = requested_of(image)
    return requested is not None and requested.source == FILE and is_young(image)


def is_young(image: Image) -> bool:
    """Whether Glance certainly still has the tasks of the image."""
    try:
        age = datetime.now(UTC) - datetime.fromisoformat(image.created_at or "")
    except (ValueError, TypeError):
        return False
    return age.total_seconds() < TASKS_KEPT_S


def is_archive_name(file_name: str) -> bool:
    """Whether a file of that name is an archive that an import may unpack."""
    return file_name.lower().endswith(_ARCHIVE_ENDINGS)


def is_archive(head: bytes) -> bool:
    """Whether data that begins so is an archive that an import may unpack."""
    return any(head.startswith(magic, offset) for offset, magic in _ARCHIVE_MAGIC)
