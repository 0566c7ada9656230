# SPDX-License-Identifier: Apache-2.0
"""What an image is called as a file on somebody's disk."""

from __future__ import annotations

import re
import unicodedata

from helion_images_panel.core.image import Image

#: Bytes that a file's name may have on the file systems in use.
MAX_BYTES = 255

#: Endings of files by format: the one that is given, and others that tell as much.
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

# Folders, and what turns the direction of writing and so hides an ending.
_UNSAFE = re.compile(r"[/\\\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def file_name(image: Image) -> str:
    """The image's name with the ending of its format, safe as one file's name."""
    stem = _safe(image.name or "") or image.id
    suffixes = _SUFFIXES.get(image.format or "", ())
    if image.container_format == "compressed":
        suffixes = (f"{suffixes[0] if suffixes else ''}.gz", ".gz")
    if not suffixes or stem.lower().endswith(suffixes):
        return _cut(stem, MAX_BYTES)
    return _cut(stem, MAX_BYTES - len(suffixes[0])) + suffixes[0]


def _safe(name: str) -> str:
    spaced = "".join(" " if unicodedata.category(sign) in ("Cc", "Cs") else sign for sign in name)
    parts = _UNSAFE.sub("_", spaced)
    # A leading dot hides a file; Windows drops dots and blanks at the end.
    return " ".join(parts.split()).lstrip(".").rstrip(". ")


def _cut(name: str, most_bytes: int) -> str:
    return name.encode()[:most_bytes].decode(errors="ignore")
