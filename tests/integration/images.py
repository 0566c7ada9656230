# SPDX-License-Identifier: Apache-2.0
"""What Glance itself says of images, and images for tests to work on."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from keystoneauth1.exceptions import NotFound

from demo.cloud import Cloud
from helion_images_panel.core.deletion import PROPERTY
from tests.integration.waiting import wait_until

DATA = b"An image made by a test.\n".ljust(4096, b"\0")
_PATCH = "application/openstack-images-v2.1-json-patch"
#: What no change of an image's attributes brings back.
_OF_THE_DATA = ("status", "stores", "os_hash_value")

#: An image, but for the time of its last change, and the answers of its members.
State = tuple[dict[str, Any], dict[str, str]]

_count = itertools.count(1)


def unique(name: str = "image") -> str:
    """A name that no other image has, and that no page shows by accident."""
    return f"it-{name}-{next(_count)}-{uuid.uuid4().hex[:8]}"


class Images:
    """Glance as the cloud's admin sees it; what it made, `clean` takes away."""

    def __init__(self, cloud: Cloud):
        self.cloud = cloud
        self.session = cloud.session("admin")
        self.made: list[str] = []

    def _call(self, method: str, path: str, **kwargs: Any) -> Any:
        # Glance closes connections that were idle for a while, maybe just now.
        retries = 2 if method in ("GET", "DELETE") else 0
        url = f"{self.cloud.glance.url}/v2{path}"
        return self.session.request(url, method, connect_retries=retries, **kwargs)

    def make(
        self,
        label: str = "image",
        owner: str = "acme-web",
        data: bytes | None = DATA,
        **fields: Any,
    ) -> str:
        """The ID of a new image, raw and private unless told otherwise.

        :param label: part of its name; `fields["name"]` would be all of it, None for none
        :param data: None leaves the image queued
        """
        body = {
            "name": unique(label),
            "owner": self.cloud.project_id(owner),
            "disk_format": "raw",
            "container_format": "bare",
            "visibility": "private",
            **fields,
        }
        body = {key: value for key, value in body.items() if value is not None}
        image_id = str(self._call("POST", "/images", json=body).json()["id"])
        self.made.append(image_id)
        if data is not None:
            self.upload(image_id, data)
        return image_id

    def upload(self, image_id: str, data: bytes) -> None:
        headers = {"Content-Type": "application/octet-stream"}
        self._call("PUT", f"/images/{image_id}/file", data=data, headers=headers)

    def show(self, image_id: str) -> dict[str, Any]:
        """The whole image, every attribute and property."""
        image: dict[str, Any] = self._call("GET", f"/images/{image_id}").json()
        return image

    def unchanging(self, image_id: str) -> dict[str, Any]:
        """The whole image, but for the time of its last change."""
        return {k: v for k, v in self.show(image_id).items() if k != "updated_at"}

    def state(self, image_id: str) -> State | None:
        """All that an action can change: the image and its members; None where it is gone."""
        try:
            image = self.unchanging(image_id)
        except NotFound:
            return None
        # Of others Glance tells no members.
        return image, self.members(image_id) if image["visibility"] == "shared" else {}

    def restore(self, image_id: str, image: dict[str, Any], members: dict[str, str]) -> bool:
        """Gives the image the state that it had, and says whether that could be done.

        Attributes, properties and members come back; the data do not.
        """
        now = self.state(image_id)
        if now is None or any(now[0].get(name) != image.get(name) for name in _OF_THE_DATA):
            return False
        if any(name.startswith("os_glance_") for name in now[0].keys() ^ image.keys()):
            # Glance is at work on it, or was, and lets nobody write that.
            return False
        for project_id in now[1].keys() - members.keys():
            self._call("DELETE", f"/images/{image_id}/members/{project_id}")
        patch: list[dict[str, Any]] = []
        for name in now[0].keys() | image.keys():
            if name not in image:
                patch.append({"op": "remove", "path": f"/{name}"})
            elif now[0].get(name) != image[name]:
                patch.append({"op": "add", "path": f"/{name}", "value": image[name]})
        self._patch(image_id, patch)
        for project_id in members.keys() & now[1].keys():
            if members[project_id] != now[1][project_id]:
                path = f"/images/{image_id}/members/{project_id}"
                self._call("PUT", path, json={"status": members[project_id]})
        return self.state(image_id) == (image, members)

    def name(self, image_id: str) -> str:
        return str(self.show(image_id)["name"])

    def status(self, image_id: str) -> str:
        return str(self.show(image_id)["status"])

    def exists(self, image_id: str) -> bool:
        """Whether the image is there, and not one that is deleted and can be restored."""
        try:
            return PROPERTY not in self.show(image_id)
        except NotFound:
            return False

    def data(self, image_id: str) -> bytes:
        return bytes(self._call("GET", f"/images/{image_id}/file").content)

    def list(self, **parameters: Any) -> list[dict[str, Any]]:
        """All images of a query, page after page, in Glance's own order."""
        asked = {"limit": 100, "sort": "name:asc,id:asc", "visibility": "all", **parameters}
        found: list[dict[str, Any]] = []
        while True:
            rows = self._call("GET", "/images", params=asked).json()["images"]
            found += rows
            if len(rows) < int(asked["limit"]):
                return found
            asked["marker"] = rows[-1]["id"]

    def named(self, name: str) -> list[dict[str, Any]]:
        return self.list(name=f"eq:{name}")

    def adopt(self, image_id: str) -> str:
        """Has an image that a page made taken away at the end."""
        self.made.append(image_id)
        return image_id

    def update(self, image_id: str, **changes: Any) -> None:
        self._patch(
            image_id, [{"op": "add", "path": f"/{k}", "value": v} for k, v in changes.items()]
        )

    def remove(self, image_id: str, *names: str) -> None:
        self._patch(image_id, [{"op": "remove", "path": f"/{name}"} for name in names])

    def _patch(self, image_id: str, patch: list[dict[str, Any]]) -> None:
        self._call("PATCH", f"/images/{image_id}", json=patch, headers={"Content-Type": _PATCH})

    def share(self, image_id: str, project: str, status: str = "accepted") -> None:
        member = self.cloud.project_id(project)
        self._call("POST", f"/images/{image_id}/members", json={"member": member})
        path = f"/images/{image_id}/members/{member}"
        self._call("PUT", path, json={"status": status})

    def copy(self, image_id: str, store: str) -> None:
        """Has the data copied to a further store, and waits for the end of that."""
        body = {"method": {"name": "copy-image"}, "stores": [store]}
        self._call("POST", f"/images/{image_id}/import", json=body)
        wait_until(
            lambda: self.show(image_id),
            lambda image: (
                store in image["stores"].split(",") and "os_glance_import_task" not in image
            ),
            f"image {image_id} to be copied to {store}",
        )

    def members(self, image_id: str) -> dict[str, str]:
        found = self._call("GET", f"/images/{image_id}/members").json()["members"]
        return {member["member_id"]: member["status"] for member in found}

    def delete(self, image_id: str) -> None:
        try:
            if self.show(image_id)["protected"]:
                # Glance at work on it would write it back as protected as it has read it.
                wait_until(
                    lambda: self.show(image_id),
                    lambda image: "os_glance_import_task" not in image,
                    f"image {image_id} to be left alone by Glance",
                )
                self.update(image_id, protected=False)
            self._call("DELETE", f"/images/{image_id}")
        except NotFound:
            return

    def wait_for_status(self, image_id: str, *statuses: str, within_s: float = 30) -> str:
        return wait_until(
            lambda: self.status(image_id),
            lambda status: status in statuses,
            f"image {image_id} to be {' or '.join(statuses)}",
            within_s,
        )

    def clean(self) -> None:
        for image_id in self.made:
            self.delete(image_id)
        self.made.clear()


@contextmanager
def removed_at_the_end(cloud: Cloud) -> Iterator[Images]:
    """Images, of which none is left afterwards."""
    made = Images(cloud)
    try:
        yield made
    finally:
        made.clean()
