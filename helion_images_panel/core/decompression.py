# SPDX-License-Identifier: Apache-2.0
"""What is recorded of a compressed file whose content is the data of an image."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from helion_images_panel.core.checksums import Checksum, read
from helion_images_panel.core.image import Image
from helion_images_panel.core.signed_properties import signed_parts, signed_property

SALT = "decompressed"

#: "<image ID> <checksum or -> <expected or -> <kind>:<signature>": the file, and whether the
#: checksum that the image expects is that of the file instead of its content. It is written
#: before the data is sent: an image must not be compared with the checksum of another form.
DECOMPRESSED_PROPERTY = "helion_images_decompressed"

_EXPECTED = "expected"
_NONE = "-"


@dataclass(frozen=True)
class Decompressed:
    """`kind` is "gzip", "xz", "zstd" or "bzip2", and empty until the file has arrived.

    :ivar checksum: of the compressed file; None until it has arrived
    :ivar is_expected: whether the expected checksum was the file's, and the file has it
    """

    kind: str = ""
    checksum: Checksum | None = None
    is_expected: bool = False


def decompressed_property(image_id: str, decompressed: Decompressed) -> Mapping[str, str]:
    return signed_property(
        DECOMPRESSED_PROPERTY,
        SALT,
        image_id,
        str(decompressed.checksum or _NONE),
        _EXPECTED if decompressed.is_expected else _NONE,
        decompressed.kind or _NONE,
    )


def decompressed_of(image: Image) -> Decompressed | None:
    """Return what is recorded; None if the data was not, and is not to be, decompressed."""
    parts = signed_parts(image, DECOMPRESSED_PROPERTY, SALT, 3)
    if not parts:
        return None
    checksum, expected, kind = parts
    return Decompressed(
        "" if kind == _NONE else kind,
        None if checksum == _NONE else read(checksum),
        expected == _EXPECTED,
    )
