# SPDX-License-Identifier: Apache-2.0
"""Every cell of the table in tests/two_tabs.py, with the requests that the page's scripts send."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from demo.cloud import Cloud
from tests import two_tabs
from tests.integration.client import Dashboard, Form, Page
from tests.integration.images import Images, unique
from tests.integration.panels import PROJECT
from tests.integration.test_two_tabs import (
    DEEDS,
    FIELD,
    HEADER,
    HERE,
    NEW,
    THERE,
    ask,
    log_in_as_another,
    log_in_as_the_same,
    log_out,
    opened,
    switch_project,
)
from tests.thorough import thinned

#: What CI tries at least once.
PARTS = (itemgetter(0), itemgetter(1), itemgetter(2))

LogIn = Callable[[str], Dashboard]
Take = Callable[[], None]

#: Actions of the table that read, by URL; the others send a form.
READING = ("page-on", "filter", "export", "download")
#: Names of the forms in `DEEDS`, where they differ.
FORMS = {"upload": "upload data"}


@pytest.fixture
def without_role(cloud: Cloud) -> Iterator[Take]:
    """Takes mona's role in acme-data away until the test is over."""
    admin, keystone = cloud.session("admin"), cloud.keystone.auth_url
    user = cloud.session("mona").get_user_id()
    roles = admin.get(f"{keystone}/roles", params={"name": "manager"}).json()["roles"]
    path = f"{keystone}/projects/{cloud.project_id(HERE)}/users/{user}/roles/{roles[0]['id']}"
    taken = []

    def take() -> None:
        admin.delete(path)
        taken.append(path)

    yield take
    for each in taken:
        admin.put(each)


@dataclass
class Scene:
    """mona's page in acme-data, and what the second tab can do to it."""

    cloud: Cloud
    images: Images
    tab: Dashboard
    image_id: str
    take_role: Take
    form: Form | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    received: bool = False

    def happen(self, event: str) -> None:
        other = self.tab.another_tab()
        in_session = {
            "switched": switch_project,
            "logged-out": log_out,
            "same": log_in_as_the_same,
            "another": log_in_as_another,
        }
        if event in in_session:
            in_session[event](self.cloud, other)
            return
        if event == "unshared":
            # Of a received image that ends the sharing.
            changes = {"visibility": "private"} if self.received else {}
            owner = "acme-web" if self.received else THERE
            owner_id = self.cloud.project_id(owner)
            self.images.update(self.image_id, owner=owner_id, **changes)
            return
        {
            "deleted": lambda: self.images.delete(self.image_id),
            "deactivated": lambda: self.cloud.glance_client("admin").images.deactivate(
                self.image_id
            ),
            "revoked": self.take_role,
        }[event]()

    def send(self) -> Page:
        """As stay_on_page.js does: with the token of the last login, for the page's session."""
        assert self.form
        sent = {**self.form.fields, **self.fields, "csrfmiddlewaretoken": self.tab.csrf_token}
        page = {HEADER: self.form.fields[FIELD], "X-Requested-With": "XMLHttpRequest"}
        return ask(self.tab, "POST", self.form.action, sent, **page)

    def state(self) -> Any:
        """All that the action could have changed."""
        if not self.images.exists(self.image_id):
            return None, self.images.named(NEW)
        image = self.images.unchanging(self.image_id)
        is_shared = image["visibility"] == "shared"
        members = self.images.members(self.image_id) if is_shared else {}
        return image, members, self.images.named(NEW)


def scene(
    action: str, cloud: Cloud, log_in: LogIn, images: Images, take_role: Take
) -> tuple[Scene, str]:
    """The page, filled in; and what else was typed there."""
    if action == "accept":
        image_id = images.make("inbox", "acme-web", visibility="shared")
        images.share(image_id, HERE, "pending")
        tab = log_in("mona")
        form = tab.get(PROJECT.shared).form("object_ids")
        fields = {"action": f"shared__accept__{image_id}"}
        return Scene(cloud, images, tab, image_id, take_role, form, fields, True), ""
    deed = DEEDS[FORMS.get(action, action)]
    tab, image_id, form, fields, _before = opened(deed, log_in, cloud, images)
    typed = deed.typed[0] if deed.typed and deed.typed[0] != "IMAGE" else ""
    return Scene(cloud, images, tab, image_id, take_role, form, fields), typed


def said(tab: Dashboard, answer: Page) -> str:
    """What the person is shown of the answer to a script."""
    headers = answer.response.headers
    messages = [message[1] for message in json.loads(headers.get("X-Horizon-Messages", "[]"))]
    if place := headers.get("X-Horizon-Location"):
        if "/auth/login" in place:
            return "Your session has ended."
        messages += tab.get(place).messages
    elif headers.get("Content-Type", "").startswith("application/json"):
        body = answer.response.json()
        messages += [body.get("reason") or f"made {body['id']}"]
    else:
        messages += answer.form_errors
    return " ".join(messages)


@pytest.mark.parametrize(
    ("action", "event", "outcome"),
    thinned((cell for cell in two_tabs.cells() if cell[0] not in READING), *PARTS),
)
def test_what_is_sent(
    cloud: Cloud,
    log_in: LogIn,
    images: Images,
    without_role: Take,
    action: str,
    event: str,
    outcome: str,
) -> None:
    first, typed = scene(action, cloud, log_in, images, without_role)
    first.happen(event)
    before = first.state()
    answer = first.send()
    after = first.state()
    for image in images.named(NEW):
        images.adopt(image["id"])
    text = said(first.tab, answer)
    assert text
    if outcome == "either":
        outcome = "does" if after != before else "refuses"
    if outcome == "does":
        assert after != before or action == "upload", text
        assert answer.status in (200, 201), text
        if action == "create":
            (made,) = images.named(NEW)
            assert made["owner"] == cloud.project_id(HERE)
        return
    assert after == before, text
    assert "Success" not in text
    # The dialog stays as it is, or comes back with what was typed.
    if answer.status == 200 and not answer.response.headers.get("X-Horizon-Location"):
        assert typed in answer.html
    elif typed:
        assert answer.status in (401, 403, 404, 409), text


Go = Callable[[Dashboard], Page]


def reading(action: str, tab: Dashboard, images: Images) -> tuple[Go, str]:
    """What the person clicks, and the image that it shows if nothing comes between."""
    name = unique("read")
    ids = {images.make("read", HERE, name=name) for _n in range(3 if action == "page-on" else 1)}
    if action == "page-on":
        tab.session.cookies.set("API_RESULT_PAGE_SIZE", "2")
        page = tab.get(PROJECT.index, name=name)
        (image_id,) = ids - set(page.rows)
        return lambda tab: tab.get(page.next_url or ""), image_id
    (image_id,) = ids
    if action == "download":
        return lambda tab: tab.get(PROJECT.download(image_id)), image_id
    path = f"{PROJECT.index}export/json/" if action == "export" else PROJECT.index
    return lambda tab: tab.get(path, name=name), image_id


@pytest.mark.parametrize(
    ("action", "event", "outcome"),
    thinned((cell for cell in two_tabs.cells() if cell[0] in READING), *PARTS),
)
def test_what_is_read(
    cloud: Cloud,
    log_in: LogIn,
    images: Images,
    without_role: Take,
    action: str,
    event: str,
    outcome: str,
) -> None:
    tab = log_in("mona")
    go, image_id = reading(action, tab, images)
    first = Scene(cloud, images, tab, image_id, without_role)
    first.happen(event)
    page = go(tab)
    if outcome == "either":
        # Glance still trusts the token, or what cannot be read is said.
        assert page.is_login or page.status in (200, 403, 503)
        assert page.is_login or page.status == 200 or page.text
        return
    if outcome == "login":
        assert page.is_login
        (place,) = parse_qs(urlsplit(page.url).query)["next"]
        tab.log_in(cloud.user("mona"), cloud.project_id(HERE))
        page = go(tab)
        assert urlsplit(page.url).path == urlsplit(place).path
        outcome = "does"
    if outcome == "refuses":
        assert page.status in (200, 403, 404)
        assert page.response.headers["Content-Type"].startswith("text/html")
        assert page.errors or page.status != 200
        return
    assert page.status == 200
    # The other person works in the same project.
    visible = event in ("logged-out", "same", "another", "deactivated")
    if action == "download":
        assert page.response.content == images.data(image_id)
    else:
        assert (image_id in page.html) == visible, page.text[:1000]
