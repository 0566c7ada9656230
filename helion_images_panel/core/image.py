# SPDX-License-Identifier: Apache-2.0
"""An image and its members, as this plugin sees them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from helion_images_panel.core.formats import format_of

#: Attributes that Glance itself defines (Image service API v2, "Show image").
#: Everything else in its answer is a custom property.
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

#: Properties that Glance keeps for itself and lets nobody write.
GLANCE_PROPERTY_PREFIX = "os_glance_"

#: Properties that this plugin keeps for itself.
OWN_PROPERTY_PREFIX = "helion_images_"

#: The property by which Glance marks an image that a task is importing.
IMPORT_TASK = "os_glance_import_task"

#: Properties in which Glance names the stores that a task still has to fill,
#: and those that it could not.
COPYING_TO = "os_glance_importing_to_stores"
FAILED_STORES = "os_glance_failed_import"

#: The image is on its way: its status is going to change by itself.
STATUSES_IN_PROGRESS = frozenset({"saving", "uploading", "importing", "pending_delete"})

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


@dataclass(frozen=True)
class Image:
    """Sizes are bytes; `min_disk_gib` and `min_ram_mib` of 0 mean none.

    The two times are ISO 8601 text in UTC, as Glance gives them.
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
        """Reads one image of Glance's JSON; whatever is missing gets its default."""
        return cls(
            id=body["id"],
            name=body.get("name"),
            status=body.get("status") or "",
            visibility=body.get("visibility") or "",
            protected=bool(body.get("protected")),
            os_hidden=bool(body.get("os_hidden")),
            owner=body.get("owner"),
            disk_format=body.get("disk_format"),
            container_format=body.get("container_format"),
            size_bytes=body.get("size"),
            virtual_size_bytes=body.get("virtual_size"),
            min_disk_gib=body.get("min_disk") or 0,
            min_ram_mib=body.get("min_ram") or 0,
            checksum=body.get("checksum"),
            hash_algorithm=body.get("os_hash_algo"),
            hash_value=body.get("os_hash_value"),
            created_at=body.get("created_at"),
            updated_at=body.get("updated_at"),
            tags=tuple(sorted(body.get("tags") or ())),
            stores=tuple(filter(None, (body.get("stores") or "").split(","))),
            locations=tuple(
                location["url"] for location in body.get("locations") or () if "url" in location
            ),
            properties={k: v for k, v in body.items() if k not in BASE_ATTRIBUTES},
        )

    @property
    def display_name(self) -> str:
        return self.name or self.id

    @property
    def description(self) -> str:
        return str(self.properties.get("description") or "")

    @property
    def format(self) -> str | None:
        """The format a person chose: "ova" for a VMDK in an OVA container."""
        return format_of(self.disk_format, self.container_format)

    @property
    def is_snapshot(self) -> bool:
        """Whether Nova made it from an instance.

        Nova writes `image_type` on the image of an instance's disk, and
        `block_device_mapping` on that of an instance which boots from volume.
        """
        if self.properties.get("image_type"):
            return bool(self.properties["image_type"] == "snapshot")
        mapping = self.properties.get("block_device_mapping")
        try:
            devices = json.loads(mapping) if isinstance(mapping, str) else mapping
            return any(device.get("source_type") == "snapshot" for device in devices or ())
        except (ValueError, TypeError, AttributeError, RecursionError):
            # Whatever a project's member writes there, the list is drawn.
            return False

    @property
    def copying_to(self) -> tuple[str, ...]:
        """Stores that an import or a copy is still to fill."""
        return self._awaited_stores if IMPORT_TASK in self.properties else ()

    @property
    def failed_stores(self) -> tuple[str, ...]:
        """Stores that the last import or copy could not fill.

        Glance goes on to name a store as awaited when there was no room to
        stage the data for it, with no task left that would fill it.
        """
        failed = _store_names(self.properties.get(FAILED_STORES))
        if IMPORT_TASK in self.properties:
            return failed
        return tuple(dict.fromkeys([*failed, *self._awaited_stores]))

    @property
    def _awaited_stores(self) -> tuple[str, ...]:
        return _store_names(self.properties.get(COPYING_TO))

    @property
    def in_progress(self) -> bool:
        """Whether its status is going to change by itself.

        Glance says "queued" for a moment after it has accepted an import. It
        leaves the mark of the task on an image whose content it refused.
        """
        importing = self.status == "queued" and bool(self.properties.get(IMPORT_TASK))
        return (importing and not self.failed_stores) or self.status in STATUSES_IN_PROGRESS


def _store_names(value: Any) -> tuple[str, ...]:
    return tuple(name for name in str(value or "").split(",") if name)


@dataclass(frozen=True)
class Member:
    """A project that an image is shared with; status pending, accepted or rejected.

    The two times are ISO 8601 text in UTC: of the sharing, and of the answer.
    """

    project_id: str
    status: str
    created_at: str | None = None
    updated_at: str | None = None
