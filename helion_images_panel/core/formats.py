# SPDX-License-Identifier: Apache-2.0
"""The formats a person chooses from, and the pair of formats that Glance keeps."""

from __future__ import annotations

from collections.abc import Iterable

#: Formats whose container is not "bare": disk format, container format.
_PAIRS = {
    "aki": ("aki", "aki"),
    "ami": ("ami", "ami"),
    "ari": ("ari", "ari"),
    "docker": ("raw", "docker"),
    "ova": ("vmdk", "ova"),
}
_NAMES = {pair: name for name, pair in _PAIRS.items()}

#: No instance or volume can be made of a kernel or a ramdisk alone.
NOT_BOOTABLE_CONTAINERS = frozenset({"aki", "ari"})


def glance_formats(format_name: str) -> tuple[str, str]:
    """The disk format and container format that Glance is told."""
    return _PAIRS.get(format_name, (format_name, "bare"))


def format_of(disk_format: str | None, container_format: str | None) -> str | None:
    """The inverse of :func:`glance_formats`; any other container is left out."""
    return _NAMES.get((disk_format or "", container_format or ""), disk_format)


def supported(
    choices: Iterable[tuple[str, str]], disk_formats: Iterable[str], containers: Iterable[str]
) -> list[tuple[str, str]]:
    """The choices of `OPENSTACK_IMAGE_BACKEND` that this Glance accepts."""
    disks, boxes = set(disk_formats), set(containers)
    found = []
    for name, label in choices:
        disk_format, container_format = glance_formats(name)
        if not name or (disk_format in disks and container_format in boxes):
            found.append((name, label))
    return found
