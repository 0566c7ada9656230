# SPDX-License-Identifier: Apache-2.0
"""The public tools that make the contents."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from tests import programs

#: Each tool with Debian's package, and the arguments that print its version.
PACKAGES = {
    "qemu-img": ("qemu-utils", "--version"),
    "xorriso": ("xorriso", "-version"),
    "sfdisk": ("fdisk", "--version"),
    "cryptsetup": ("cryptsetup-bin", "--version"),
    "mkfs.ext4": ("e2fsprogs", "-V"),
    "mkfs.fat": ("dosfstools", "--help"),
    "mkfs.ntfs": ("ntfs-3g", "--version"),
    "mkfs.exfat": ("exfatprogs", "-V"),
    "mkudffs": ("udftools", "--help"),
    "mkswap": ("util-linux", "--version"),
}

HOW_TO_GET_THEM = "apt-get install " + " ".join(sorted({name for name, _ in PACKAGES.values()}))


class ToolFailed(Exception):
    pass


def require() -> None:
    if missing := [tool for tool in PACKAGES if not programs.path_of(tool)]:
        programs.do_without(f"{', '.join(missing)} not found: {HOW_TO_GET_THEM}")


def run(folder: Path, tool: str, *arguments: str, stdin: bytes = b"") -> str:
    """Run the tool in the folder; return what it has printed."""
    path = programs.path_of(tool)
    assert path, HOW_TO_GET_THEM
    done = subprocess.run(
        [path, *arguments], cwd=folder, input=stdin, capture_output=True, check=False
    )
    said = (done.stdout + done.stderr).decode(errors="replace")
    if done.returncode:
        raise ToolFailed(f"{tool} {' '.join(arguments)}: {said}")
    return said


def versions() -> dict[str, str]:
    """Return the version of each tool, by the name of its package."""
    found = {}
    for tool, (package, argument) in PACKAGES.items():
        path = programs.path_of(tool)
        assert path, HOW_TO_GET_THEM
        done = subprocess.run([path, argument], capture_output=True, check=False)
        said = (done.stdout + done.stderr).decode(errors="replace")
        number = re.search(r"\d+\.\d[\w.]*", said)
        found[package] = number[0] if number else "?"
    return found
