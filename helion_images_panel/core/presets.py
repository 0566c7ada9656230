# SPDX-License-Identifier: Apache-2.0
"""Presets: sets of properties that a user selects for a new image."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Preset:
    """`descriptions` say what properties do, as far as the operator has written it."""

    name: str
    properties: Mapping[str, str]
    descriptions: Mapping[str, str] = field(default_factory=dict)


#: Source of the values: `nova.objects.fields`, and libvirt's machine types.
SHIPPED = (
    Preset(
        "Linux, virtio and UEFI",
        {
            "os_type": "linux",
            "hw_firmware_type": "uefi",
            "hw_machine_type": "q35",
            "hw_disk_bus": "virtio",
            "hw_vif_model": "virtio",
            "hw_rng_model": "virtio",
        },
    ),
    Preset(
        "Windows, virtio",
        {
            "os_type": "windows",
            "hw_disk_bus": "virtio",
            "hw_vif_model": "virtio",
            "hw_pointer_model": "usbtablet",
        },
    ),
    Preset(
        "Appliance, IDE",
        {
            "hw_firmware_type": "bios",
            "hw_machine_type": "pc",
            "hw_disk_bus": "ide",
            "hw_vif_model": "e1000",
        },
    ),
)


def presets_of(value: Any) -> tuple[Preset, ...]:
    """Return the presets of the setting: None stands for those of this plugin. Raise ValueError
    with the reason if it is wrong.
    """
    if value is None:
        return SHIPPED
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise ValueError("is no list")
    found = tuple(_preset(each) for each in value)
    if len({preset.name for preset in found}) < len(found):
        raise ValueError("has two presets of the same name")
    return found


def _preset(value: Any) -> Preset:
    if not isinstance(value, Mapping) or {*value} - {"descriptions"} != {"name", "properties"}:
        raise ValueError(f"has an entry without 'name' or 'properties': {value!r}")
    name, properties = value["name"], value["properties"]
    if not isinstance(name, str) or not name.strip():
        raise ValueError(f"has an entry without a name: {value!r}")
    if not properties or not _are_texts(properties):
        raise ValueError(f"has an entry whose properties are not names with texts: {name!r}")
    descriptions = value.get("descriptions", {})
    if not _are_texts(descriptions):
        raise ValueError(f"has an entry whose descriptions are not names with texts: {name!r}")
    return Preset(name, dict(properties), dict(descriptions))


def _are_texts(value: Any) -> bool:
    return isinstance(value, Mapping) and all(
        isinstance(each, str) and each for pair in value.items() for each in pair
    )
