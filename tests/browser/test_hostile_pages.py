# SPDX-License-Identifier: Apache-2.0
"""Each page and dialog with hostile data in every place, by everybody who gets to see it, in a
dashboard with a Content-Security-Policy.

Nothing of the data runs or becomes a part of the page, marks of the writing direction in it move
no other word, and the policy would refuse nothing of what the package adds.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from demo.cloud import Cloud
from tests.browser.browser import Browser
from tests.browser.pages import ADMIN, PROJECT, ImagesPage
from tests.browser.test_drawer import essentials, toggle
from tests.dashboards import dashboard, stock_middleware
from tests.integration.images import Images

DOMAIN = "/project/images/domain/"

#: Opens a word from right to left, and does not close it; as the brackets, it has a beginning
#: and an end that tell it from what stands beside it.
BEGIN, END, OVERRIDE = "⟦", "⟧", "\u202e"
MARKUP = (
    "<script>window.hacked=1</script><hip-evil></hip-evil><img src=x onerror='window.hacked=1'>"
    "{$constructor.constructor('window.hacked=1')()$}\" onfocus=window.hacked=1 autofocus x='"
)


def hostile(what: str) -> str:
    return f"{BEGIN}{what} {OVERRIDE}{MARKUP}\u2069\u2067{END}"


WATCH = """
window.violations = [];
document.addEventListener('securitypolicyviolation', event => window.violations.push({
  directive: event.effectiveDirective,
  blocked: event.blockedURI,
  sample: event.sample,
  source: event.sourceFile,
  element: event.target.outerHTML ? event.target.outerHTML.slice(0, 200) : '',
}));
"""

#: What the policy would refuse of Horizon, by the beginning of its text, and why that is there.
HORIZONS = {
    "body{display:none": "its frame hides the page until it is known to be on top",
    "if (self === top)": "the same",
    "(function (global) {\n    'use strict';": "its frame: the catalog of translations",
    "/*\n    Added so that we can append Horiz": "its frame: functions that run after loading",
    "$(document).ready(function() {\n\n    hori": "its frame: the choice of a theme",
    "// Call init on DOM ready.": "its frame starts its scripts",
    "word-wrap: break-word; word-break: norma": "its template of a question",
    '@charset "UTF-8";[ng\\:cloak]': "AngularJS",
    ".ng-animate.item": "AngularJS's widgets",
    ".uib-": "AngularJS's widgets",
    "[uib-": "AngularJS's widgets",
}

#: Texts in which a mark of the direction acts on more than the data that has it. What bounds
#: such a mark is an element with a box of its own or of an own direction, or marks around it.
MOVED = """
const [begin, end] = arguments, found = [];
const bounds = element => {
  const style = getComputedStyle(element);
  return element.tagName === 'OPTION' || element.tagName === 'BODY' ||
    /isolate|plaintext/.test(style.unicodeBidi) || !/^(inline|contents)$/.test(style.display);
};
const boundOf = node => {
  let element = node.parentElement;
  while (!bounds(element)) { element = element.parentElement; }
  return element;
};
const withoutIsolated = text => {
  const open = [], cuts = [];
  [...text].forEach((character, place) => {
    if ('\\u2066\\u2067\\u2068'.includes(character)) { open.push(place); }
    else if (character === '\\u2069' && open.length) { cuts.push([open.pop(), place]); }
  });
  const isCut = place => cuts.some(([from, to]) => from <= place && place <= to);
  return [...text].filter((_character, place) => !isCut(place)).join('');
};
const texts = new Map(), nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (nodes.nextNode()) {
  const node = nodes.currentNode;
  if (node.parentElement.closest('script, style, textarea, template, noscript')) { continue; }
  const bound = boundOf(node);
  texts.set(bound, (texts.get(bound) || '') + node.data);
}
for (const [bound, text] of texts) {
  const rest = withoutIsolated(text).trim();
  const isAlone = !new RegExp(`.${begin}|${end}.`, 's').test(rest);
  if (/[\\u202a-\\u202e\\u2066-\\u2068]/.test(rest) && !isAlone) {
    found.push(`${bound.tagName}.${bound.className}: ${rest.slice(0, 150)} … ${rest.slice(-60)}`);
  }
}
return found;
"""


@pytest.fixture(scope="module")
def policed(cloud: Cloud) -> Iterator[str]:
    """A dashboard with the policy."""
    settings = {
        "MIDDLEWARE": ["tests.browser.content_security.reporting", *stock_middleware()],
    }
    with dashboard(cloud, "policed", settings) as horizon:
        yield horizon.url


@pytest.fixture(scope="module")
def hostile_project(cloud: Cloud) -> Iterator[str]:
    session, url = cloud.session("admin"), f"{cloud.keystone.auth_url}/projects"
    name = f"{BEGIN}{OVERRIDE}<hip-evil>{{$1$}}{END}"
    body = {"project": {"name": name, "domain_id": cloud.domain_id("acme")}}
    project: str = session.post(url, json=body).json()["project"]["id"]
    yield project
    session.delete(f"{url}/{project}")


@pytest.fixture(scope="module")
def hostile_images(cloud: Cloud, hostile_project: str) -> Iterator[dict[str, str]]:
    """IDs by what the image is for."""
    images = Images(cloud)
    texts: dict[str, Any] = {
        "description": hostile("description"),
        "tags": [hostile("tag")[:250], hostile("another")[:250]],
        "os_distro": hostile("distro"),
        "architecture": hostile("architecture"),
        "instance_uuid": hostile("instance"),
        hostile("key")[:250]: hostile("value"),
    }
    made = {
        "own": images.make(name=hostile("own"), owner="acme-web", visibility="shared", **texts),
        "queued": images.make(name=hostile("queued"), owner="acme-web", data=None, **texts),
        "managed": images.make(name=hostile("managed"), owner="acme-data", **texts),
        "theirs": images.make(
            name=hostile("theirs"), owner="acme-data", visibility="shared", **texts
        ),
        "kept": images.make(name=hostile("kept"), owner="acme-web", protected=True, **texts),
    }
    images.share(made["theirs"], "acme-web", "pending")
    admin = cloud.glance_client("admin")
    for member in (hostile_project, cloud.project_id("acme-lab")):
        admin.image_members.create(made["own"], member)
    admin.images.update(made["kept"], owner=hostile_project)
    yield made
    images.clean()


class Walk:
    """Opens pages, and notes all that is wrong with each."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.wrong: list[str] = []

    def open(self, path: str) -> None:
        self.browser.go(path)
        self.browser.wait(
            lambda: BEGIN in self.browser.run("return document.body.innerText"),
            f"the page {path} with the data",
        )
        self.look(path.partition("?name=")[0])

    def look(self, what: str) -> None:
        assert self.browser.prompt is None, what
        wrong = [f"moves other words: {each}" for each in self.browser.run(MOVED, BEGIN, END)]
        if self.browser.run("return window.hacked") is not None:
            wrong.append("a script of the data has run")
        if self.browser.all("hip-evil, img[src=x], [onerror], [onfocus]"):
            wrong.append("the data are elements")
        for each in self.browser.run("return window.violations.splice(0)"):
            if not any(each["sample"].strip().startswith(known) for known in HORIZONS):
                wrong.append(f"the policy would refuse {each}")
        self.wrong += [f"{what}: {each}" for each in wrong]


@pytest.fixture
def walk(browser: Browser, policed: str) -> Iterator[Walk]:
    browser.url = policed
    browser.expect_console_error("Content Security Policy")
    watching = browser.driver.execute_cdp_cmd(
        "Page.addScriptToEvaluateOnNewDocument", {"source": WATCH}
    )
    walked = Walk(browser)
    yield walked
    browser.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", watching)
    assert not walked.wrong, "\n".join(dict.fromkeys(walked.wrong))


def pages(panel: str, detail: str, image: str) -> list[str]:
    own = f"{panel}{image}/"
    tab = f"{own}{detail}?tab=image_details__"
    return [
        f"{panel}?name={quote(hostile('filter'))}&tag={quote(hostile('tag'))}",
        *(f"{tab}{name}" for name in ("overview", "access", "used_by", "stores", "activity")),
        *(f"{own}{form}/" for form in ("update", "metadata", "share")),
    ]


def test_a_members_pages(
    browser: Browser,
    walk: Walk,
    hostile_images: dict[str, str],
    cloud: Cloud,
    tmp_path: Path,
) -> None:
    browser.log_in("alice", fresh=True)
    own, queued = hostile_images["own"], hostile_images["queued"]
    for path in pages(PROJECT, "", own):
        walk.open(path)
    for path in (f"{queued}/", f"{queued}/upload_data/", "shared/"):
        walk.open(PROJECT + path)
    page = ImagesPage(browser).open()
    toggle(browser, page.row_of(own))
    essentials(browser)
    walk.look("the essentials below a row")
    question = page.row_of(own).begin("Delete Image")
    walk.look("the question before a deletion")
    question.press("Cancel")
    page.open()
    page.row_of(queued).begin("Hide Image").confirm()
    page.wait_for_message("Image is now hidden")
    walk.look("the report of an action")
    files = [tmp_path / f"{BEGIN}{number} {OVERRIDE}<hip-evil>{{$1$}}{END}" for number in (1, 2)]
    for file in files:
        file.write_bytes(bytes(1024))
    page.open()
    dialog = page.drop_several(*files)
    browser.wait(lambda: len(dialog.notes()) == len(files), "the notes on the files")
    walk.look("the dialog of several files")
    for line in range(len(files)):
        dialog.choose_format(line, "raw")
    dialog.create()
    browser.wait(page.dock.names, "the dock")
    walk.look("the dock")
    for name in page.dock.names():
        item = page.dock.item(name).wait_until_active()
        walk.look("an upload that has ended")
        cloud.glance_client("alice").images.delete(item.image_id)


def test_an_admins_pages(browser: Browser, walk: Walk, hostile_images: dict[str, str]) -> None:
    browser.log_in("acme-admin", fresh=True)
    own, kept = hostile_images["own"], hostile_images["kept"]
    for path in pages(ADMIN, "detail/", own):
        walk.open(path)
    for path in (f"publish/?id={own}", f"{kept}/change_owner/"):
        walk.open(ADMIN + path)
    page = ImagesPage(browser, ADMIN).open()
    page.row_of(kept).tick()
    page.row_of(own).tick()
    page.begin_for_ticked("Delete Images")
    walk.look("the question about several images")


def test_a_managers_pages(browser: Browser, walk: Walk, hostile_images: dict[str, str]) -> None:
    browser.log_in("mona", fresh=True)
    managed = hostile_images["managed"]
    for path in pages(DOMAIN, "detail/", managed):
        walk.open(path)
    walk.open(f"{DOMAIN}publish/?id={managed}")
