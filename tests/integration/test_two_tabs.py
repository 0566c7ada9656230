# SPDX-License-Identifier: Apache-2.0
"""A page that is open while another tab of the same browser becomes somebody else, or elsewhere.

What a second tab may do meanwhile, by what the first does then: nothing wrong is done, nothing
that was typed is lost, all is said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest

from demo.cloud import Cloud
from tests.integration.client import Dashboard, Form, Page
from tests.integration.images import Images
from tests.integration.markup import Element
from tests.integration.panels import DOMAIN, PANELS, PROJECT, Panel
from tests.integration.routes import Routes, routes
from tests.thorough import crossed

LogIn = Callable[[str], Dashboard]

#: Header with which scripts name their page; the field of forms.
HEADER, FIELD = "X-Helion-Images-Page", "hip_page"
METHODS = ("POST", "PUT", "PATCH", "DELETE")
HERE, THERE = "acme-data", "acme-lab"

HOSTILE_NAMES = (
    "<script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>",
    "%(then)s %s",
)


@pytest.fixture(scope="module")
def project_routes(cloud: Cloud) -> Routes:
    return routes(cloud.horizon, "project")


@pytest.fixture(scope="module")
def admin_routes(cloud: Cloud) -> Routes:
    return routes(cloud.horizon, "admin")


def session_of(page: Page) -> str:
    """What the page's scripts send with each request that changes something."""
    (place,) = page_marks(page)
    return place["data-hip-page"]


def page_marks(page: Page) -> list[Element]:
    return [each for each in page.tree.all("template") if each.get("data-hip-page")]


def paths_of(found: Routes, panel: Panel, image_id: str) -> list[str]:
    ids = {"<image_id>": image_id, "<instance_id>": image_id, "<family>": "ubuntu"}
    paths = []
    for route in found.paths:
        for name, value in ids.items():
            route = route.replace(name, value)
        assert "<" not in route, f"say what {route} stands for"
        paths.append(panel.index + route)
    return paths


def ask(
    tab: Dashboard, method: str, path: str, fields: Any = None, follow: bool = False, **headers: str
) -> Page:
    token = {"X-CSRFToken": tab.csrf_token, "Referer": tab.base}
    return tab.request(
        method, path, data=fields, headers={**token, **headers}, allow_redirects=follow
    )


@pytest.mark.parametrize(
    ("who", "panel"),
    [("mona", "project"), ("mona", "domain"), ("admin", "admin")],
)
def test_no_address_changes_anything_for_the_page_of_another_session(
    cloud: Cloud, log_in: LogIn, images: Images, who: str, panel: str
) -> None:
    """All of them, by whatever method: a new one is in it by itself."""
    image_id = images.make("walk", HERE)
    before = images.unchanging(image_id)
    base = PANELS[panel]
    found = routes(cloud.horizon, panel)
    tab = log_in(who)
    page = tab.get(base.index)
    opened = session_of(page)
    other = opened.replace(cloud.project_id(cloud.user(who).project), "0" * 32)
    assert other != opened
    paths = paths_of(found, base, image_id)
    assert len(paths) > 15
    for path in paths:
        for method in METHODS:
            by_header = ask(tab, method, path, **{HEADER: other})
            assert by_header.status == 409, f"{method} {path}: {by_header.status}"
        by_field = ask(tab, "POST", path, {FIELD: other, "name": "typed"})
        assert by_field.status == 409, f"{path}: {by_field.status}"
    assert images.unchanging(image_id) == before


@pytest.mark.parametrize(
    ("who", "panel"), [("mona", "project"), ("mona", "domain"), ("acme-admin", "admin")]
)
def test_every_form_names_its_session(
    cloud: Cloud, person: LogIn, images: Images, who: str, panel: str
) -> None:
    base = PANELS[panel]
    ids = [images.make("forms", HERE), images.make("empty", HERE, None)]
    found = routes(cloud.horizon, panel)
    tab = person(who)
    seen = 0
    paths = {path for image_id in ids for path in paths_of(found, base, image_id)}
    for path in sorted(paths):
        page = tab.get(f"{path}?id={ids[0]}")
        if not page.response.headers.get("Content-Type", "").startswith("text/html"):
            continue
        forms = [
            form
            for form in page.tree.all("form")
            if form.get("method").lower() == "post" and form.get("action").startswith(base.index)
        ]
        for form in forms:
            names = [field.get("name") for field in form.all("input")]
            assert FIELD in names, f"{path}: {form.get('action')}"
            seen += 1
        # A part that a script fetches has none: its page has.
        is_page = page.status == 200 and not page.is_login and "<html" in page.html
        if is_page and path.startswith(base.index):
            assert page_marks(page), path
    assert seen > 10


# What the second tab does meanwhile.


def switch_project(cloud: Cloud, tab: Dashboard) -> None:
    tab.switch(cloud.project_id(THERE))


def log_in_as_another(cloud: Cloud, tab: Dashboard) -> None:
    tab.post("/auth/logout/")
    bob = cloud.user("bob")
    tab.log_in(bob, cloud.project_id(bob.project))


def log_in_as_the_same(cloud: Cloud, tab: Dashboard) -> None:
    tab.post("/auth/logout/")
    mona = cloud.user("mona")
    tab.log_in(mona, cloud.project_id(HERE))


def log_out(cloud: Cloud, tab: Dashboard) -> None:
    assert tab.post("/auth/logout/").is_login


ELSEWHERE: Mapping[str, Callable[[Cloud, Dashboard], None]] = {
    "switched": switch_project,
    "another person": log_in_as_another,
}


# What the first tab does then.


@dataclass(frozen=True)
class Deed:
    """A form as the person has filled it in, and what they would lose with it."""

    form: Callable[[Dashboard, str], Form]
    fields: Mapping[str, Any]
    typed: tuple[str, ...] = ()
    data: bytes | None = b"data"
    offers_here: bool = False


NEW = "typed-" + "x" * 8

DEEDS = {
    "create": Deed(
        lambda tab, image_id: tab.get(PROJECT.create).form("disk_format"),
        {
            "name": NEW,
            "source": "file",
            "file_name": "a.img",
            "file_size": 4096,
            "disk_format": "raw",
        },
        (NEW,),
        offers_here=True,
    ),
    "upload data": Deed(
        lambda tab, image_id: tab.get(PROJECT.upload_data(image_id)).form("disk_format"),
        {"source": "file", "file_name": "a.img", "file_size": 4096, "disk_format": "qcow2"},
        ("qcow2",),
        data=None,
    ),
    "edit": Deed(
        lambda tab, image_id: tab.get(PROJECT.update(image_id)).form("name"),
        {"name": NEW},
        (NEW,),
    ),
    "metadata": Deed(
        lambda tab, image_id: tab.get(PROJECT.metadata(image_id)).form("new_name"),
        {"new_name": "os_distro", "new_value": NEW},
        (NEW,),
    ),
    "share": Deed(
        lambda tab, image_id: tab.get(PROJECT.share(image_id)).form("projects"),
        {"projects": "f" * 32},
        ("f" * 32,),
    ),
    "publish": Deed(
        lambda tab, image_id: tab.get(DOMAIN.publish, id=image_id).form("audience"),
        {"audience": "domain"},
        ("domain",),
    ),
    "bulk": Deed(
        lambda tab, image_id: tab.get(PROJECT.index).form("object_ids"),
        {"action": "images__delete", "object_ids": "IMAGE"},
        ("IMAGE",),
    ),
    "details": Deed(
        lambda tab, image_id: tab.get(PROJECT.detail(image_id)).form("csrfmiddlewaretoken"),
        {"action": "images__delete__IMAGE"},
        ("images__delete__IMAGE",),
    ),
}


def opened(
    deed: Deed, log_in: LogIn, cloud: Cloud, images: Images
) -> tuple[Dashboard, str, Form, dict[str, Any], dict[str, Any]]:
    """mona's page in acme-data, filled in and not sent yet."""
    image_id = images.make("tabs", HERE, deed.data)
    tab = log_in("mona")
    form = deed.form(tab, image_id)
    if deed is DEEDS["details"]:
        page = tab.get(PROJECT.detail(image_id))
        element = page.tree.first("form", "detail-actions-form")
        fields = {each.get("name"): each.get("value") for each in element.all("input")}
        form = Form(page.url, fields, element)
    fields = {key: _of(value, image_id) for key, value in deed.fields.items()}
    return tab, image_id, form, fields, images.unchanging(image_id)


def _of(value: Any, image_id: str) -> Any:
    return value.replace("IMAGE", image_id) if isinstance(value, str) else value


def repeated(page: Page) -> Form:
    """The form in the page of a refusal that holds what was sent."""
    element: Element = page.tree.first("form", data_hip_outdated="")
    fields: dict[str, Any] = {}
    for each in element.all("input"):
        fields[each.get("name")] = each.get("value")
    return Form(page.url, fields, element)


@pytest.mark.parametrize(("kind", "event"), crossed(DEEDS, ELSEWHERE))
def test_refused_and_kept(
    cloud: Cloud, log_in: LogIn, images: Images, kind: str, event: str
) -> None:
    deed = DEEDS[kind]
    tab, image_id, form, fields, before = opened(deed, log_in, cloud, images)
    ELSEWHERE[event](cloud, tab.another_tab())
    refused = tab.post(
        form.action, {**form.fields, **fields, "csrfmiddlewaretoken": tab.csrf_token}
    )
    assert refused.status == 409
    assert images.unchanging(image_id) == before
    assert images.named(NEW) == []
    now = THERE if event == "switched" else "bob"
    then = HERE if event == "switched" else "mona"
    assert then in refused.text
    assert now in refused.text
    held = repeated(refused)
    for typed in deed.typed:
        assert _of(typed, image_id) in held.fields.values()
    buttons = [each.text for each in held.element.all("button")]
    back = refused.link("Switch Back to acme-data")
    assert (back is not None) == (event == "switched")
    offers_here = deed.offers_here and event == "switched"
    assert (f"Continue in {THERE}" in buttons) == offers_here
    # As long as nothing has changed the answer is the same.
    assert tab.submit(held).status == 409
    assert images.unchanging(image_id) == before


@pytest.mark.parametrize("kind", DEEDS)
def test_done_after_switching_back(cloud: Cloud, log_in: LogIn, images: Images, kind: str) -> None:
    deed = DEEDS[kind]
    tab, image_id, form, fields, before = opened(deed, log_in, cloud, images)
    other = tab.another_tab()
    switch_project(cloud, other)
    refused = tab.post(
        form.action, {**form.fields, **fields, "csrfmiddlewaretoken": tab.csrf_token}
    )
    other.request("GET", refused.link("Switch Back to acme-data") or "", allow_redirects=False)
    done = tab.submit(repeated(refused))
    assert done.status in (200, 201), done.text
    for image in images.named(NEW):
        images.adopt(image["id"])
    if kind == "create":
        (made,) = images.named(NEW)
        assert made["owner"] == cloud.project_id(HERE)
    elif kind == "publish":
        assert images.show(image_id)["visibility"] == "shared"
    elif kind in ("bulk", "details"):
        assert not images.exists(image_id)
    elif kind == "share":
        assert images.members(image_id)
    else:
        assert images.unchanging(image_id) != before


def test_made_in_the_other_project_deliberately(
    cloud: Cloud, log_in: LogIn, images: Images
) -> None:
    tab, _image_id, form, fields, _before = opened(DEEDS["create"], log_in, cloud, images)
    switch_project(cloud, tab.another_tab())
    refused = tab.post(
        form.action, {**form.fields, **fields, "csrfmiddlewaretoken": tab.csrf_token}
    )
    held = repeated(refused)
    (button,) = held.element.all("button", name=FIELD)
    pairs = [*held.fields.items(), (FIELD, button["value"])]
    done = tab.post(held.action, pairs)
    assert done.status == 201, done.text
    images.adopt(done.response.json()["id"])
    (made,) = images.named(NEW)
    assert made["owner"] == cloud.project_id(THERE)


@pytest.mark.parametrize("kind", DEEDS)
def test_an_older_form_after_a_new_login_says_so_and_keeps_what_was_typed(
    cloud: Cloud, log_in: LogIn, images: Images, kind: str
) -> None:
    """A new login makes a new token: the form's own is no longer valid."""
    deed = DEEDS[kind]
    tab, image_id, form, fields, before = opened(deed, log_in, cloud, images)
    log_in_as_the_same(cloud, tab.another_tab())
    pairs = {**form.fields, **fields}
    assert pairs["csrfmiddlewaretoken"] != tab.csrf_token
    own = {"Origin": tab.base, "Referer": tab.base}
    refused = tab.request("POST", form.action, data=pairs, headers=own, allow_redirects=False)
    assert refused.status == 403
    assert "older than the last login" in refused.text
    assert images.unchanging(image_id) == before
    held = repeated(refused)
    for typed in deed.typed:
        assert _of(typed, image_id) in held.fields.values()
    done = tab.submit(held)
    assert done.status in (200, 201), done.text
    for image in images.named(NEW):
        images.adopt(image["id"])
    assert kind == "create" or not images.exists(image_id) or images.unchanging(image_id) != before


@pytest.mark.parametrize("origin", [None, "https://evil.example", "null"])
def test_what_another_site_sends_is_not_offered_to_be_sent_again(
    log_in: LogIn, images: Images, origin: str | None
) -> None:
    image_id, tab = images.make("forged"), log_in("alice")
    before = images.unchanging(image_id)
    fields = {"action": f"images__delete__{image_id}", "csrfmiddlewaretoken": "x" * 32}
    headers = {"Origin": origin} if origin else {}
    refused = tab.request(
        "POST", PROJECT.index, data=fields, headers=headers, allow_redirects=False
    )
    assert refused.status == 403
    assert not refused.tree.all("form", data_hip_outdated="")
    assert image_id not in refused.html
    assert images.unchanging(image_id) == before


def test_no_address_accepts_a_request_without_a_token(
    cloud: Cloud, person: LogIn, images: Images, project_routes: Routes, admin_routes: Routes
) -> None:
    image_id = images.make("forged")
    before = images.unchanging(image_id)
    for who, found, panel in (
        ("alice", project_routes, PROJECT),
        ("acme-admin", admin_routes, PANELS["admin"]),
    ):
        tab = person(who)
        for path in paths_of(found, panel, image_id):
            for method in METHODS:
                page = tab.request(method, path, data={"name": "x"}, allow_redirects=False)
                assert page.status == 403, f"{method} {path}: {page.status}"
    assert images.unchanging(image_id) == before


@pytest.mark.parametrize("kind", DEEDS)
def test_logged_out(cloud: Cloud, log_in: LogIn, images: Images, kind: str) -> None:
    tab, image_id, form, fields, before = opened(DEEDS[kind], log_in, cloud, images)
    log_out(cloud, tab.another_tab())
    page = tab.post(form.action, {**form.fields, **fields, "csrfmiddlewaretoken": tab.csrf_token})
    assert page.is_login
    assert images.unchanging(image_id) == before
    assert images.named(NEW) == []
    # A script is told so, and its form stays.
    script = ask(tab, "POST", form.action, fields, **{"X-Requested-With": "XMLHttpRequest"})
    assert script.status == 401


def test_hostile_names_in_what_a_request_says_of_its_page_are_text(
    cloud: Cloud, log_in: LogIn
) -> None:
    tab = log_in("mona")
    opened_as = session_of(tab.get(PROJECT.index))
    for name in HOSTILE_NAMES:
        values = dict(parse_qsl(opened_as))
        values |= {"project_id": "0" * 32, "project_name": name}
        page = ask(tab, "POST", PROJECT.create, {FIELD: urlencode(values), "name": name})
        assert page.status == 409
        assert "<script>alert(1)" not in page.html
        assert "<img src=x" not in page.html


def test_shared_with_me(cloud: Cloud, log_in: LogIn, images: Images) -> None:
    """Accepting is done for the project of the page, or not at all."""
    image_id = images.make("inbox", "acme-web", visibility="shared")
    for project in (HERE, THERE):
        images.share(image_id, project, "pending")
    tab = log_in("mona")
    form = tab.get(PROJECT.shared).form("object_ids")
    switch_project(cloud, tab.another_tab())
    fields = {**form.fields, "action": f"shared__accept__{image_id}"}
    page = tab.post(form.action, {**fields, "csrfmiddlewaretoken": tab.csrf_token})
    assert page.status == 409
    assert set(images.members(image_id).values()) == {"pending"}
