# SPDX-License-Identifier: Apache-2.0
"""The format and safety of an upload's content, and whether it may be stored as declared.

The inspectors and the rules are those that Glance applies to the complete file
(`glance.location.ImageProxy.set_data`), with one more: Glance accepts a disk image in a
format of its own as "raw" without an error, and instances then do not boot from it.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from oslo_utils.imageutils import format_inspector

from helion_images_panel import conf
from helion_images_panel.transfers.body import UploadStopped

LOG = logging.getLogger(__name__)

REFERENCE, UNSAFE, FORMAT = conf.CONTENT_PROBLEMS

RAW = "raw"

#: Glance inspects no other container: an OVA is an archive, a kernel is not a disk.
INSPECTED_CONTAINER = "bare"

#: Formats that a raw disk may have: partitioned, or encrypted. A disk image that no
#: inspector knows is raw too.
_RAW_CONTENTS = frozenset({"gpt", "luks"})

#: Formats of an image that boots both as CD and as disk: Glance allows this one pair.
_HYBRID = frozenset({"iso", "gpt"})

#: Safety checks that fail for an image which needs another file.
_REFERENCE_CHECKS = frozenset({"backing_file", "data_file"})

#: Causes of `UNSAFE` other than the names of safety checks.
SEVERAL_FORMATS = "several_formats"
DAMAGED = "damaged"
UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Finding:
    """A problem of the content: `kind` is REFERENCE, UNSAFE or FORMAT.

    `actual_format` is the detected format by Glance's name; empty if it is uncertain or
    unknown to Glance. `causes` are the names of the failed safety checks, or one of the
    constants above.
    """

    kind: str
    actual_format: str = ""
    causes: tuple[str, ...] = ()


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
    """

    def __init__(
        self, disk_format: str | None, container_format: str | None, tolerated: Collection[str] = ()
    ):
        self.disk_format = disk_format or ""
        self.findings: list[Finding] = []
        self._tolerated = tolerated
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
        for name, inspector in self._inspectors.items():
            if name not in self._failed:
                try:
                    inspector.eat_chunk(chunk)
                except Exception as error:
                    # Most inspectors raise an exception if the content is another
                    # format.
                    LOG.debug("Not %s: %s", name, error)
                    self._failed.add(name)
        if all(self._is_sure(name) for name in self._inspectors):
            self._judge()

    def finish(self) -> None:
        """Judge the content after the last chunk."""
        if self._is_over:
            return
        for inspector in self._inspectors.values():
            inspector.finish()
        self._judge()

    def _is_sure(self, name: str) -> bool:
        return name in self._failed or bool(self._inspectors[name].complete)

    def _judge(self) -> None:
        self._is_over = True
        for finding in _findings(self.disk_format, self._inspectors):
            if finding.kind not in self._tolerated:
                raise ContentRefused(finding)
            LOG.warning("Content that is not refused, by setting: %s", finding)
            self.findings.append(finding)
        self._inspectors = {}


def _findings(disk_format: str, inspectors: Mapping[str, Any]) -> list[Finding]:
    """Return all problems; those that no other choice of format can solve come first."""
    matching, unreadable = _matching(inspectors)
    if unreadable and not matching:
        # An inspector that failed proves nothing about the content, in particular not
        # that it is safe.
        return [Finding(UNSAFE, causes=(UNREADABLE,))]
    if matching == _HYBRID and disk_format in (RAW, "iso"):
        matching, disk_format = {"iso"}, "iso"
    if len(matching) > 1:
        # One format hidden in another; Glance refuses that as well.
        return [Finding(UNSAFE, causes=(SEVERAL_FORMATS,))]
    actual = next(iter(matching), RAW)
    unsafe = _unsafe(inspectors[actual]) if matching else None
    return [finding for finding in (unsafe, _mismatch(disk_format, actual)) if finding]


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


def _unsafe(inspector: Any) -> Finding | None:
    try:
        inspector.safety_check()
    except format_inspector.SafetyCheckFailed as error:
        causes = tuple(sorted(error.failures))
        needs_another_file = _REFERENCE_CHECKS.issuperset(causes)
        return Finding(REFERENCE if needs_another_file else UNSAFE, causes=causes)
    except Exception as error:
        LOG.debug("The content cannot be checked: %s", error)
        return Finding(UNSAFE, causes=(DAMAGED,))
    return None


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
