# SPDX-License-Identifier: Apache-2.0
"""The catalogue of official images in the demo: the package's, and images that it can add.

The image service of the demo downloads from the demo's file server only, and the dashboard asks
no publisher.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import yaml

from demo.fileserver import offered


def write(path: Path, files_url: str) -> None:
    """Write a file with two entries, which the file server offers: a file that the image service
    can download, and a compressed one.
    """
    images = [
        _image(files_url, "Tiny Linux", "tiny", "tiny.qcow2"),
        _image(files_url, "Small BSD", "smallbsd", "tiny.qcow2.xz"),
    ]
    path.write_text(yaml.safe_dump({"images": images}))


def _image(files_url: str, name: str, login: str, file: str) -> dict[str, Any]:
    version = {
        "version": "1.0",
        "url": f"{files_url}/{file}",
        "checksum": f"sha256:{hashlib.sha256(offered()[file]).hexdigest()}",
        "build_date": "2026-11-02",
    }
    return {
        "name": name,
        "format": "qcow2",
        "login": login,
        "min_disk": 1,
        "min_ram": 64,
        "status": "active",
        "visibility": "public",
        "multi": False,
        "meta": {"architecture": "x86_64", "os_distro": login, "os_version": "1"},
        "tags": ["demo"],
        "versions": [version],
    }
