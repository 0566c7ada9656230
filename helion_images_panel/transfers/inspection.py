# SPDX-License-Identifier: Apache-2.0
"""What an upload's content is, and whether it may be stored as what it is declared to be.

The inspectors and the rules are those that Glance applies itself once it has
the whole file (`glance.location.ImageProxy.set_data`), with one more: Glance
takes a disk image with a format of its own as "raw" without a word, which an
instance then cannot boot from.
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

#: Glance looks into no other: an OVA is an archive, a kernel is no disk.
INSPECTED_CONTAINER = "bare"

#: What a raw disk may be: with partitions, encrypted, or a disk image of any
#: other kind that no inspector knows.
_RAW_CONTENTS = frozenset({"gpt", "luks"})

#: An image that boots as CD and as disk is either: Glance allows this one pair.
_HYBRID = frozenset({"iso", "gpt"})

#: Safety checks that fail for an image which needs another file.
_REFERENCE_CHECKS = frozenset({"backing_file", "data_file"})

#: Causes of `UNSAFE` beside the names of safety checks.
SEVERAL_FORMATS = "several_formats"
DAMAGED = "damaged"
UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Finding:
    """What is wrong: `kind` is REFERENCE, UNSAFE or FORMAT.

    `actual_format` is what the content is, by a name that Glance knows; empty
    where that is not certain, or nothing that Glance knows. `causes` are the
    names of the safety checks that failed, or one of those above.
    """

    kind: str
    actual_format: str = ""
    causes: tuple[str, ...] = ()


class ContentRefused(UploadStopped):
    def __init__(self, finding: Finding):
        super().__init__(f"The content is refused: {finding}")
        self.finding = finding


class Inspection:
    """Sees the chunks of one upload as they pass, and keeps nothing but headers.

    `see` and `conclude` raise `ContentRefused` as soon as it is certain that
    the content must not be stored; `findings` has what is merely warned of.

    :param tolerated: names of what is a warning instead, see conf.CONTENT_WARNINGS
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
        # Inspectors to which the content is not what they know of. They may
        # have seen the mark of their format before: `_matching` asks all.
        self._given_up: set[str] = set()
        self._is_over = not self._inspectors

    def see(self, chunk: bytes) -> None:
        if self._is_over:
            return
        for name, inspector in self._inspectors.items():
            if name not in self._given_up:
                try:
                    inspector.eat_chunk(chunk)
                except Exception as error:
                    # Most say in this way that the content is another format.
                    LOG.debug("Not %s: %s", name, error)
                    self._given_up.add(name)
        if all(self._is_sure(name) for name in self._inspectors):
            self._judge()

    def conclude(self) -> None:
        """To be called after the last chunk."""
        if self._is_over:
            return
        for inspector in self._inspectors.values():
            inspector.finish()
        self._judge()

    def _is_sure(self, name: str) -> bool:
        return name in self._given_up or bool(self._inspectors[name].complete)

    def _judge(self) -> None:
        self._is_over = True
        for finding in _findings(self.disk_format, self._inspectors):
            if finding.kind not in self._tolerated:
                raise ContentRefused(finding)
            LOG.warning("Content that is not refused, by setting: %s", finding)
            self.findings.append(finding)
        self._inspectors = {}


def _findings(disk_format: str, inspectors: Mapping[str, Any]) -> list[Finding]:
    """All that is wrong; what no other choice of format would mend comes first."""
    matching, unreadable = _matching(inspectors)
    if unreadable and not matching:
        # An inspector that fails over a content says nothing about it, least
        # of all that it is safe.
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
    """The formats that the content has, and whether an inspector failed over it."""
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
    """FORMAT unless the content is what it is declared to be."""
    if actual == disk_format:
        return None
    if disk_format == RAW and actual in _RAW_CONTENTS:
        return None
    if actual == RAW and disk_format not in format_inspector.ALL_FORMATS:
        # Such as ploop: nobody can tell, and nothing speaks against it.
        return None
    # As what Glance knows it: a disk with partitions or encryption is a raw one.
    return Finding(FORMAT, RAW if actual in _RAW_CONTENTS else actual)
