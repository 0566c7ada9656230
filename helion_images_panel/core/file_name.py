# SPDX-License-Identifier: Apache-2.0
"""The name of a downloaded image's file."""

from __future__ import annotations

import re
import unicodedata

from helion_images_panel.core.image import Image

#: Maximum length of a file name in bytes on the file systems in use.
MAX_BYTES = 255

#: Suffixes by format: the default, and others that are accepted.
_SUFFIXES = {
    "qcow2": (".qcow2", ".qcow", ".img"),
    "raw": (".img", ".raw", ".bin"),
    "iso": (".iso",),
    "vmdk": (".vmdk",),
    "vhd": (".vhd", ".vpc"),
    "vhdx": (".vhdx",),
    "vdi": (".vdi",),
    "ploop": (".ploop", ".hds", ".hdd"),
    "ova": (".ova",),
    "docker": (".tar",),
    "ami": (".img", ".ami", ".raw"),
}

# Path separators, and characters that change the writing direction and so hide a
# suffix.
_UNSAFE = re.compile(r"[/\\\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def file_name(image: Image) -> str:
    """Return the image's name with the suffix of its format, safe as a file name."""
    stem = _safe(image.visible_name) or image.id
    suffixes = _SUFFIXES.get(image.format or "", ())
    if image.container_format == "compressed":
        suffixes = (f"{suffixes[0] if suffixes else ''}.gz", ".gz")
    if not suffixes or stem.lower().endswith(suffixes):
        return _cut(stem, MAX_BYTES)
    return _cut(stem, MAX_BYTES - len(suffixes[0])) + suffixes[0]


def _safe(name: str) -> str:
    spaced = "".join(
        " " if unicodedata.category(character) in ("Cc", "Cs") else character for character in name
    )
    parts = _UNSAFE.sub("_", spaced)
    # A leading dot hides a file; Windows drops trailing dots and blanks.
    return " ".join(parts.split()).lstrip(".").rstrip(". ")


def _cut(name: str, max_bytes: int) -> str:
    return name.encode()[:max_bytes].decode(errors="ignore")
