# SPDX-License-Identifier: Apache-2.0
"""The catalogue of official images in the demo: the package's, and an image that it can add.

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
    """Write a file with one entry, which the file server offers."""
    name = "tiny.qcow2"
    version = {
        "version": "1.0",
        "url": f"{files_url}/{name}",
        "checksum": f"sha256:{hashlib.sha256(offered()[name]).hexdigest()}",
        "build_date": "2026-11-02",
    }
    image: dict[str, Any] = {
        "name": "Tiny Linux",
        "format": "qcow2",
        "login": "tiny",
        "min_disk": 1,
        "min_ram": 64,
        "status": "active",
        "visibility": "public",
        "multi": False,
        "meta": {"architecture": "x86_64", "os_distro": "tiny", "os_version": "1"},
        "tags": ["demo"],
        "versions": [version],
    }
    path.write_text(yaml.safe_dump({"images": [image]}))
