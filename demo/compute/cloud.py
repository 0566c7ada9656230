# SPDX-License-Identifier: Apache-2.0
"""The compute cloud as a whole: its services, their start, a flavor and a network."""

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future
from typing import Any

from keystoneauth1.session import Session

from demo.compute.cinder import Cinder
from demo.compute.environment import Environment
from demo.compute.neutron import Neutron
from demo.compute.nova import Nova
from demo.compute.placement import Placement
from demo.glance import Glance
from demo.keystone import Keystone
from demo.service import Service
from demo.state import State

FLAVOR = {"name": "small", "vcpus": 1, "ram": 1024, "disk": 5}
NETWORK = "demo-net"
SUBNET = {"name": "demo-subnet", "cidr": "10.20.0.0/16", "ip_version": 4}

_WITHIN_S = 120
_POLL_S = 0.5

#: Nova's newest version of the API that everything here is made with.
_NOVA_HEADERS = {"OpenStack-API-Version": "compute 2.90"}


class Compute:
    """Nova, Placement, Neutron and Cinder of one cloud.

    :param admin: returns a session of the cloud's admin
    :param report: gets a short line for each thing done
    """

    def __init__(
        self,
        state: State,
        keystone: Keystone,
        glance: Glance,
        *,
        admin: Callable[[], Session],
        report: Callable[[str], None],
    ) -> None:
        environment = Environment()
        self.placement = Placement(state, keystone, environment, "placement")
        self.nova = Nova(state, keystone, glance, environment, "nova")
        self.neutron = Neutron(state, keystone, environment, "neutron")
        self.cinder = Cinder(state, keystone, glance, environment, "cinder")
        self._admin = admin
        self._report = report

    @property
    def services(self) -> tuple[Service, ...]:
        """In the order in which they are taken down."""
        return (self.nova, self.cinder, self.neutron, self.placement)

    def catalog(self) -> Mapping[str, tuple[str, str]]:
        """Service type to its name and its URL."""
        return {
            "compute": ("nova", f"{self.nova.url}/v2.1"),
            "placement": ("placement", self.placement.url),
            "network": ("neutron", self.neutron.url),
            "block-storage": ("cinder", f"{self.cinder.url}/v3"),
        }

    def begin(self, pool: Executor, identity: Future[None]) -> list[Future[None]]:
        """Start everything in the threads of a pool, of which it needs five.

        :param identity: is done when accounts and catalog are there
        """
        placement = pool.submit(self._bring_up, self.placement)
        neutron = pool.submit(self._bring_up, self.neutron)
        return [
            placement,
            neutron,
            pool.submit(self._bring_up, self.cinder, identity),
            pool.submit(self._bring_up_nova, placement, identity),
            pool.submit(self._make_network, neutron, identity),
        ]

    def _bring_up(self, service: Service, *needed: Future[None]) -> None:
        service.prepare()
        for each in needed:
            each.result()
        service.launch()
        service.wait()
        self._report(f"{service.name} answers on {service.url}")

    def _bring_up_nova(self, placement: Future[None], identity: Future[None]) -> None:
        # Its conductor and its scheduler end if Placement does not answer.
        self._bring_up(self.nova, placement, identity)
        session, url = self._admin(), f"{self.nova.url}/v2.1"
        deadline = time.monotonic() + _WITHIN_S
        while not self._has_host(session, url):
            self.nova.check()
            if time.monotonic() > deadline:
                raise self.nova.failure(f"has no compute host after {_WITHIN_S} s")
            time.sleep(_POLL_S)
        flavors = session.get(f"{url}/flavors").json()["flavors"]
        if FLAVOR["name"] not in {flavor["name"] for flavor in flavors}:
            session.post(f"{url}/flavors", json={"flavor": FLAVOR}, headers=_NOVA_HEADERS)
        self._report("nova has a compute host")

    def _has_host(self, session: Session, url: str) -> bool:
        """Whether the scheduler would find the host: mapped to its cell, and in Placement."""
        hosts = session.get(f"{url}/os-hypervisors/detail").json()["hypervisors"]
        if not any(host["state"] == "up" for host in hosts):
            return False
        found = session.get(
            f"{self.placement.url}/resource_providers?resources=VCPU:1",
            headers={"OpenStack-API-Version": "placement 1.20"},
        )
        return bool(found.json()["resource_providers"])

    def _make_network(self, neutron: Future[None], identity: Future[None]) -> None:
        for each in (neutron, identity):
            each.result()
        session, url = self._admin(), f"{self.neutron.url}/v2.0"
        # The first requests may fail, while it still loads what it answers with.
        found = _listed(session, f"{url}/networks", "networks")
        if any(network["name"] == NETWORK for network in found):
            return
        network = session.post(
            f"{url}/networks", json={"network": {"name": NETWORK, "shared": True}}
        ).json()["network"]
        subnet = {**SUBNET, "network_id": network["id"], "gateway_ip": None, "enable_dhcp": False}
        session.post(f"{url}/subnets", json={"subnet": subnet})
        self._report("the network is made")


def _listed(session: Session, url: str, kind: str) -> Sequence[Mapping[str, Any]]:
    deadline = time.monotonic() + _WITHIN_S
    while True:
        response = session.get(url, raise_exc=time.monotonic() > deadline)
        if response.ok:
            found: Sequence[Mapping[str, Any]] = response.json()[kind]
            return found
        time.sleep(_POLL_S)
