# SPDX-License-Identifier: Apache-2.0
"""File systems, discs, archives and files of other kinds."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import json
import lzma
import tarfile
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

from demo import imagefiles
from tests.verdicts import tools
from tests.verdicts.content import KIB, MIB, PAYLOAD, Content, Maker, formatted, written


def _disc(*options: str) -> Maker:
    """A disc of xorriso with one file; `efi` is at hand as a partition to append."""

    def make(folder: Path) -> Path:
        (folder / "tree").mkdir()
        (folder / "tree" / "letter.txt").write_bytes(PAYLOAD)
        (folder / "tree" / "boot.img").write_bytes(bytes(2 * KIB))
        (folder / "efi").write_bytes(bytes(256 * KIB))
        arguments = ["-as", "mkisofs", "-quiet", "-o", "disc", *options, "tree"]
        tools.run(folder, "xorriso", *arguments)
        return folder / "disc"

    return make


_EL_TORITO = ("-b", "boot.img", "-no-emul-boot", "-boot-load-size", "4")
_APPENDED = ("-append_partition", "2", "0xef", "efi")

FILE_SYSTEMS = (
    Content("ext2", "raw", formatted(MIB, "mkfs.ext4", "-q", "-t", "ext2")),
    Content("ext4", "raw", formatted(2 * MIB, "mkfs.ext4", "-q")),
    Content("FAT12, floppy of 1.44 MB", "qcow2", formatted(1440 * KIB, "mkfs.fat")),
    Content("FAT12, floppy of 2.88 MB", "qcow2", formatted(2880 * KIB, "mkfs.fat")),
    Content("FAT16", "raw", formatted(8 * MIB, "mkfs.fat", "-F", "16", "-s", "1")),
    Content("FAT32", "raw", formatted(34 * MIB, "mkfs.fat", "-F", "32", "-s", "1")),
    Content("NTFS", "qcow2", formatted(2 * MIB, "mkfs.ntfs", "--force", "--quick")),
    Content("exFAT", "qcow2", formatted(8 * MIB, "mkfs.exfat")),
    Content("swap", "raw", formatted(MIB, "mkswap")),
    Content("UDF, as mkudffs makes it", "raw", formatted(MIB, "mkudffs")),
    Content("Minix", "raw", formatted(MIB, "mkfs.minix")),
)

DISCS = (
    Content("ISO 9660", "iso", _disc()),
    Content("ISO 9660, Joliet", "iso", _disc("-J", "-r")),
    Content("ISO 9660, El Torito", "iso", _disc(*_EL_TORITO)),
    Content("ISO 9660, MBR of a partition", "iso", _disc("-partition_offset", "16")),
    Content("ISO 9660, appended EFI partition", "iso", _disc(*_APPENDED)),
    Content(
        "ISO 9660, appended EFI partition, GPT", "iso", _disc(*_APPENDED, "-appended_part_as_gpt")
    ),
    Content(
        "ISO 9660, El Torito and appended EFI partition", "iso", _disc(*_EL_TORITO, *_APPENDED)
    ),
)


def _tar(*entries: tuple[str, bytes], format_: int = tarfile.USTAR_FORMAT) -> bytes:
    """An archive; a name that ends with a slash is a folder."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=format_) as archive:
        for name, data in entries:
            info = tarfile.TarInfo(name.rstrip("/"))
            info.size = len(data)
            if name.endswith("/"):
                info.type = tarfile.DIRTYPE
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


LAYER = _tar(("etc/motd", b"hello\n"))
_CONFIG = json.dumps({"architecture": "amd64", "os": "linux"}).encode()


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def skopeo_archive() -> bytes:
    """As `skopeo copy … docker-archive:` and `podman save` write it: layers first."""
    layer, config = f"{digest(LAYER)}.tar", f"{digest(_CONFIG)}.json"
    manifest = [{"Config": config, "RepoTags": None, "Layers": [layer]}]
    return _tar(
        (layer, LAYER),
        (config, _CONFIG),
        (f"{digest(layer.encode())}/VERSION", b"1.0"),
        (f"{digest(layer.encode())}/json", b"{}"),
        ("manifest.json", json.dumps(manifest).encode()),
        ("repositories", b"{}"),
    )


def _docker_save() -> bytes:
    """As Docker wrote it up to release 24."""
    first = digest(LAYER)
    manifest = [{"Config": f"{digest(_CONFIG)}.json", "Layers": [f"{first}/layer.tar"]}]
    return _tar(
        (f"{first}/", b""),
        (f"{first}/VERSION", b"1.0"),
        (f"{first}/layer.tar", LAYER),
        (f"{digest(_CONFIG)}.json", _CONFIG),
        ("manifest.json", json.dumps(manifest).encode()),
    )


def _oci(prefix: str = "") -> bytes:
    """An OCI layout in an archive, as Docker writes it today; some tar writes `./` first."""
    entries: Iterable[tuple[str, bytes]] = (
        *(((prefix, b""),) if prefix else ()),
        (f"{prefix}blobs/", b""),
        (f"{prefix}blobs/sha256/", b""),
        (f"{prefix}blobs/sha256/{digest(LAYER)}", LAYER),
        (f"{prefix}index.json", b"{}"),
        (f"{prefix}oci-layout", b'{"imageLayoutVersion": "1.0.0"}'),
    )
    return _tar(*entries)


def _ova(folder: str = "", machine: str = "machine", gnu: bool = False) -> bytes:
    """With a name that is not ASCII or too long, an entry with the whole name comes first."""
    disk = imagefiles.vmdk(MIB)
    entries = ((f"{folder}{machine}.ovf", b"<Envelope/>"), (f"{folder}disk1.vmdk", disk))
    format_ = tarfile.GNU_FORMAT if gnu else tarfile.PAX_FORMAT
    return _tar(*(((folder, b""),) if folder else ()), *entries, format_=format_)


def _crane_archive() -> bytes:
    """As `crane pull`, ko and Kaniko write it."""
    config, layer = f"sha256:{digest(_CONFIG)}", f"{digest(LAYER)}.tar.gz"
    manifest = [{"Config": config, "RepoTags": None, "Layers": [layer]}]
    return _tar(
        (config, _CONFIG),
        (layer, gzip.compress(LAYER)),
        ("manifest.json", json.dumps(manifest).encode()),
    )


def _jib_archive() -> bytes:
    """As Jib writes it: the compressed layers first."""
    layer = f"{digest(LAYER)}.tar.gz"
    manifest = [{"Config": "config.json", "RepoTags": None, "Layers": [layer]}]
    return _tar(
        (layer, gzip.compress(LAYER)),
        ("config.json", _CONFIG),
        ("manifest.json", json.dumps(manifest).encode()),
    )


def _kernel() -> bytes:
    """The head of a Linux kernel for x86: its first sector ends as that of a disk."""
    data = bytearray(16 * KIB)
    data[510:512] = b"\x55\xaa"
    data[514:518] = b"HdrS"
    return bytes(data)


def _zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("disk.raw", PAYLOAD)
    return buffer.getvalue()


def _cpio() -> bytes:
    """The file system of a kernel's start, with no file in it."""
    name = b"TRAILER!!!\0"
    fields = [0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, len(name), 0]
    head = b"070701" + b"".join(b"%08X" % field for field in fields) + name
    return head.ljust(512, b"\0")


def _archive(name: str, own: str, data: Callable[[], bytes]) -> Content:
    return Content(name, own, written(data))


ARCHIVES = (
    _archive("Docker archive (skopeo, podman)", "docker", skopeo_archive),
    _archive("Docker archive (docker save to 24)", "docker", _docker_save),
    _archive("OCI archive (docker save from 25)", "docker", _oci),
    _archive("OCI archive, names with ./", "docker", lambda: _oci("./")),
    _archive("Docker archive (crane, ko, Kaniko)", "docker", _crane_archive),
    _archive("Docker archive (Jib)", "docker", _jib_archive),
    _archive("OVA", "ova", _ova),
    _archive("OVA, names with ./", "ova", lambda: _ova("./")),
    _archive("OVA, pax headers", "ova", lambda: _ova(machine="Gerät")),
    _archive("OVA, long name", "ova", lambda: _ova(machine="machine-" * 15)),
    _archive("OVA, long name, GNU tar", "ova", lambda: _ova(machine="machine-" * 15, gnu=True)),
    _archive("tar of other files", "docker", lambda: _tar(("letter.txt", PAYLOAD))),
    _archive("gzip", "ari", lambda: gzip.compress(PAYLOAD)),
    _archive("xz", "ari", lambda: lzma.compress(PAYLOAD)),
    _archive("bzip2", "ari", lambda: bz2.compress(PAYLOAD)),
    _archive("LZMA", "ari", lambda: lzma.compress(PAYLOAD, lzma.FORMAT_ALONE)),
    _archive("ZIP", "", _zip),
)

OTHER_FILES = (
    _archive("Linux kernel", "aki", _kernel),
    _archive("cpio archive of a kernel's start", "ari", _cpio),
    _archive("Text", "", lambda: b"This is no image.\n" * 100),
    _archive(
        "Web page", "", lambda: b"<!DOCTYPE html><title>Log in</title>" + b"<p>Log in</p>" * 99
    ),
    _archive("One byte", "raw", lambda: b"x"),
    _archive("Beginning of a QCOW2, 80 bytes", "", lambda: imagefiles.qcow2(MIB, b"payload")[:80]),
)
