# SPDX-License-Identifier: Apache-2.0
"""The operating system and the architecture that the name of an image file tells."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class System:
    """Values of Glance's properties of these names; empty if the name does not tell.

    `label` is the name of the system for users, such as "Ubuntu".
    """

    os_distro: str = ""
    os_version: str = ""
    architecture: str = ""
    label: str = ""


_NUMBER = r"(\d+(?:\.\d+)*)"

#: The start of the name of a publisher's file, with its version; the first match counts.
_SYSTEMS = tuple(
    (re.compile(pattern, re.IGNORECASE), distro, label)
    for pattern, distro, label in (
        (rf"\bfedora-coreos-{_NUMBER}", "fedora-coreos", "Fedora CoreOS"),
        (rf"\bfedora-(?:[a-z][a-z0-9_]*[-.])*?{_NUMBER}", "fedora", "Fedora"),
        (rf"\bubuntu-{_NUMBER}", "ubuntu", "Ubuntu"),
        (rf"\bdebian-{_NUMBER}", "debian", "Debian"),
        (rf"\brocky-{_NUMBER}", "rocky", "Rocky Linux"),
        (rf"\balmalinux-{_NUMBER}", "almalinux", "AlmaLinux"),
        (rf"\bcentos-(?:stream-)?(?:[a-z_]+-)*?{_NUMBER}", "centos", "CentOS"),
        (rf"\brhel-{_NUMBER}", "rhel", "Red Hat Enterprise Linux"),
        (rf"\bopensuse-(?:leap-)?{_NUMBER}", "opensuse", "openSUSE"),
        (r"\bopensuse-tumbleweed()\b", "opensuse", "openSUSE"),
        (r"\barch-?linux()\b", "arch", "Arch Linux"),
        (rf"(?:\b|_)alpine-(?:[a-z]+-)*?{_NUMBER}", "alpine", "Alpine Linux"),
        (r"\bflatcar()_", "flatcar", "Flatcar"),
        (rf"\bfreebsd-{_NUMBER}", "freebsd", "FreeBSD"),
        (rf"\bcirros-{_NUMBER}", "cirros", "CirrOS"),
        (r"\bwindows[-_ ]?server[-_ ]?(\d{4})", "windows", "Windows Server"),
    )
)

#: Publishers whose files have the code name of the release only.
_CODE_NAMES = {
    "bionic": ("ubuntu", "Ubuntu", "18.04"),
    "focal": ("ubuntu", "Ubuntu", "20.04"),
    "jammy": ("ubuntu", "Ubuntu", "22.04"),
    "noble": ("ubuntu", "Ubuntu", "24.04"),
    "plucky": ("ubuntu", "Ubuntu", "25.04"),
    "questing": ("ubuntu", "Ubuntu", "25.10"),
    "bullseye": ("debian", "Debian", "11"),
    "bookworm": ("debian", "Debian", "12"),
    "trixie": ("debian", "Debian", "13"),
}
_CODE_NAME = re.compile(
    rf"({'|'.join(_CODE_NAMES)})-(?:server|minimal|genericcloud|generic)-", re.I
)

_ARCHITECTURES = {
    "x86_64": "x86_64",
    "amd64": "x86_64",
    "aarch64": "aarch64",
    "arm64": "aarch64",
    "i386": "i686",
    "i686": "i686",
    "armv7l": "armv7l",
    "armhf": "armv7l",
    "ppc64le": "ppc64le",
    "ppc64el": "ppc64le",
    "riscv64": "riscv64",
    "s390x": "s390x",
}
_ARCHITECTURE = re.compile(rf"(?<![a-z0-9])({'|'.join(_ARCHITECTURES)})(?![a-z0-9])", re.IGNORECASE)


def system_of(file_name: str) -> System:
    """Return what the name tells; the file may be another one."""
    found = _ARCHITECTURE.search(file_name)
    architecture = _ARCHITECTURES[found[1].lower()] if found else ""
    for pattern, distro, label in _SYSTEMS:
        match = pattern.search(file_name)
        if match:
            return System(distro, match[1], architecture, label)
    code_name = _CODE_NAME.match(file_name)
    if code_name:
        distro, label, version = _CODE_NAMES[code_name[1].lower()]
        return System(distro, version, architecture, label)
    return System(architecture=architecture)
