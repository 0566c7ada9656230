# SPDX-License-Identifier: Apache-2.0
"""A domain with as many projects as a test needs."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor

from demo.accounts import User
from demo.cloud import Cloud


class BigDomain:
    """Is made when asked for; `projects` are the IDs of its projects so far."""

    def __init__(self, cloud: Cloud):
        self.session, self.url = cloud.session("admin"), cloud.keystone.auth_url
        self.name = f"big-{uuid.uuid4().hex[:8]}"
        body = {"domain": {"name": self.name}}
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
        """Of its first project; no other user of the cloud has that name."""
        path = f"{self.url}/projects/{self.projects[0]}"
        self.session.put(f"{path}/users/{self._id('user', user)}/roles/{self._id('role', 'admin')}")

    def own_admin(self) -> User:
        """Return a user of the domain, whom this makes its admin, and that of its first project."""
        user = User(f"{self.name}-admin", self.name, "big-000", "admin")
        body = {"name": user.name, "domain_id": self.id, "password": user.password}
        self.session.post(f"{self.url}/users", json={"user": body})
        self.make_admin(user.name)
        roles = f"{self.url}/domains/{self.id}/users/{self._id('user', user.name)}/roles"
        self.session.put(f"{roles}/{self._id('role', 'admin')}")
        return user

    def _id(self, kind: str, name: str) -> str:
        answer = self.session.get(f"{self.url}/{kind}s", params={"name": name}).json()
        return str(answer[f"{kind}s"][0]["id"])

    def remove(self) -> None:
        path = f"{self.url}/domains/{self.id}"
        self.session.patch(path, json={"domain": {"enabled": False}})
        self.session.delete(path)
