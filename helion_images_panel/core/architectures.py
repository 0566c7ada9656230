# SPDX-License-Identifier: Apache-2.0
"""Architectures of images and of hosts, by Nova's names."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from helion_images_panel.core.nova_properties import read

#: Those that hosts of another architecture run as well as their own.
_ALSO = {
    "x86_64": {"i686"},
    "aarch64": {"armv7l", "armv6"},
    "ppc64": {"ppc64le", "ppc"},
    "ppc64le": {"ppc64", "ppc"},
    "s390x": {"s390"},
    "sparc64": {"sparc"},
    "mips64": {"mips"},
    "mips64el": {"mipsel"},
}

#: What starts by BIOS without a property; Nova's default for aarch64 is UEFI.
BY_BIOS = frozenset({"x86_64", "i686"})
BY_UEFI = frozenset({"aarch64"})


def canonical(name: Any) -> str:
    """Return Nova's name of an architecture (`Architecture.canonicalize`); empty for others."""
    return read({"architecture": str(name)}, "architecture")


def of_hosts(properties: Mapping[str, Any]) -> str:
    """Return the architecture that Nova chooses a host by; empty if the image names none.

    Of the two properties Nova takes the newer one (`ImageMetaProps.from_dict`).
    """
    return read(properties, "hw_architecture") or read(properties, "architecture")


def of_system(properties: Mapping[str, Any]) -> str:
    """Return the architecture of the system in the image, which a host may emulate."""
    return read(properties, "hw_emulation_architecture") or of_hosts(properties)


def run(hosts: Collection[str], architecture: str) -> bool:
    """Whether hosts of these architectures run it without emulation."""
    return any(architecture == host or architecture in _ALSO.get(host, ()) for host in hosts)
