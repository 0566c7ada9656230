# SPDX-License-Identifier: Apache-2.0
"""Small disks with partitions and file systems, made by the tools that make real ones."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests import programs

MIB = 1024**2

EFI = "C12A7328-F81F-11D2-BA4B-00A0C93EC93B"
BIOS_BOOT = "21686148-6449-6E6F-744E-656564454649"
LINUX = "0FC63DAF-8483-4772-8E79-3D69D8477DE4"
DATA = "EBD0A0A2-B9E5-4433-87C0-68B6B72699C7"

#: How the boot sectors of GRUB and Syslinux begin.
BOOT_CODE = b"\xeb\x63\x90"


def run(*command: str, given: str = "") -> None:
    path = programs.path_of(command[0])
    if not path:
        programs.do_without(f"The test needs {command[0]}.")
    subprocess.run([path, *command[1:]], input=given, text=True, check=True, capture_output=True)


def partitioned(
    file: Path, label: str, *types: str, code: bytes = b"", size_bytes: int = 16 * MIB
) -> Path:
    """A disk with a partition of 1 MiB of each type.

    :param label: gpt or dos
    """
    with file.open("wb") as disk:
        disk.truncate(size_bytes)
    lines = [f"label: {label}", *(f"size=1MiB, type={kind}" for kind in types)]
    run("sfdisk", "--quiet", str(file), given="\n".join(lines) + "\n")
    if code:
        with file.open("r+b") as disk:
            disk.write(code)
    return file


def file_system(file: Path, program: str, *options: str) -> Path:
    """A disk that is one file system, without a partition table."""
    with file.open("wb") as disk:
        disk.truncate(16 * MIB)
    run(program, *options, str(file))
    return file


def qcow2(raw: Path, *options: str) -> Path:
    """The disk as QCOW2.

    :param options: further ones of "qemu-img convert", such as "-c"
    """
    file = raw.with_name(f"{raw.stem}{''.join(options).replace('=', '')}.qcow2")
    run("qemu-img", "convert", "-f", "raw", "-O", "qcow2", *options, str(raw), str(file))
    return file
