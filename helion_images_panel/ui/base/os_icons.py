# SPDX-License-Identifier: Apache-2.0
"""The icon of an image's operating system."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from xstatic.pkg import font_awesome

#: Icons of Font Awesome's brands, by the first word of `os_distro`.
_BRANDS = {
    "centos": "centos",
    "fedora": "fedora",
    "freebsd": "freebsd",
    "macos": "apple",
    "opensuse": "suse",
    "raspbian": "raspberry-pi",
    "redhat": "redhat",
    "rhel": "redhat",
    "sled": "suse",
    "sles": "suse",
    "suse": "suse",
    "ubuntu": "ubuntu",
    "windows": "windows",
}

# fmt: off
#: Distributions without an icon of their own there.
_LINUX = {
    "almalinux", "alpine", "alpinelinux", "altlinux", "amazon", "amzn", "arch", "cirros", "clear",
    "coreos", "debian", "devuan", "flatcar", "gentoo", "kali", "linux", "mageia", "mandrake",
    "mandriva", "manjaro", "mes", "mint", "nixos", "ol", "oracle", "oraclelinux", "photon",
    "rancheros", "rocky", "rockylinux", "scientific", "slackware", "talos",
}
# fmt: on

if font_awesome.VERSION.startswith("4."):
    # Of Horizon before 2026.1.
    _LINUX |= _BRANDS.keys() - {"freebsd", "macos", "windows"}
    _BRANDS = {"macos": "apple", "windows": "windows"}


def os_icon(properties: Mapping[str, Any], disk_format: str | None) -> str:
    """Return the icon's classes, by `os_distro`, then `os_type`, then the format."""
    distro = _first_word(properties.get("os_distro"))
    if distro in _BRANDS:
        return f"fab fa-{_BRANDS[distro]}"
    if distro in _LINUX:
        return "fab fa-linux"
    os_type = _first_word(properties.get("os_type"))
    if not distro and os_type in ("linux", "windows"):
        return f"fab fa-{os_type}"
    return "fas fa-bullseye fa-compact-disc" if disk_format == "iso" else "fas fa-hard-drive"


def _first_word(value: object) -> str:
    """Return the letters that a value begins with: "centos" of "CentOS 9"."""
    found = re.match(r"[a-z]+", str(value or "").strip().lower())
    return found[0] if found else ""
