# SPDX-License-Identifier: Apache-2.0
"""The record of an image that is made of a build, by a page or by a command."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from helion_images_panel.catalogue.entries import Build, Entry
from helion_images_panel.catalogue.properties import properties_of
from helion_images_panel.core import formats
from helion_images_panel.core.decompression import Decompressed, decompressed_property
from helion_images_panel.core.image_schema import ImageSchema
from helion_images_panel.core.requested import Requested
from helion_images_panel.core.url import last_part
from helion_images_panel.core.verification import expected_property


def attributes_of(
    entry: Entry,
    build: Build,
    chosen: Mapping[str, Any],
    schema: ImageSchema,
    *,
    is_staged: bool = False,
) -> dict[str, Any]:
    """Return the attributes for Glance, with an ID.

    :param chosen: attributes and properties that a user chooses; empty ones are left out
    :param schema: that of this Glance, for the attributes that it requires
    :param is_staged: whether the content of a compressed build is going to be staged
    """
    disk_format, container_format = formats.glance_formats(entry.format)
    # With the ID chosen here, the expected checksum is part of the new record: a cloud may
    # refuse to add a property later.
    image_id = str(uuid.uuid4())
    attributes = {
        **schema.default_attributes(),
        **properties_of(entry, build),
        "id": image_id,
        "disk_format": disk_format,
        "container_format": container_format,
    }
    optional = {"min_disk": entry.min_disk_gib, "min_ram": entry.min_ram_mib, **chosen}
    attributes.update({name: value for name, value in optional.items() if value})
    if build.checksum:
        requested = _requested(build, disk_format, container_format, is_staged)
        attributes.update(expected_property(image_id, build.checksum, requested))
    if build.compression:
        attributes.update(decompressed_property(image_id, Decompressed()))
    return attributes


def _requested(
    build: Build, disk_format: str | None, container_format: str | None, is_staged: bool
) -> Requested:
    if not build.compression:
        return Requested.of_official(last_part(build.url), disk_format, container_format)
    # Glance gets the content from the dashboard's host.
    if is_staged:
        return Requested.of_staged(disk_format, container_format)
    return Requested.of_file()
