# SPDX-License-Identifier: Apache-2.0
"""Instances, volumes and their snapshots, as Nova and Cinder have them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from demo.cloud import Cloud
from demo.compute.cloud import FLAVOR, NETWORK
from tests.browser.waiting import wait_for

Value = TypeVar("Value")

#: On two busy processors.
WITHIN_S = 90.0

#: In this version of its API a server tells the flavor's name and takes a network by its ID.
_NOVA = {"OpenStack-API-Version": "compute 2.90"}


class Machines:
    """What the tests ask of the services, and make there for themselves."""

    def __init__(self, cloud: Cloud) -> None:
        assert cloud.compute is not None
        self.cloud = cloud
        self._nova = f"{cloud.compute.nova.url}/v2.1"
        self._neutron = f"{cloud.compute.neutron.url}/v2.0"
        self._cinder = f"{cloud.compute.cinder.url}/v3"

    # Instances.

    def launch(
        self,
        name: str,
        image: str,
        user: str = "alice",
        *,
        on_volume: bool = False,
        volume: str = "",
    ) -> str:
        """Launch an instance, wait until it is active, and return its ID.

        :param image: ID of the image
        :param on_volume: boot from a new volume with the image's data
        :param volume: ID of the volume to boot from
        """
        source: dict[str, Any] = {"imageRef": image}
        if on_volume:
            device = {
                "boot_index": 0,
                "uuid": image,
                "source_type": "image",
                "destination_type": "volume",
                "volume_size": FLAVOR["disk"],
                "delete_on_termination": True,
            }
            source = {"block_device_mapping_v2": [device]}
        if volume:
            device = {"boot_index": 0, "uuid": volume, "source_type": "volume"}
            device["destination_type"] = "volume"
            source = {"block_device_mapping_v2": [device]}
        server = {
            "name": name,
            "flavorRef": self._id_of(user, f"{self._nova}/flavors", "flavors", FLAVOR["name"]),
            "networks": [
                {"uuid": self._id_of(user, f"{self._neutron}/networks", "networks", NETWORK)}
            ],
            **source,
        }
        session = self.cloud.session(user)
        body = session.post(f"{self._nova}/servers", json={"server": server}, headers=_NOVA).json()
        self.wait_until_active(name, user)
        return str(body["server"]["id"])

    def wait_until_active(self, name: str, user: str = "alice") -> Any:
        """Return the instance of this name once it is active; an error ends the wait."""

        def active() -> Any:
            found = self.server(name, user)
            assert not found or found["status"] != "ERROR", found.get("fault")
            return found if found and found["status"] == "ACTIVE" else None

        return self._until(active, f"instance {name!r} to be active", user)

    def wait_for_status(self, name: str, *statuses: str, user: str = "alice") -> None:
        """Wait until the instance of this name has one of these statuses."""

        def reached() -> bool:
            found = self.server(name, user)
            return bool(found) and found["status"] in statuses

        self._until(reached, f"instance {name!r} to be {' or '.join(statuses)}", user)

    def act(self, server_id: str, user: str = "alice", **action: Any) -> None:
        """Send an action of Nova's API to an instance, as its name and its value."""
        url = f"{self._nova}/servers/{server_id}/action"
        self.cloud.session(user).post(url, json=action, headers=_NOVA)

    def server(self, name: str, user: str = "alice") -> Any:
        """Return the instance of this name as Nova shows it; None if there is none."""
        return next((each for each in self.servers(user) if each["name"] == name), None)

    def servers(self, user: str = "alice") -> list[Any]:
        url = f"{self._nova}/servers/detail"
        found: list[Any] = self.cloud.session(user).get(url, headers=_NOVA).json()["servers"]
        return found

    def create_snapshot(self, server_id: str, name: str, user: str = "alice") -> str:
        """Create a snapshot of an instance, wait until it is active, and return its ID."""
        session, glance = self.cloud.session(user), self.cloud.glance_client(user)
        session.post(
            f"{self._nova}/servers/{server_id}/action",
            json={"createImage": {"name": name}},
            headers=_NOVA,
        )

        def active() -> Any:
            found = list(glance.images.list(filters={"name": name}))
            return found[0] if found and found[0]["status"] == "active" else None

        return str(self._until(active, f"snapshot {name!r} to be active", user)["id"])

    # Volumes.

    def create_volume(self, name: str, image: str, user: str = "alice") -> str:
        """Create a volume from the image of this ID, wait for its data, and return its ID."""
        project = self.cloud.project_id(self.cloud.user(user).project)
        volume = {"name": name, "size": 1, "imageRef": image}
        url = f"{self._cinder}/{project}/volumes"
        self.cloud.session(user).post(url, json={"volume": volume})
        return str(self.wait_for_volume(name, user)["id"])

    def volume(self, name: str, user: str = "alice") -> Any:
        return next((each for each in self._volumes(user, "volumes") if each["name"] == name), None)

    def wait_for_volume(self, name: str, user: str = "alice") -> Any:
        """Return the volume of this name once it has its data; an error ends the wait."""

        def available() -> Any:
            found = self.volume(name, user)
            assert not found or found["status"] != "error", found
            return found if found and found["status"] == "available" else None

        return self._until(available, f"volume {name!r} to be available", user)

    def volume_snapshots(self, user: str = "alice") -> list[Any]:
        return self._volumes(user, "snapshots")

    # Cleaning.

    def clean(self) -> None:
        """Remove all instances, then the snapshots of volumes, then the volumes."""
        admin = self.cloud.session("admin")
        everywhere = {"all_tenants": 1}
        servers = f"{self._nova}/servers"
        self._remove(
            lambda: admin.get(servers, params=everywhere).json()["servers"],
            lambda server: f"{servers}/{server['id']}",
            "instances",
        )
        project = self.cloud.project_id("admin")
        for kind in ("snapshots", "volumes"):
            url = f"{self._cinder}/{project}/{kind}"
            self._remove(
                lambda url=url, kind=kind: admin.get(url, params=everywhere).json()[kind],
                lambda each, url=url: f"{url}/{each['id']}",
                kind,
            )

    def _remove(
        self, listed: Callable[[], list[Any]], url: Callable[[Any], str], what: str
    ) -> None:
        admin = self.cloud.session("admin")

        def gone() -> bool:
            left = listed()
            for each in left:
                # Again and again: one that is still being made refuses.
                admin.delete(url(each), raise_exc=False)
            return not left

        wait_for(gone, f"all {what} to go", listed, WITHIN_S)

    def _volumes(self, user: str, kind: str) -> list[Any]:
        project = self.cloud.project_id(self.cloud.user(user).project)
        url = f"{self._cinder}/{project}/{kind}/detail"
        found: list[Any] = self.cloud.session(user).get(url).json()[kind]
        return found

    def _id_of(self, user: str, url: str, kind: str, name: object) -> str:
        found = self.cloud.session(user).get(url).json()[kind]
        return next(str(each["id"]) for each in found if each["name"] == name)

    def _until(self, condition: Callable[[], Value], what: str, user: str) -> Value:
        return wait_for(condition, what, lambda: self.servers(user), WITHIN_S)
