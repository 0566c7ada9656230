# SPDX-License-Identifier: Apache-2.0
"""The users that instances of publishers' cloud images are logged in as.

Source: "Get images" in OpenStack's Virtual Machine Image Guide, and the catalogue of official
images, with which a test compares them. CentOS, whose user has changed, and CirrOS, which has a
password, are not among them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

#: By `os_distro`.
_USERS: Mapping[str, str] = {
    "almalinux": "almalinux",
    "alpinelinux": "alpine",
    "arch": "arch",
    "debian": "debian",
    "fedora": "fedora",
    "fedora-coreos": "core",
    "flatcar": "core",
    "freebsd": "freebsd",
    "opensuse": "opensuse",
    "rhel": "cloud-user",
    "rocky": "rocky",
    "ubuntu": "ubuntu",
}

#: Of SCS-0102; Nova sets the password of `os_admin_user`.
_RECORDS = ("image_original_user", "os_admin_user")


def missing_user(properties: Mapping[str, Any]) -> str:
    """Return the user that the publisher's images have; empty if one is recorded, or if the
    system is not known.
    """
    if any(properties.get(name) for name in _RECORDS):
        return ""
    return _USERS.get(str(properties.get("os_distro", "")).lower(), "")
