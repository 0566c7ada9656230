# SPDX-License-Identifier: Apache-2.0
"""Where the two panels have their pages."""

from __future__ import annotations

from dataclasses import dataclass

from tests.integration.declared import ACTIONS


@dataclass(frozen=True)
class Panel:
    index: str
    detail_path: str

    @property
    def create(self) -> str:
        return f"{self.index}create/"

    @property
    def progress(self) -> str:
        return f"{self.index}progress/"

    @property
    def uses(self) -> str:
        return f"{self.index}uses/"

    @property
    def access(self) -> str:
        return f"{self.index}access/"

    @property
    def projects(self) -> str:
        return f"{self.index}projects/"

    @property
    def shared(self) -> str:
        return f"{self.index}shared/"

    @property
    def catalogue(self) -> str:
        return f"{self.index}catalogue/"

    @property
    def storage(self) -> str:
        return f"{self.index}storage/"

    @property
    def rules(self) -> str:
        return f"{self.index}rules/"

    def detail(self, image_id: str) -> str:
        return f"{self.index}{image_id}/{self.detail_path}"

    def update(self, image_id: str) -> str:
        return f"{self.index}{image_id}/update/"

    def metadata(self, image_id: str) -> str:
        return f"{self.index}{image_id}/metadata/"

    def metadata_search(self, image_id: str) -> str:
        return f"{self.metadata(image_id)}search/"

    def fix(self, image_id: str) -> str:
        return f"{self.index}{image_id}/fix/"

    def boot(self, image_id: str) -> str:
        return f"{self.index}{image_id}/boot/"

    def share(self, image_id: str) -> str:
        return f"{self.index}{image_id}/share/"

    def change_owner(self, image_id: str) -> str:
        return f"{self.index}{image_id}/change_owner/"

    def owner_search(self, image_id: str) -> str:
        return f"{self.change_owner(image_id)}search/"

    def end_dates(self, image_id: str) -> str:
        return f"{self.index}{image_id}/end_dates/"

    def replacement_search(self, image_id: str) -> str:
        return f"{self.end_dates(image_id)}replacements/"

    @property
    def publish(self) -> str:
        return f"{self.index}publish/"

    def publish_step(self, image_id: str) -> str:
        return f"{self.index}{image_id}/publish/"

    @property
    def ending(self) -> str:
        return f"{self.index}ending/"

    def family(self, image_id: str) -> str:
        return f"{self.index}{image_id}/family/"

    def make_latest(self, image_id: str) -> str:
        return f"{self.index}{image_id}/make_latest/"

    def end_rule(self, image_id: str) -> str:
        return f"{self.index}{image_id}/end_rule/"

    def new_version(self, image_id: str) -> str:
        return f"{self.index}{image_id}/new_version/"

    def existing_version(self, image_id: str) -> str:
        return f"{self.index}{image_id}/existing_version/"

    def latest(self, family: str) -> str:
        return f"{self.index}family/{family}/latest"

    def upload(self, image_id: str) -> str:
        return f"{self.index}{image_id}/upload/"

    def upload_data(self, image_id: str) -> str:
        return f"{self.index}{image_id}/upload_data/"

    def download(self, image_id: str) -> str:
        return f"{self.index}{image_id}/download/"

    def verify(self, image_id: str) -> str:
        return f"{self.index}{image_id}/verify/"


PROJECT = Panel("/project/images/", "")
ADMIN = Panel("/admin/images/", "detail/")
#: What the manager of a domain has in the Project dashboard.
DOMAIN = Panel("/project/images/domain/", "detail/")
PANELS = {"project": PROJECT, "admin": ADMIN, "domain": DOMAIN}

BATCH_ACTIONS = tuple(ACTIONS)
