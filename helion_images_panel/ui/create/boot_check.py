# SPDX-License-Identifier: Apache-2.0
"""The boot checks of an image before it is created, for the script of the form.

They are those of the details page, for what the form has so far. Nothing here asks Glance.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from helion_images_panel import policy
from helion_images_panel.api.flavors import usable_flavors
from helion_images_panel.api.hosts import host_architectures
from helion_images_panel.core import boot_checks, content_checks, disk_content, formats
from helion_images_panel.core.byte_range import ByteRange
from helion_images_panel.core.disk_content import DiskContent
from helion_images_panel.core.file_parts import MOST_BYTES, MOST_REQUESTS, NotRead
from helion_images_panel.core.filter_values import LARGEST_SIZE_BYTES
from helion_images_panel.core.finding import Finding
from helion_images_panel.core.image import Image
from helion_images_panel.ui.base import fields
from helion_images_panel.ui.boot import content_texts
from helion_images_panel.ui.boot.described import described
from helion_images_panel.ui.create import property_lines
from helion_images_panel.ui.create.properties import preset_properties
from helion_images_panel.ui.metadata.names import decoded
from helion_images_panel.ui.metadata.required import PREFIX

#: Fields of requests that ask only about a form, or about parts of its file.
CHECK_BOOT = "check_boot"
CHECK_CONTENT = "check_content"

#: The form itself offers another format.
_SAID_BY_THE_FORM = frozenset({content_checks.DISC_AS_DISK})


class _Needed(Exception):
    """The browser has not sent this part of the file yet."""

    def __init__(self, part: ByteRange):
        super().__init__()
        self.part = part


def content_of(request: HttpRequest) -> dict[str, Any]:
    """Return the content of the disk in a file, None if it cannot be looked at; or `needs`, the
    beginning and the end of a further part of the file.

    The parts that the browser sends are named by their range, as "0-511".
    """
    sent = request.FILES.getlist("part")[:MOST_REQUESTS]

    def fetch(part: ByteRange) -> bytes:
        name = f"{part.first}-{part.last}"
        found = next((each for each in sent if each.name == name), None)
        if found is None:
            raise _Needed(part)
        data: bytes = found.read(MOST_BYTES + 1)
        return data

    disk_format = request.POST.get("disk_format", "")
    size_bytes = _number(request.POST, "file_size", LARGEST_SIZE_BYTES) or 0
    try:
        found = disk_content.content_of(disk_format, size_bytes, fetch)
    except _Needed as needed:
        return {"needs": [needed.part.first, needed.part.last + 1]}
    except NotRead:
        return {"content": None}
    return {"content": dataclasses.asdict(found) if found.is_understood else None}


def answer(request: HttpRequest, existing: Image | None = None) -> dict[str, Any]:
    """Return the findings of a form. `changes` of a finding are what its fields lack.

    :param existing: the image that the form is about; None if it is to be created
    """
    posted = request.POST
    entered = _entered(posted)
    preset = preset_properties(posted.get("preset", ""))
    image = _image_of(posted, {**preset, **entered}, existing)
    if not image.disk_format or image.container_format in formats.NOT_BOOTABLE_CONTAINERS:
        return {"findings": []}
    content = _content_in(posted) if content_checks.is_readable(image) else None
    flavors = usable_flavors(request) if boot_checks.depends_on_flavors(image) else ()
    hosts: tuple[str, ...] = ()
    if boot_checks.depends_on_hosts(image) or content:
        hosts = host_architectures(request, policy.allows(request, policy.LIST_HOSTS))

    def shown(finding: Finding) -> dict[str, Any]:
        # Other Properties replace a property of the preset, and remove none.
        is_fixed = existing is None and all(
            value is not None or name not in preset for name, value in finding.changes.items()
        )
        return {
            **described(finding, image, content, hosts),
            "changes": dict(finding.changes) if is_fixed else {},
        }

    found = [
        shown(finding)
        for finding in boot_checks.findings(image, flavors, content, hosts)
        if finding.kind not in _SAID_BY_THE_FORM
    ]
    return {
        "findings": found,
        "content": content_texts.summary(content),
        "nothing": _("Nothing in its properties, its sizes and its content keeps it from booting.")
        if content and all(finding["is_note"] for finding in found)
        else "",
    }


def _entered(posted: Mapping[str, Any]) -> dict[str, str]:
    """Return the properties that the form's fields set."""
    text = str(posted.get("properties", ""))[: fields.VALUE_LENGTH]
    found = {name: value for _line, name, value in property_lines.lines(text) if name and value}
    for field in posted:
        if field.startswith(PREFIX):
            found[decoded(field.removeprefix(PREFIX))] = str(posted[field])
    for field, name in (
        ("architecture", "architecture"),
        ("kernel", "kernel_id"),
        ("ramdisk", "ramdisk_id"),
    ):
        if posted.get(field):
            found[name] = str(posted[field])
    return {name: value[: fields.VALUE_LENGTH] for name, value in found.items() if value}


def _image_of(
    posted: Mapping[str, Any], properties: Mapping[str, str], existing: Image | None
) -> Image:
    disk_format, container_format = formats.glance_formats(posted.get("disk_format", ""))
    image = existing or Image(
        id="new",
        min_disk_gib=_number(posted, "min_disk", boot_checks.LARGEST_MINIMUM) or 0,
        min_ram_mib=_number(posted, "min_ram", boot_checks.LARGEST_MINIMUM) or 0,
    )
    return dataclasses.replace(
        image,
        disk_format=disk_format,
        container_format=container_format,
        size_bytes=_number(posted, "file_size", LARGEST_SIZE_BYTES),
        virtual_size_bytes=_number(posted, "virtual_size", LARGEST_SIZE_BYTES),
        properties={**image.properties, **properties},
    )


def _number(posted: Mapping[str, Any], name: str, largest: int) -> int | None:
    text = str(posted.get(name, ""))[:20]
    return min(int(text), largest) if text.isascii() and text.isdigit() else None


def _content_in(posted: Mapping[str, Any]) -> DiskContent | None:
    """Return the content that the form's script has got from here; None if it has none."""
    try:
        found = json.loads(str(posted.get("content", ""))[:1000])
        values = {each.name: found[each.name] for each in dataclasses.fields(DiskContent)}
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    defaults = dataclasses.asdict(DiskContent())
    if any(type(value) is not type(defaults[name]) for name, value in values.items()):
        return None
    return DiskContent(**values)
