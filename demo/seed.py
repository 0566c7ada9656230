# SPDX-License-Identifier: Apache-2.0
"""The images that the demo cloud begins with."""

import contextlib
import io
import json
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from glanceclient.exc import HTTPConflict, HTTPNotFound
from glanceclient.v2.client import Client

from demo import imagefiles
from demo.glance import DEFAULT_STORE, STORES

MIB = 1024 * 1024
_NAMESPACE = uuid.UUID("6f5b4b3e-6c7c-4e0a-9d0a-3b8f2b8f4c1d")
_COPY_TIMEOUT_S = 60


def image_id(key: str) -> str:
    """The ID of an image of this file. It is the same in every demo cloud."""
    return str(uuid.uuid5(_NAMESPACE, key))


@dataclass(frozen=True)
class SeedImage:
    """One image: its record, its data, and what is done to it afterwards.

    :ivar key: stands for the image in code, see ``image_id``
    :ivar owner: name of a project
    :ivar fields: more of the record, as the API calls it
    :ivar content: the data; None leaves the image queued
    :ivar members: projects it is shared with, and their answer
    """

    key: str
    owner: str
    name: str | None
    disk_format: str
    content: bytes | None
    visibility: str = "private"
    fields: dict[str, Any] = field(default_factory=dict)
    members: dict[str, str] = field(default_factory=dict)
    stores: tuple[str, ...] = (DEFAULT_STORE,)
    deactivated: bool = False

    @property
    def id(self) -> str:
        return image_id(self.key)


def seed_images(
    project_id: Callable[[str], str], user_id: Callable[[str], str]
) -> tuple[SeedImage, ...]:
    """All images of the demo, in the order in which they are made."""
    qcow2, raw, iso, vmdk = imagefiles.qcow2, imagefiles.raw, imagefiles.iso9660, imagefiles.vmdk
    web_server = image_id("web-server")
    snapshot = {
        "image_type": "snapshot",
        "image_location": "snapshot",
        "image_state": "available",
        "base_image_ref": web_server,
        "instance_uuid": "3f2a9f0c-52d5-4e0f-8d0b-7d9f0f6a1b11",
        "user_id": user_id("alice"),
        "owner_id": project_id("acme-web"),
        "owner_user_name": "alice",
        "owner_project_name": "acme-web",
        "boot_roles": "member,reader",
        "architecture": "x86_64",
    }
    return (
        SeedImage(
            "cirros",
            "admin",
            "cirros-like",
            "qcow2",
            qcow2(112 * MIB, b"cirros-like"),
            "public",
            {
                "description": "A very small system to try things with",
                "architecture": "x86_64",
                "os_distro": "cirros",
                "min_ram": 64,
                "min_disk": 1,
                "protected": True,
                "tags": ["small", "test"],
            },
            stores=STORES,
        ),
        SeedImage(
            "debian",
            "admin",
            "debian-12-generic",
            "qcow2",
            qcow2(2048 * MIB, b"debian"),
            "public",
            {
                "architecture": "x86_64",
                "os_distro": "debian",
                "os_version": "12",
                "os_type": "linux",
                "hw_disk_bus": "virtio",
                "hw_vif_model": "virtio",
                "hw_qemu_guest_agent": "yes",
                "min_disk": 2,
                "min_ram": 512,
                "tags": ["lts"],
            },
        ),
        SeedImage(
            "debian-arm",
            "admin",
            "debian-12-generic-arm64",
            "qcow2",
            qcow2(2048 * MIB, b"debian arm"),
            "public",
            {
                "architecture": "aarch64",
                "os_distro": "debian",
                "os_version": "12",
                "hw_firmware_type": "uefi",
            },
        ),
        SeedImage(
            "debian-old",
            "admin",
            "debian-11-generic",
            "qcow2",
            qcow2(2048 * MIB, b"debian old"),
            "public",
            {
                "architecture": "x86_64",
                "os_distro": "debian",
                "os_version": "11",
                "os_hidden": True,
            },
        ),
        SeedImage(
            "rescue",
            "admin",
            "rescue-cd",
            "iso",
            iso("RESCUE", {"README.TXT": b"Boot me when nothing else boots.\n"}),
            "public",
            {"architecture": "x86_64", "description": "A CD to boot when nothing else boots"},
        ),
        SeedImage(
            "notes",
            "demo",
            "lab-notes",
            "raw",
            raw(MIB, b"Notes on a raw disk.\n"),
            fields={"description": "Data disk of the first lab"},
        ),
        SeedImage(
            "script",
            "demo",
            "<script>alert(1)</script>",
            "qcow2",
            qcow2(64 * MIB, b"script"),
            fields={"description": "<b>not bold</b> & not an entity: &lt;", "tags": ["<i>tag</i>"]},
        ),
        SeedImage("nameless", "demo", None, "raw", raw(64 * 1024, b"nameless")),
        SeedImage(
            "long",
            "demo",
            ("a-name-of-two-hundred-characters-" * 7)[:200],
            "qcow2",
            qcow2(MIB, b"long"),
        ),
        SeedImage(
            "installer", "demo", "installer", "iso", iso("INSTALLER", {"SETUP.SH": b"#!/bin/sh\n"})
        ),
        SeedImage(
            "web-server",
            "acme-web",
            "web-server",
            "qcow2",
            qcow2(4096 * MIB, b"web server"),
            fields={
                "description": "The golden image of the web tier",
                "architecture": "x86_64",
                "os_distro": "debian",
                "min_disk": 4,
                "min_ram": 1024,
                "protected": True,
                "tags": ["golden", "web"],
            },
        ),
        SeedImage(
            "snapshot",
            "acme-web",
            "web-1 before the upgrade",
            "qcow2",
            qcow2(4096 * MIB, b"snapshot"),
            fields={**snapshot, "min_disk": 4},
        ),
        SeedImage(
            "volume-snapshot",
            "acme-web",
            "db-1 volumes",
            "raw",
            b"",
            fields={
                "base_image_ref": "",
                "owner_user_name": "alice",
                "owner_project_name": "acme-web",
                "boot_roles": "member,reader",
                "root_device_name": "/dev/vda",
                "bdm_v2": "True",
                "block_device_mapping": json.dumps(_block_devices(20, 100)),
            },
        ),
        SeedImage(
            "pending",
            "acme-web",
            "shared-pending",
            "qcow2",
            qcow2(MIB, b"pending"),
            "shared",
            members={"acme-data": "pending"},
        ),
        SeedImage(
            "community",
            "acme-web",
            "community-tools",
            "qcow2",
            qcow2(256 * MIB, b"community"),
            "community",
            {"description": "As it is, without support"},
        ),
        SeedImage("queued", "acme-web", "waiting-for-data", "qcow2", None),
        SeedImage(
            "accepted",
            "acme-data",
            "shared-accepted",
            "qcow2",
            qcow2(MIB, b"accepted"),
            "shared",
            members={"acme-web": "accepted", "acme-lab": "rejected"},
        ),
        SeedImage(
            "arabic",
            "acme-data",
            "صورة خادم البيانات",
            "qcow2",
            qcow2(512 * MIB, b"arabic"),
            fields={"description": "نظام قاعدة البيانات", "architecture": "x86_64"},
        ),
        SeedImage(
            "archived",
            "acme-data",
            "warehouse-2019",
            "raw",
            raw(2 * MIB, b"archived"),
            fields={"description": "Kept for the auditors", "protected": True},
            stores=("archive",),
        ),
        SeedImage(
            "deactivated",
            "acme-lab",
            "under-inspection",
            "qcow2",
            qcow2(MIB, b"deactivated"),
            deactivated=True,
        ),
        SeedImage(
            "appliance",
            "acme-lab",
            "appliance",
            "vmdk",
            vmdk(64 * MIB),
            fields={"os_type": "linux"},
        ),
        SeedImage(
            "across",
            "acme-lab",
            "shared-across",
            "qcow2",
            qcow2(MIB, b"across"),
            "shared",
            members={"demo": "accepted"},
        ),
        SeedImage("secret", "globex-research", "research-secret", "qcow2", qcow2(MIB, b"secret")),
        SeedImage(
            "globex-shared",
            "globex-ops",
            "globex-base",
            "qcow2",
            qcow2(MIB, b"globex"),
            "shared",
            members={"globex-research": "accepted"},
        ),
    )


def _block_devices(*sizes_gib: int) -> list[dict[str, Any]]:
    """What Nova writes of an instance's volumes, boot volume first."""
    return [
        {
            "source_type": "snapshot",
            "destination_type": "volume",
            "snapshot_id": image_id(f"volume {number}"),
            "device_name": f"/dev/vd{'abc'[number]}",
            "boot_index": 0 if number == 0 else None,
            "volume_size": size_gib,
            "delete_on_termination": False,
        }
        for number, size_gib in enumerate(sizes_gib)
    ]


def make_images(
    admin: Client, project_id: Callable[[str], str], user_id: Callable[[str], str]
) -> None:
    """Make the images. What an interrupted run has left is finished, not made twice."""
    for image in seed_images(project_id, user_id):
        _make_image(admin, image, project_id)


def _make_image(admin: Client, image: SeedImage, project_id: Callable[[str], str]) -> None:
    record = _record(admin, image, project_id(image.owner))
    if record is None:
        return
    if image.content is not None and record["status"] == "queued":
        size = len(image.content)
        admin.images.upload(
            image.id, io.BytesIO(image.content), image_size=size, backend=image.stores[0]
        )
    for project, status in image.members.items():
        _share(admin, image.id, project_id(project), status)
    missing = set(image.stores) - set(admin.images.get(image.id).get("stores", "").split(","))
    if image.content is not None and missing:
        _copy(admin, image.id, sorted(missing))
    if image.deactivated and record["status"] != "deactivated":
        admin.images.deactivate(image.id)


def _record(admin: Client, image: SeedImage, owner: str) -> Any | None:
    """The image's record, made if there is none; None if somebody deleted the image."""
    try:
        return admin.images.get(image.id)
    except HTTPNotFound:
        pass
    name = {} if image.name is None else {"name": image.name}
    try:
        return admin.images.create(
            id=image.id,
            owner=owner,
            visibility=image.visibility,
            disk_format=image.disk_format,
            container_format="bare",
            **name,
            **image.fields,
        )
    except HTTPConflict:
        return None


def _share(admin: Client, image: str, project: str, status: str) -> None:
    with contextlib.suppress(HTTPConflict):
        admin.image_members.create(image, project)
    if status != "pending":
        admin.image_members.update(image, project, status)


def _copy(admin: Client, image: str, stores: list[str]) -> None:
    admin.images.image_import(image, method="copy-image", stores=stores)
    deadline = time.monotonic() + _COPY_TIMEOUT_S
    while not set(stores) <= set(admin.images.get(image)["stores"].split(",")):
        if time.monotonic() > deadline:
            raise TimeoutError(f"image {image} was not copied to {stores}")
        time.sleep(0.1)
