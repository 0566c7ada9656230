# SPDX-License-Identifier: Apache-2.0
"""Block devices of a snapshot whose data is in volumes.

Nova writes them on the image, as JSON text. Any member of the owner's project can write the
same property, and the list of images must still be shown: the text is bounded, and what is
not as Nova writes it counts for nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from helion_images_panel.core.identifiers import UUID

PROPERTY = "block_device_mapping"

#: As much as Glance's database keeps of a property in MariaDB.
MAX_TEXT = 64 * 1024

#: More than any hypervisor attaches to an instance.
MAX_DEVICES = 256

#: 1 EiB; a volume service has no larger volume.
_MAX_GIB = 1024**3

_MAX_NAME = 64

#: Sources whose data is in the volume service.
_VOLUME_SOURCES = frozenset({"snapshot", "volume"})


@dataclass(frozen=True)
class BlockDevice:
    """A disk of the instances that are launched from the image.

    `source` is what the disk is made from, such as "snapshot" or "blank". `name`, such as
    "/dev/vda", and `snapshot_id`, of a volume snapshot, are empty if unknown.
    """

    source: str
    name: str = ""
    size_gib: int | None = None
    snapshot_id: str = ""

    @property
    def is_volume(self) -> bool:
        return self.source in _VOLUME_SOURCES


def block_devices(value: object) -> tuple[BlockDevice, ...]:
    """Parse the property's value; empty if it is not a list of block devices."""
    if isinstance(value, str):
        try:
            value = json.loads(value) if len(value) <= MAX_TEXT else None
        except (ValueError, RecursionError):
            return ()
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        return ()
    return tuple(_device(each) for each in value[:MAX_DEVICES])


def total_gib(devices: Sequence[BlockDevice]) -> int | None:
    """Return the size of all devices; None if that of any is unknown."""
    sizes = [device.size_gib for device in devices if device.size_gib is not None]
    return sum(sizes) if len(sizes) == len(devices) else None


def _device(attributes: Mapping[str, Any]) -> BlockDevice:
    size, snapshot_id = attributes.get("volume_size"), _text(attributes, "snapshot_id")
    is_size = isinstance(size, int) and not isinstance(size, bool) and 0 < size <= _MAX_GIB
    return BlockDevice(
        source=_text(attributes, "source_type"),
        name=_text(attributes, "device_name")[:_MAX_NAME],
        size_gib=size if is_size else None,
        # The ID stands in a URL.
        snapshot_id=snapshot_id if UUID.fullmatch(snapshot_id) else "",
    )


def _text(attributes: Mapping[str, Any], name: str) -> str:
    value = attributes.get(name)
    return value if isinstance(value, str) else ""
