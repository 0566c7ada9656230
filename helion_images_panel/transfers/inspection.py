# SPDX-License-Identifier: Apache-2.0
"""The format and safety of an upload's content, and whether it may be stored as declared.

The inspectors and the rules are those that Glance applies to the complete file
(`glance.location.ImageProxy.set_data`), with one more: Glance accepts a disk image in a
format of its own as "raw" without an error, and instances then do not boot from it.
doc/source/verdicts.md compares the two for each content and format.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from oslo_utils.imageutils import format_inspector

from helion_images_panel import conf
from helion_images_panel.transfers import parents
from helion_images_panel.transfers.body import UploadStopped

LOG = logging.getLogger(__name__)

REFERENCE, UNSAFE, FORMAT = conf.CONTENT_PROBLEMS

RAW = "raw"

#: Glance inspects no other container: an OVA is an archive, a kernel is not a disk.
INSPECTED_CONTAINER = "bare"

#: Formats that a raw disk may have: partitioned, or encrypted. A disk image that no
#: inspector knows is raw too.
_RAW_CONTENTS = frozenset({"gpt", "luks"})

#: Formats of an image that boots both as CD and as disk. Glance takes this one pair for an
#: ISO, and refuses it as any other format, also as raw.
_HYBRID = frozenset({"iso", "gpt"})

#: Bytes after which the format is known, though not always whether it is safe: a VMDK can
#: have a part of its header at its end.
_FORMAT_KNOWN_BYTES = 1024 * 1024

#: Safety checks that fail for an image which needs another file.
_REFERENCE_CHECKS = frozenset({"backing_file", "data_file"})

#: Causes of `UNSAFE` other than the names of safety checks.
SEVERAL_FORMATS = "several_formats"
DAMAGED = "damaged"
UNREADABLE = "unreadable"

#: Cause of `REFERENCE` other than the names of safety checks: see `parents`.
PARENT = "parent"

#: File systems without a partition table whose first sector ends as that of a disk with
#: one, by the name at this place of it.
_BOOT_SECTORS = (
    (3, b"NTFS    ", "ntfs"),
    (3, b"EXFAT   ", "exfat"),
    (54, b"FAT12   ", "fat"),
    (54, b"FAT16   ", "fat"),
    (82, b"FAT32   ", "fat"),
)


@dataclass(frozen=True)
class Finding:
    """A problem of the content: `kind` is REFERENCE, UNSAFE or FORMAT.

    `actual_format` is the detected format by Glance's name; empty if it is uncertain or
    unknown to Glance. `causes` are the names of the failed safety checks, or one of the
    constants above. `file_system` is one of "ntfs", "exfat", "fat" if the file is that, and
    not a disk with partitions.
    """

    kind: str
    actual_format: str = ""
    causes: tuple[str, ...] = ()
    file_system: str = ""


class ContentRefused(UploadStopped):
    def __init__(self, finding: Finding):
        super().__init__(f"The content is refused: {finding}")
        self.finding = finding


class Inspection:
    """Inspects the chunks of one upload in transit, and stores only headers.

    `update` and `finish` raise `ContentRefused` as soon as it is certain that the
    content must not be stored; `findings` has the findings that are only warnings.

    :param tolerated: kinds of findings that are only warnings, see
        conf.CONTENT_WARNINGS
    :param nonfatal: failed safety checks of partition tables that are no findings, see
        conf.GPT_CHECKS_NONFATAL
    """

    def __init__(
        self,
        disk_format: str | None,
        container_format: str | None,
        tolerated: Collection[str] = (),
        nonfatal: Collection[str] = (),
    ):
        self.disk_format = disk_format or ""
        self.findings: list[Finding] = []
        self._tolerated = tolerated
        self._nonfatal = nonfatal
        self._inspected_bytes = 0
        self._head = b""
        self._vhdx = parents.VhdxParameters()
        self._inspectors: dict[str, Any] = {}
        if container_format == INSPECTED_CONTAINER:
            self._inspectors = {
                name: inspector()
                for name, inspector in format_inspector.ALL_FORMATS.items()
                if name != RAW
            }
        # Inspectors that failed. They may have detected their format before:
        # `_matching` queries all of them.
        self._failed: set[str] = set()
        self._is_over = not self._inspectors

    def update(self, chunk: bytes) -> None:
        if self._is_over:
            return
        if len(self._head) < parents.HEAD_BYTES:
            self._head += bytes(chunk[: parents.HEAD_BYTES - len(self._head)])
        self._vhdx.update(chunk)
        for name, inspector in self._inspectors.items():
            if name not in self._failed:
                try:
                    inspector.eat_chunk(chunk)
                except Exception as error:
                    # Most inspectors raise an exception if the content is another
                    # format.
                    LOG.debug("Not %s: %s", name, error)
                    self._failed.add(name)
        self._inspected_bytes += len(chunk)
        if self._knows_parent and all(self._is_sure(name) for name in self._inspectors):
            self._judge()
        elif self._inspected_bytes >= _FORMAT_KNOWN_BYTES:
            self._refuse_other_format()

    def finish(self) -> None:
        """Judge the content after the last chunk."""
        if self._is_over:
            return
        for inspector in self._inspectors.values():
            inspector.finish()
        self._judge()

    def _is_sure(self, name: str) -> bool:
        return name in self._failed or bool(self._inspectors[name].complete)

    def _refuse_other_format(self) -> None:
        """Refuse content that is certainly of another format, before the rest is read."""
        matching, _ = _matching(self._inspectors)
        if not matching:
            return
        finding = _several(matching) or _mismatch(self.disk_format, _only(matching))
        if finding and finding.kind not in self._tolerated:
            raise ContentRefused(finding)

    def _judge(self) -> None:
        self._is_over = True
        for finding in _findings(
            self.disk_format, self._inspectors, self._nonfatal, self._has_parent
        ):
            if finding.kind not in self._tolerated:
                raise ContentRefused(finding)
            LOG.warning("Content that is not refused, by setting: %s", finding)
            self.findings.append(finding)
        self._inspectors = {}

    @property
    def _knows_parent(self) -> bool:
        is_searching = self._head.startswith(b"vhdxfile") and self._vhdx.is_searching
        return len(self._head) >= parents.HEAD_BYTES and not is_searching

    def _has_parent(self, actual: str) -> bool:
        if actual == "vhdx":
            return self._vhdx.has_parent
        description = b""
        if actual == "vmdk" and self._inspectors[actual].has_region("descriptor"):
            # It may be longer than what is stored of the head.
            description = bytes(self._inspectors[actual].region("descriptor").data)
        return parents.has_parent(actual, self._head + description)


def _findings(
    disk_format: str,
    inspectors: Mapping[str, Any],
    nonfatal: Collection[str],
    has_parent: Callable[[str], bool],
) -> list[Finding]:
    """Return all problems; those that no other choice of format can solve come first.

    :param has_parent: whether the content, of this format, needs a parent disk
    """
    matching, unreadable = _matching(inspectors)
    if unreadable and not matching:
        # An inspector that failed proves nothing about the content, in particular not
        # that it is safe.
        return [Finding(UNSAFE, causes=(UNREADABLE,))]
    several = _several(matching)
    if several:
        return [several]
    actual = _only(matching)
    unsafe = _unsafe(inspectors[actual], nonfatal) if matching else None
    if not unsafe and has_parent(actual):
        unsafe = Finding(REFERENCE, causes=(PARENT,))
    return [finding for finding in (unsafe, _mismatch(disk_format, actual)) if finding]


def _several(matching: Collection[str]) -> Finding | None:
    """One format hidden in another; Glance refuses that as well."""
    if len(matching) < 2 or matching == _HYBRID:
        return None
    return Finding(UNSAFE, causes=(SEVERAL_FORMATS,))


def _only(matching: Collection[str]) -> str:
    return "iso" if matching == _HYBRID else next(iter(matching), RAW)


def _matching(inspectors: Mapping[str, Any]) -> tuple[set[str], bool]:
    """Return the formats that the content matches, and whether an inspector failed."""
    matching, unreadable = set(), False
    for name, inspector in inspectors.items():
        try:
            if inspector.format_match:
                matching.add(name)
        except Exception as error:
            LOG.warning("The inspector of %s failed: %s", name, error)
            unreadable = True
    return matching, unreadable


def _unsafe(inspector: Any, nonfatal: Collection[str]) -> Finding | None:
    try:
        inspector.safety_check()
    except format_inspector.SafetyCheckFailed as error:
        causes = tuple(sorted(error.failures))
        if inspector.NAME == "gpt":
            if set(nonfatal).issuperset(causes):
                LOG.warning("Partition table that is not refused, by setting: %s", error)
                return None
            return Finding(UNSAFE, causes=causes, file_system=_file_system(inspector))
        needs_another_file = _REFERENCE_CHECKS.issuperset(causes)
        return Finding(REFERENCE if needs_another_file else UNSAFE, causes=causes)
    except Exception as error:
        LOG.debug("The content cannot be checked: %s", error)
        return Finding(UNSAFE, causes=(DAMAGED,))
    return None


def _file_system(inspector: Any) -> str:
    """Return the file system whose boot sector it is; empty if it is another one."""
    sector = bytes(inspector.region("mbr").data)
    found = (name for at, mark, name in _BOOT_SECTORS if sector[at:].startswith(mark))
    return next(found, "")


def _mismatch(disk_format: str, actual: str) -> Finding | None:
    """FORMAT unless the content matches the declared format."""
    if actual == disk_format:
        return None
    if disk_format == RAW and actual in _RAW_CONTENTS:
        return None
    if actual == RAW and disk_format not in format_inspector.ALL_FORMATS:
        # There is no inspector for this format, such as ploop, and no contradiction.
        return None
    # By Glance's name: a disk with partitions or encryption is a raw one.
    return Finding(FORMAT, RAW if actual in _RAW_CONTENTS else actual)
