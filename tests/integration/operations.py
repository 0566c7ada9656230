# SPDX-License-Identifier: Apache-2.0
"""Everything that can be tried on an image, and what came of it.

Each attempt is a request as a browser would send it, or as somebody forges
it: no page is asked before whether it would offer that.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from helion_images_panel.core.image import Image
from helion_images_panel.core.publication import DOMAIN, publication_of
from tests.integration.client import NOT_FOUND, Dashboard, Page, errors_in
from tests.integration.images import Images, State
from tests.integration.panels import BATCH_ACTIONS, PROJECT, Panel

#: What somebody uploads.
FORGED = b"forged"

#: What "Will It Boot?" corrects in an image that has it.
FAULT = {"hw_disk_bus": "virtio-scsi"}
FINDING = "wrong_value.hw_disk_bus"

#: What can come of an attempt. UNCHANGED was so before, and is no failure;
#: FORBIDDEN is for want of a right, IMPOSSIBLE for the state of the image: who
#: may not is to be told so in every state.
SHOWN, DONE, UNCHANGED, FORBIDDEN, IMPOSSIBLE, ABSENT, LOGIN = (
    "shown",
    "done",
    "unchanged",
    "forbidden",
    "impossible",
    "absent",
    "login",
)

#: What confirms the dialog in which an image becomes a version.
_CONFIRMED = re.compile(r'name="confirmed" value="([0-9a-f]{16})"')

#: What is done to rows at once. Publish leads to a page, which is tried apart.
ROW_ACTIONS = tuple(name for name in BATCH_ACTIONS if name != "publish")

_NOT_ALLOWED = "You are not allowed to"
_BY_STATUS = {
    400: IMPOSSIBLE,
    # How Horizon sends a script to the login page.
    401: LOGIN,
    403: FORBIDDEN,
    404: ABSENT,
    409: IMPOSSIBLE,
}


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
    #: The latest version of a family, by the ID of its project.
    latest: Mapping[str, str] = field(default_factory=dict)
    _before: State | None = None

    def of(self, name: str, image_id: str, before: State | None = None) -> str:
        """What came of the attempt `name`, one of ATTEMPTS.

        :param before: the state that the image is in, where that is known
        """
        self._before = before
        if name in ROW_ACTIONS:
            return self._changed(image_id, lambda: self._act(name, image_id))
        attempt: Callable[[str], str] = getattr(self, name)
        return attempt(image_id)

    def all(self, image_id: str, names: Iterable[str] = ()) -> dict[str, str]:
        """What came of each attempt, one after the other on the same image."""
        return {name: self.of(name, image_id) for name in names or ATTEMPTS}

    def _kept(self, page: Page) -> Page:
        self.pages.append(page)
        return page

    def _url(self, path: str, *parameters: str) -> str:
        asked = "&".join(filter(None, (self.query.removeprefix("?"), *parameters)))
        return f"{path}?{asked}" if asked else path

    def _look(self, path: str, *parameters: str) -> str:
        return self._seen(self.dashboard.get(self._url(path, *parameters)))

    def _seen(self, page: Page) -> str:
        self._kept(page)
        if page.is_login:
            return LOGIN
        if page.status == 200 and page.errors:
            # It led back to where the person is told why.
            return IMPOSSIBLE
        return SHOWN if page.status in (200, 206) else _BY_STATUS.get(page.status, str(page.status))

    def _told(self, path: str, image_id: str, key: str) -> str:
        """Of images that the person may not know of, a script's question is told nothing."""
        page = self._kept(self.dashboard.get(self._url(path, f"id={image_id}")))
        if page.is_login:
            return LOGIN
        if page.status != 200:
            return _BY_STATUS.get(page.status, str(page.status))
        return SHOWN if page.response.json()[key] else ABSENT

    def _changed(self, image_id: str, act: Callable[[], Page]) -> str:
        """What the attempt did to the image and its members, by Glance's word."""
        before = self._before or self.images.state(image_id)
        self.dashboard.waiting_messages()
        page = self._kept(act())
        if self.images.state(image_id) != before:
            return DONE
        if page.is_login or page.leads_to_login:
            return LOGIN
        messages = self.dashboard.waiting_messages() if page.status == 302 else []
        if page.status == 302 and not messages:
            # What became of rows waits for the next page, here an empty list.
            page = self._kept(self.dashboard.get(PROJECT.index, name="no image"))
        if page.status not in (200, 302):
            return _BY_STATUS.get(page.status, str(page.status))
        messages = messages or page.messages
        said = " ".join([*errors_in(messages), *page.form_errors])
        if NOT_FOUND in said:
            return ABSENT
        if not said and any(text.startswith("Success:") for text in messages):
            return UNCHANGED
        assert said, f"nothing done, and nothing said: {page.url} {page.text[:500]!r}"
        return FORBIDDEN if _NOT_ALLOWED in said else IMPOSSIBLE

    def _image(self, image_id: str) -> dict[str, Any]:
        return self._before[0] if self._before else self.images.show(image_id)

    def _post(self, path: str, fields: Any = ()) -> Page:
        return self.dashboard.post(self._url(path), fields, follow=False)

    def _act(self, name: str, image_id: str) -> Page:
        return self._post(self.panel.index, [("action", f"images__{name}__{image_id}")])

    def _target(self, image_id: str) -> str:
        """A project that the image may be given to: not its own."""
        lab = self.images.cloud.project_id("acme-lab")
        owner = self._image(image_id)["owner"]
        return lab if owner != lab else self.images.cloud.project_id("acme-data")

    def detail(self, image_id: str) -> str:
        return self._look(self.panel.detail(image_id))

    def download(self, image_id: str) -> str:
        return self._look(self.panel.download(image_id))

    def progress(self, image_id: str) -> str:
        return self._told(self.panel.progress, image_id, "images")

    def uses(self, image_id: str) -> str:
        return self._told(self.panel.uses, image_id, "uses")

    def access(self, image_id: str) -> str:
        return self._told(self.panel.access, image_id, "images")

    def update_page(self, image_id: str) -> str:
        return self._look(self.panel.update(image_id))

    def metadata_page(self, image_id: str) -> str:
        return self._look(self.panel.metadata(image_id))

    def metadata_search(self, image_id: str) -> str:
        return self._look(self.panel.metadata_search(image_id))

    def share_page(self, image_id: str) -> str:
        return self._look(self.panel.share(image_id))

    def project_search(self, image_id: str) -> str:
        """Projects to share the image with."""
        return self._look(self.panel.projects, f"image={image_id}")

    def publish(self, image_id: str) -> str:
        """The action of the row, which leads to the page that asks to whom."""
        fields = [("action", f"images__publish__{image_id}")]
        return self._seen(self.dashboard.post(self._url(self.panel.index), fields))

    def publish_page(self, image_id: str) -> str:
        return self._look(self.panel.publish, f"id={image_id}")

    def upload_data_page(self, image_id: str) -> str:
        return self._look(self.panel.upload_data(image_id))

    def owner_page(self, image_id: str) -> str:
        return self._look(self.panel.change_owner(image_id))

    def owner_search(self, image_id: str) -> str:
        return self._look(self.panel.owner_search(image_id))

    def update(self, image_id: str) -> str:
        image = Image.from_glance(self._image(image_id))
        publication = publication_of(image)
        is_domains = image.visibility == "shared" and publication and publication.domain_id
        # As the form has it.
        shown = DOMAIN if is_domains else image.visibility
        fields = {
            "name": "",
            "initial-name": "",
            "description": "changed",
            "initial-description": "",
            "visibility": shown,
            "initial-visibility": shown,
            "initial-protected": "False",
        }
        return self._changed(image_id, lambda: self._post(self.panel.update(image_id), fields))

    def metadata(self, image_id: str) -> str:
        fields = {"new_name": "os_distro", "new_value": "changed"}
        return self._changed(image_id, lambda: self._post(self.panel.metadata(image_id), fields))

    def boot_page(self, image_id: str) -> str:
        """The panel that a script shows."""
        return self._look(self.panel.boot(image_id))

    def fix_page(self, image_id: str) -> str:
        return self._look(self.panel.fix(image_id), f"finding={FINDING}")

    def fix(self, image_id: str) -> str:
        confirmed = [
            ["hw_disk_bus", FAULT["hw_disk_bus"], "scsi"],
            ["hw_scsi_model", None, "virtio-scsi"],
        ]
        fields = {"finding": FINDING, "confirmed": json.dumps(confirmed)}
        return self._changed(image_id, lambda: self._post(self.panel.fix(image_id), fields))

    def end_dates_page(self, image_id: str) -> str:
        return self._look(self.panel.end_dates(image_id))

    def replacement_search(self, image_id: str) -> str:
        return self._look(self.panel.replacement_search(image_id))

    def end_dates(self, image_id: str) -> str:
        """A day that does not come while the tests run."""
        fields = {"deprecate_on": "2099-12-31", "seen": ",,,,"}
        return self._changed(image_id, lambda: self._post(self.panel.end_dates(image_id), fields))

    def family_page(self, image_id: str) -> str:
        return self._look(self.panel.family(image_id))

    def make_latest_page(self, image_id: str) -> str:
        return self._look(self.panel.make_latest(image_id))

    def end_rule_page(self, image_id: str) -> str:
        return self._look(self.panel.end_rule(image_id))

    def end_rule(self, image_id: str) -> str:
        path = self.panel.end_rule(image_id)
        return self._changed(image_id, lambda: self._post(path, {"deprecate_in": "30"}))

    def new_version_page(self, image_id: str) -> str:
        return self._look(self.panel.new_version(image_id))

    def existing_version_page(self, image_id: str) -> str:
        return self._look(self.panel.existing_version(image_id))

    def existing_version(self, image_id: str) -> str:
        """As confirmed as can be; of a version, as if it were to become another one."""
        path, owner = self.panel.existing_version(image_id), self._image(image_id)["owner"]
        other = self.latest.get(owner, image_id)
        fields = {"other": other, "version": "1", "take": "name"}
        shown = _CONFIRMED.search(self._post(path, fields).html)
        fields["confirmed"] = shown[1] if shown else "0" * 16
        return self._changed(image_id, lambda: self._post(path, fields))

    def family(self, image_id: str) -> str:
        fields = {"family": "changed", "version": "1"}
        return self._changed(image_id, lambda: self._post(self.panel.family(image_id), fields))

    def make_latest(self, image_id: str) -> str:
        fields = {"confirmed": ""}
        path = self.panel.make_latest(image_id)
        return self._changed(image_id, lambda: self._post(path, fields))

    def share(self, image_id: str) -> str:
        fields = {"projects": self._target(image_id)}
        return self._changed(image_id, lambda: self._post(self.panel.share(image_id), fields))

    def remove_member(self, image_id: str) -> str:
        """Tries the first that there is."""
        state = self._before or self.images.state(image_id)
        known = state[1] if state else {}
        member = next(iter(known), self.images.cloud.project_id("demo"))
        fields = [("action", f"members__remove__{member}")]
        return self._changed(image_id, lambda: self._post(self.panel.detail(image_id), fields))

    def _answer(self, image_id: str, name: str) -> str:
        fields = [("action", f"shared__{name}__{image_id}")]
        return self._changed(image_id, lambda: self._post(self.panel.shared, fields))

    def accept(self, image_id: str) -> str:
        return self._answer(image_id, "accept")

    def reject(self, image_id: str) -> str:
        return self._answer(image_id, "reject")

    def change_owner(self, image_id: str) -> str:
        """As confirmed as can be."""
        owner, target = self._image(image_id)["owner"], self._target(image_id)
        fields = {"project": target, "project_id": target, "confirmed": f"{owner}:{target}"}
        path = self.panel.change_owner(image_id)
        return self._changed(image_id, lambda: self._post(path, fields))

    def _publish(self, image_id: str, audience: str) -> str:
        """Posts what the page on which the audience is chosen would."""
        fields = [("id", image_id), ("audience", audience)]
        return self._changed(image_id, lambda: self._post(self.panel.publish, fields))

    def publish_to_own(self, image_id: str) -> str:
        """Which takes back what publishing gave."""
        return self._publish(image_id, "own")

    def publish_to_cloud(self, image_id: str) -> str:
        return self._publish(image_id, "cloud")

    def publish_to_domain(self, image_id: str) -> str:
        return self._publish(image_id, "domain")

    def publish_step(self, image_id: str) -> str:
        """As the page's script goes about it."""
        path = self.panel.publish_step(image_id)
        return self._changed(image_id, lambda: self._post(path, {"audience": "domain"}))

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
        path = self.panel.upload_data(image_id)
        return self._changed(image_id, lambda: self._post(path, fields))

    def upload(self, image_id: str) -> str:
        path = self._url(self.panel.upload(image_id))
        return self._changed(image_id, lambda: Page(self.dashboard.put(path, FORGED)))

    def verify(self, image_id: str) -> str:
        return self._changed(image_id, lambda: self._post(self.panel.verify(image_id)))

    def _store(self, image_id: str, action: str, *stores: tuple[str, str]) -> str:
        fields = [("action", f"stores__{action}"), *stores]
        return self._changed(image_id, lambda: self._post(self.panel.detail(image_id), fields))

    def copy_to_store(self, image_id: str) -> str:
        return self._store(image_id, "copy__archive")

    def copy_to_stores(self, image_id: str) -> str:
        """The same by a ticked row."""
        return self._store(image_id, "copy_many", ("object_ids", "archive"))

    def remove_from_store(self, image_id: str) -> str:
        return self._store(image_id, "remove__archive")


#: All that can be tried, by name: methods of Attempt, and actions of the table.
ATTEMPTS = (
    "detail",
    "download",
    "progress",
    "uses",
    "access",
    "update_page",
    "metadata_page",
    "metadata_search",
    "boot_page",
    "fix_page",
    "end_dates_page",
    "replacement_search",
    "family_page",
    "make_latest_page",
    "end_rule_page",
    "new_version_page",
    "existing_version_page",
    "share_page",
    "project_search",
    "publish",
    "publish_page",
    "upload_data_page",
    "owner_page",
    "owner_search",
    "update",
    "metadata",
    "fix",
    "end_dates",
    "make_latest",
    "end_rule",
    "existing_version",
    "family",
    "share",
    "remove_member",
    "accept",
    "reject",
    "change_owner",
    "publish_to_own",
    "publish_to_cloud",
    "publish_to_domain",
    "publish_step",
    "upload_data",
    "upload",
    "verify",
    "copy_to_store",
    "copy_to_stores",
    "remove_from_store",
    *ROW_ACTIONS,
)
