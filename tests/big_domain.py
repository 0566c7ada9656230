# SPDX-License-Identifier: Apache-2.0
"""A domain with as many projects as a test needs."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor

from demo.cloud import Cloud


class BigDomain:
    """Is made when asked for; `projects` are the IDs of its projects so far."""

    def __init__(self, cloud: Cloud):
        self.session, self.url = cloud.session("admin"), cloud.keystone.auth_url
        body = {"domain": {"name": f"big-{uuid.uuid4().hex[:8]}"}}
        self.id = str(self.session.post(f"{self.url}/domains", json=body).json()["domain"]["id"])
        self.projects: list[str] = []

    def add(self, count: int) -> None:
        names = [f"big-{len(self.projects) + number:03}" for number in range(count)]
        with ThreadPoolExecutor(max_workers=4) as pool:
            self.projects += pool.map(self._make, names)

    def _make(self, name: str) -> str:
        body = {"project": {"name": name, "domain_id": self.id}}
        return str(self.session.post(f"{self.url}/projects", json=body).json()["project"]["id"])

    def make_admin(self, user: str) -> None:
        """Of its first project; the user is one of the cloud's own domain."""
        path = f"{self.url}/projects/{self.projects[0]}"
        self.session.put(f"{path}/users/{self._id('user', user)}/roles/{self._id('role', 'admin')}")

    def _id(self, kind: str, name: str) -> str:
        answer = self.session.get(f"{self.url}/{kind}s", params={"name": name}).json()
        return str(answer[f"{kind}s"][0]["id"])

    def remove(self) -> None:
        path = f"{self.url}/domains/{self.id}"
        self.session.patch(path, json={"domain": {"enabled": False}})
        self.session.delete(path)
