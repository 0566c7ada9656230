# SPDX-License-Identifier: Apache-2.0
"""Everything that can be tried on an image, and what came of it.

Each attempt is a request as a browser would send it, or as somebody forges
it: no page is asked before whether it would offer that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.integration.client import Dashboard, Page
from tests.integration.images import Images
from tests.integration.panels import BATCH_ACTIONS, Panel

#: What somebody uploads.
FORGED = b"forged"

#: What can come of an attempt.
SHOWN, DONE, REFUSED, ABSENT, LOGIN = "shown", "done", "refused", "absent", "login"


@dataclass
class Attempt:
    """Attempts of one person in one panel; `pages` keeps all answers.

    :param query: goes behind every URL, such as "?domain=all"
    """

    dashboard: Dashboard
    panel: Panel
    images: Images
    query: str = ""
    pages: list[Page] = field(default_factory=list)

    def _kept(self, page: Page) -> Page:
        self.pages.append(page)
        return page

    def get(self, path: str) -> Page:
        return self._kept(self.dashboard.get(path + self.query))

    def look(self, path: str) -> str:
        page = self.get(path)
        if page.is_login:
            return LOGIN
        return {200: SHOWN, 403: REFUSED, 404: ABSENT}.get(page.status, str(page.status))

    def progress(self, image_id: str) -> str:
        path = f"{self.panel.progress}?id={image_id}{self.query.replace('?', '&')}"
        page = self._kept(self.dashboard.get(path))
        if page.is_login or page.status != 200:
            return LOGIN if page.is_login else {403: REFUSED}.get(page.status, str(page.status))
        return SHOWN if page.response.json()["images"] else ABSENT

    def uses(self, image_id: str) -> str:
        """Told of images that the person manages, and of no others."""
        path = f"{self.panel.uses}?id={image_id}{self.query.replace('?', '&')}"
        page = self._kept(self.dashboard.get(path))
        if page.is_login or page.status != 200:
            return LOGIN if page.is_login else {403: REFUSED}.get(page.status, str(page.status))
        return SHOWN if page.response.json()["uses"] else ABSENT

    def change(self, image_id: str, act: Callable[[], Page]) -> str:
        """What the attempt did to the image, by Glance's word."""
        before = self.images.unchanging(image_id)
        page = self._kept(act())
        if not self.images.exists(image_id) or self.images.unchanging(image_id) != before:
            return DONE
        if page.is_login:
            return LOGIN
        if page.status != 200:
            # 401 is how Horizon sends a script to the login page.
            return {401: LOGIN, 403: REFUSED, 404: ABSENT}.get(page.status, str(page.status))
        said = " ".join(page.errors)
        assert image_id in said or before["name"] in said, f"nothing done, and said: {said!r}"
        return ABSENT if "There is no such image." in said else REFUSED

    def update(self, image_id: str) -> str:
        shown = self.images.show(image_id)["visibility"]
        fields = {
            "name": "",
            "initial-name": "",
            "description": "changed",
            "initial-description": "",
            "visibility": shown,
            "initial-visibility": shown,
            "initial-protected": "False",
        }
        path = self.panel.update(image_id) + self.query
        return self.change(image_id, lambda: self.dashboard.post(path, fields))

    def metadata(self, image_id: str) -> str:
        fields = {"new_name": "os_distro", "new_value": "changed"}
        path = self.panel.metadata(image_id) + self.query
        return self.change(image_id, lambda: self.dashboard.post(path, fields))

    def change_owner(self, image_id: str) -> str:
        """Gives the image to acme-lab, as confirmed as can be."""
        owner, lab = self.images.show(image_id)["owner"], self.images.cloud.project_id("acme-lab")
        fields = {"project": lab, "project_id": lab, "confirmed": f"{owner}:{lab}"}
        path = self.panel.change_owner(image_id) + self.query
        return self.change(image_id, lambda: self.dashboard.post(path, fields))

    def upload(self, image_id: str) -> str:
        path = self.panel.upload(image_id) + self.query
        return self.change(image_id, lambda: Page(self.dashboard.put(path, FORGED)))

    def upload_data(self, image_id: str) -> str:
        """Posts the form with the checksum of what `upload` sends then."""
        fields = {
            "source": "file",
            "file_name": "forged.img",
            "file_size": len(FORGED),
            "disk_format": "raw",
            "initial-disk_format": "raw",
            "checksum": hashlib.sha256(FORGED).hexdigest(),
        }
        path = self.panel.upload_data(image_id) + self.query
        return self.change(image_id, lambda: self.dashboard.post(path, fields))

    def verify(self, image_id: str) -> str:
        path = self.panel.verify(image_id) + self.query
        return self.change(image_id, lambda: self.dashboard.post(path))

    def data(self, image_id: str) -> dict[str, str]:
        """All attempts on the data of an image that waits for it."""
        return {
            "upload_data page": self.look(self.panel.upload_data(image_id)),
            "upload_data": self.upload_data(image_id),
            "upload": self.upload(image_id),
        }

    def action(self, name: str, image_id: str) -> str:
        if name == "publish":
            return self.publish(image_id, "cloud")
        path = self.panel.index + self.query
        return self.change(image_id, lambda: self.dashboard.act(path, name, image_id))

    def publish(self, image_id: str, audience: str) -> str:
        """Posts what the page on which the audience is chosen would."""
        path = self.panel.publish + self.query
        fields = [("id", image_id), ("audience", audience)]
        return self.change(image_id, lambda: self.dashboard.post(path, fields))

    def everything(self, image_id: str) -> dict[str, str]:
        """All attempts on an image, in an order in which each can succeed."""
        found = {
            "detail": self.look(self.panel.detail(image_id)),
            "download": self.look(self.panel.download(image_id)),
            "update page": self.look(self.panel.update(image_id)),
            "metadata page": self.look(self.panel.metadata(image_id)),
            "metadata search": self.look(self.panel.metadata_search(image_id)),
            "owner page": self.look(self.panel.change_owner(image_id)),
            "owner search": self.look(self.panel.owner_search(image_id)),
            "progress": self.progress(image_id),
            "uses": self.uses(image_id),
            "update": self.update(image_id),
            "metadata": self.metadata(image_id),
            "owner": self.change_owner(image_id),
        }
        return found | {name: self.action(name, image_id) for name in BATCH_ACTIONS}
