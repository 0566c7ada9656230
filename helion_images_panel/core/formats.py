# SPDX-License-Identifier: Apache-2.0
"""The formats that a user chooses from, and Glance's pairs of disk and container format."""

from __future__ import annotations

from collections.abc import Iterable

#: Formats with a container other than "bare": disk format, container format.
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
    """Return Glance's disk format and container format."""
    return _PAIRS.get(format_name, (format_name, "bare"))


def format_of(disk_format: str | None, container_format: str | None) -> str | None:
    """Inverse of :func:`glance_formats`; any other container format is ignored."""
    return _NAMES.get((disk_format or "", container_format or ""), disk_format)


#: Glance's container formats.
_CONTAINERS = ("bare", "compressed", "ovf", "aki", "ami", "ari", "docker", "ova")


def glance_filter(format_name: str) -> tuple[str, tuple[str, ...]]:
    """Return the disk format and the container formats of images that `format_of` calls so.

    No container formats mean any.
    """
    disk_format, container_format = glance_formats(format_name)
    if disk_format != format_name:
        return disk_format, (container_format,)
    named = [pair[1] for pair, name in _NAMES.items() if pair[0] == disk_format != name]
    if not named:
        return disk_format, ()
    return disk_format, tuple(each for each in _CONTAINERS if each not in named)


def supported(
    choices: Iterable[tuple[str, str]], disk_formats: Iterable[str], containers: Iterable[str]
) -> list[tuple[str, str]]:
    """Select the choices of `OPENSTACK_IMAGE_BACKEND` that this Glance accepts."""
    known_disk_formats, container_formats = set(disk_formats), set(containers)
    accepted = []
    for name, label in choices:
        disk_format, container_format = glance_formats(name)
        if not name or (
            disk_format in known_disk_formats and container_format in container_formats
        ):
            accepted.append((name, label))
    return accepted
