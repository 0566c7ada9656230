# SPDX-License-Identifier: Apache-2.0
"""One content, and the ways to make one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.verdicts import tools

KIB = 1024
MIB = 1024 * KIB

#: What is on the disks that are not blank; ASCII, and no format.
PAYLOAD = b"The panel and Glance are to agree on this disk. " * 4096

Maker = Callable[[Path], Path]


@dataclass(frozen=True)
class Content:
    """`make` writes the file into an empty folder; `own` is the format to choose for it."""

    name: str
    own: str
    make: Maker


def written(data: bytes | Callable[[], bytes], name: str = "file") -> Maker:
    def make(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(data() if callable(data) else data)
        return path

    return make


def source(folder: Path, size_bytes: int = MIB, payload: bytes = PAYLOAD) -> Path:
    """A raw disk with data on it, to be converted."""
    path = folder / "source"
    path.write_bytes(payload)
    with path.open("r+b") as file:
        file.truncate(size_bytes)
    return path


def created(format_name: str, options: str = "", part: str = "disk", size: str = "1M") -> Maker:
    """A blank disk of qemu-img; `part` is the file of several that is looked at."""

    def make(folder: Path) -> Path:
        given = ("-o", options) if options else ()
        tools.run(folder, "qemu-img", "create", "-f", format_name, *given, "disk", size)
        return folder / part

    return make


def converted(format_name: str, options: str = "", *flags: str, part: str = "disk") -> Maker:
    """A disk of qemu-img with data on it."""

    def make(folder: Path) -> Path:
        source(folder)
        given = ("-o", options) if options else ()
        tools.run(
            folder,
            "qemu-img",
            *("convert", *flags, "-f", "raw", "-O", format_name, *given, "source", "disk"),
        )
        return folder / part

    return make


def formatted(size_bytes: int, tool: str, *arguments: str, stdin: bytes = b"") -> Maker:
    """A file of zeros that a tool makes a disk, or a file system, of."""

    def make(folder: Path) -> Path:
        path = folder / "file"
        with path.open("wb") as file:
            file.truncate(size_bytes)
        tools.run(folder, tool, *arguments, "file", stdin=stdin)
        return path

    return make
