# SPDX-License-Identifier: Apache-2.0
"""An image and its members."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from helion_images_panel.core.block_devices import PROPERTY as BLOCK_DEVICES
from helion_images_panel.core.block_devices import BlockDevice, block_devices
from helion_images_panel.core.formats import format_of
from helion_images_panel.core.nova_upload import is_awaited
from helion_images_panel.core.visible_text import is_visible, isolated

#: Attributes that Glance itself defines (Image service API v2, "Show image"). All others
#: in its response are custom properties.
BASE_ATTRIBUTES = frozenset(
    {
        "id",
        "name",
        "status",
        "visibility",
        "protected",
        "os_hidden",
        "owner",
        "disk_format",
        "container_format",
        "size",
        "virtual_size",
        "min_disk",
        "min_ram",
        "checksum",
        "os_hash_algo",
        "os_hash_value",
        "created_at",
        "updated_at",
        "tags",
        "stores",
        "locations",
        "direct_url",
        "file",
        "self",
        "schema",
        "validation_data",
        "deleted",
        "deleted_at",
        "is_public",
    }
)

#: Properties of Glance itself, which no client may write.
GLANCE_PROPERTY_PREFIX = "os_glance_"

#: Properties of this plugin.
OWN_PROPERTY_PREFIX = "helion_images_"

#: The property that holds the ID of the task that imports the image.
IMPORT_TASK = "os_glance_import_task"

#: Properties in which Glance lists the stores that a task has still to fill, and those
#: that failed.
COPYING_TO = "os_glance_importing_to_stores"
FAILED_STORES = "os_glance_failed_import"

#: Statuses that change without further requests.
STATUSES_OF_TRANSFERS = frozenset({"saving", "uploading", "importing"})
STATUSES_IN_PROGRESS = STATUSES_OF_TRANSFERS | {"pending_delete"}

STATUSES = (
    "queued",
    "saving",
    "uploading",
    "importing",
    "active",
    "deactivated",
    "killed",
    "pending_delete",
)
VISIBILITIES = ("public", "community", "shared", "private")


#: An image's ID stands in URLs.
_ID = re.compile(r"[^/\s]{1,255}")


@dataclass(frozen=True)
class Image:
    """An image as Glance returns it; sizes are bytes.

    `min_disk_gib` and `min_ram_mib` of 0 mean no minimum. The two times are ISO 8601
    text in UTC, as in Glance's response.
    """

    id: str
    name: str | None = None
    status: str = ""
    visibility: str = ""
    protected: bool = False
    os_hidden: bool = False
    owner: str | None = None
    disk_format: str | None = None
    container_format: str | None = None
    size_bytes: int | None = None
    virtual_size_bytes: int | None = None
    min_disk_gib: int = 0
    min_ram_mib: int = 0
    checksum: str | None = None
    hash_algorithm: str | None = None
    hash_value: str | None = None
    created_at: str | None = None
    updated_at: str | None = None
    tags: tuple[str, ...] = ()
    stores: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()
    properties: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def from_glance(cls, body: Mapping[str, Any]) -> Image:
        """Parse one image of Glance's JSON; missing attributes get their defaults.

        Raise KeyError without an ID, TypeError for a value of another type than Glance's.
        """
        if not _ID.fullmatch(_text(body, "id") or ""):
            raise KeyError("id")
        return cls(
            id=body["id"],
            name=_text(body, "name"),
            status=_text(body, "status") or "",
            visibility=_text(body, "visibility") or "",
            protected=bool(body.get("protected")),
            os_hidden=bool(body.get("os_hidden")),
            owner=_text(body, "owner"),
            disk_format=_text(body, "disk_format"),
            container_format=_text(body, "container_format"),
            size_bytes=_number(body, "size"),
            virtual_size_bytes=_number(body, "virtual_size"),
            min_disk_gib=_number(body, "min_disk") or 0,
            min_ram_mib=_number(body, "min_ram") or 0,
            checksum=_text(body, "checksum"),
            hash_algorithm=_text(body, "os_hash_algo"),
            hash_value=_text(body, "os_hash_value"),
            created_at=_text(body, "created_at"),
            updated_at=_text(body, "updated_at"),
            tags=tuple(sorted(_all_text(body.get("tags") or ()))),
            stores=tuple(filter(None, (_text(body, "stores") or "").split(","))),
            locations=tuple(
                str(location["url"])
                for location in body.get("locations") or ()
                if "url" in location
            ),
            properties={k: v for k, v in body.items() if k not in BASE_ATTRIBUTES},
        )

    @property
    def display_name(self) -> str:
        """The name for a sentence, or the ID if the name shows nothing."""
        return isolated(self.bare_name)

    @property
    def bare_name(self) -> str:
        """The same for an element of its own, from which it may be copied."""
        return self.visible_name or self.id

    @property
    def visible_name(self) -> str:
        """The name; empty if it consists of invisible characters only."""
        return self.name if self.name and is_visible(self.name) else ""

    @property
    def description(self) -> str:
        return str(self.properties.get("description") or "")

    @property
    def format(self) -> str | None:
        """The format that a user chose: "ova" for a VMDK in an OVA container."""
        return format_of(self.disk_format, self.container_format)

    @property
    def is_snapshot(self) -> bool:
        """Whether Nova made it from an instance.

        Nova sets `image_type` on the image of an instance's disk, and
        `block_device_mapping` on that of an instance that boots from a volume.
        """
        if self.properties.get("image_type"):
            return bool(self.properties["image_type"] == "snapshot")
        return any(device.source == "snapshot" for device in self._block_devices)

    @property
    def has_data(self) -> bool:
        """Whether Glance has any bytes of it."""
        return bool(self.size_bytes)

    @property
    def is_volume_backed(self) -> bool:
        """Whether its data is in volumes or their snapshots, from which Nova launches it."""
        return bool(self.volumes)

    @property
    def volumes(self) -> tuple[BlockDevice, ...]:
        """The volumes that hold its data; empty if Glance has data of it."""
        devices = self._block_devices if self.size_bytes == 0 else ()
        return tuple(device for device in devices if device.is_volume)

    @cached_property
    def _block_devices(self) -> tuple[BlockDevice, ...]:
        return block_devices(self.properties.get(BLOCK_DEVICES))

    @property
    def copying_to(self) -> tuple[str, ...]:
        """Stores that an import or a copy has still to fill."""
        return self._awaited_stores if IMPORT_TASK in self.properties else ()

    @property
    def failed_stores(self) -> tuple[str, ...]:
        """Stores that the last import or copy could not fill.

        Glance keeps a store in the list of awaited stores if the staging area was full,
        without any task left that would fill it.
        """
        failed = _store_names(self.properties.get(FAILED_STORES))
        if IMPORT_TASK in self.properties:
            return failed
        return tuple(dict.fromkeys([*failed, *self._awaited_stores]))

    @property
    def _awaited_stores(self) -> tuple[str, ...]:
        return _store_names(self.properties.get(COPYING_TO))

    @property
    def has_refused_data(self) -> bool:
        """Whether Glance has kept data whose content it has refused: no other data is accepted."""
        return self.status == "queued" and bool(self.stores or self.locations)

    @property
    def receives_data(self) -> bool:
        """Whether Glance is writing data, and writes the image back at the end as it was at
        the beginning. It remains so for good if Glance was killed meanwhile.
        """
        return self.status in STATUSES_OF_TRANSFERS or bool(self.copying_to)

    @property
    def awaits_snapshot(self) -> bool:
        """Whether Nova is going to upload the disk of an instance; it makes the image first."""
        return self.status == "queued" and is_awaited(self.properties, self.created_at)

    @property
    def in_progress(self) -> bool:
        """Whether its status is going to change without further requests.

        Glance reports "queued" for a moment after it has accepted an import. The task's
        property remains on an image whose content Glance refused.
        """
        importing = self.status == "queued" and bool(self.properties.get(IMPORT_TASK))
        awaits_data = (importing and not self.failed_stores) or self.awaits_snapshot
        return awaits_data or self.status in STATUSES_IN_PROGRESS


def _text(body: Mapping[str, Any], name: str) -> str | None:
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        raise TypeError(name)
    return value


def _number(body: Mapping[str, Any], name: str) -> int | None:
    value = body.get(name)
    if value is not None and not isinstance(value, int):
        raise TypeError(name)
    return value


def _all_text(values: Iterable[Any]) -> list[str]:
    found = list(values)
    if not all(isinstance(value, str) for value in found):
        raise TypeError("tags")
    return found


def _store_names(value: Any) -> tuple[str, ...]:
    return tuple(name for name in str(value or "").split(",") if name)


@dataclass(frozen=True)
class Member:
    """A project that an image is shared with; its status is pending, accepted or rejected.

    The two times are ISO 8601 text in UTC: of the sharing, and of the last change of
    status.
    """

    project_id: str
    status: str
    created_at: str | None = None
    updated_at: str | None = None
