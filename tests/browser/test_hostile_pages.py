# SPDX-License-Identifier: Apache-2.0
"""Each page and dialog with hostile data in every place, by everybody who gets to see it, in a
dashboard with a Content-Security-Policy.

Nothing of the data runs or becomes a part of the page, marks of the writing direction in it move
no other word, and the policy would refuse nothing of what the package adds.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import yaml

from demo.cloud import Cloud
from helion_images_panel.core.end_dates import EndDates, record
from helion_images_panel.core.family import LATEST, NEW, Family, family_property
from helion_images_panel.core.image import Image
from tests.browser.browser import Browser
from tests.browser.dialogs import Dialog
from tests.browser.pages import ADMIN, PROJECT, DetailPage, ImagesPage, RulesPage, StoragePage
from tests.browser.test_drawer import essentials, toggle
from tests.browser.test_sharing import SEARCH
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


#: Of a catalogue, whose check refuses marks of the direction; the names of families have no "/".
OFFICIAL = f"{BEGIN}official {MARKUP}{END}"
FAMILY = f"{BEGIN}{OVERRIDE}<hip-evil>{{$1$}}<img src=x onerror='window.hacked=1'>{END}"

#: More than any image of the demo, so that they are among the largest.
TWIN = bytes(9 * 1024 * 1024)


@pytest.fixture(scope="module")
def policed(cloud: Cloud, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A dashboard with the policy, and with a catalogue whose texts are hostile."""
    images = yaml.safe_load((cloud.horizon.folder / "catalogue.yaml").read_text())["images"]
    for number, entry in enumerate(images):
        entry |= {"name": f"{OFFICIAL} {number}", "login": OFFICIAL, "password": OFFICIAL}
        entry["tags"] = [OFFICIAL]
        entry["meta"]["image_vendor"] = OFFICIAL
        entry["versions"][0]["image_description"] = OFFICIAL
    catalogue = tmp_path_factory.mktemp("catalogue") / "hostile.yaml"
    catalogue.write_text(yaml.safe_dump({"images": images}, allow_unicode=True))
    settings = {
        "MIDDLEWARE": ["tests.browser.content_security.reporting", *stock_middleware()],
        "HELION_IMAGES_CATALOGUE": [str(catalogue)],
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
    for number in (1, 2):
        twin = hostile(f"twin {number}")
        made[f"twin {number}"] = images.make(name=twin, owner="acme-web", data=TWIN, **texts)
    owner, soon = cloud.project_id("acme-web"), datetime.now(UTC).date() + timedelta(days=9)
    for role in (LATEST, NEW):
        image_id = str(uuid.uuid4())
        family = family_property(image_id, owner, Family(FAMILY, FAMILY[:40], role))
        made[role] = images.make(name=hostile(role), id=image_id, **family, **texts)
    dates = EndDates(deprecate_on=soon, replacement=made[NEW])
    images.update(made["own"], **record(Image.from_glance(images.show(made["own"])), dates))
    # What the catalogue has, too.
    official = {"os_distro": "tiny", "os_version": "1", "architecture": "x86_64"}
    made["official"] = images.make(name=hostile("official"), **{**texts, **official})
    wrong = {"hw_disk_bus": hostile("bus"), "hw_machine_type": hostile("machine")}
    made["wrong"] = images.make(name=hostile("wrong"), **texts, **wrong)
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


def test_versions_end_dates_and_the_catalogue(
    browser: Browser, walk: Walk, hostile_images: dict[str, str], tmp_path: Path
) -> None:
    browser.log_in("alice", fresh=True)
    own, latest, new = (hostile_images[name] for name in ("own", LATEST, NEW))
    for path in (
        f"{latest}/?tab=image_details__versions",
        f"{latest}/family/",
        f"{latest}/new_version/",
        f"{new}/make_latest/",
        f"{own}/end_dates/",
        f"{hostile_images['wrong']}/fix/?finding=wrong_value.hw_disk_bus",
        "catalogue/",
    ):
        walk.open(PROJECT + path)
    for number, form in enumerate(("add", "file")):
        entry = urlencode({"name": f"{OFFICIAL} {number}", "architecture": "x86_64"})
        browser.go(f"{PROJECT}catalogue/{form}/?{entry}")
        # The text of the fields is no text of the page.
        named = (
            "return [...document.querySelectorAll('[name=name]')].map(each => each.value).join()"
        )
        browser.wait(lambda named=named: BEGIN in browser.run(named), "the form with the name")
        walk.look(f"the form {form} of an official image")
    page = ImagesPage(browser)
    for image, label in ((own, "Set End Dates"),):
        page.open(f"?id={image}").row_of(image).actions.choose(label)
        opened = Dialog(browser)
        opened.title = label
        opened.wait_until_open()
        walk.look(f"the dialog {label}")
    file = tmp_path / f"{BEGIN}{OVERRIDE}<hip-evil>{{$1$}}{END}"
    file.write_bytes(bytes(1024))
    dialog = page.open().create()
    dialog.choose_file(file)
    browser.wait(lambda: BEGIN in dialog.fields.value("name"), "the name of the file")
    walk.look("Create Image with a file")


def test_storage_clean_up_and_deleted_images(
    browser: Browser, walk: Walk, hostile_images: dict[str, str]
) -> None:
    browser.log_in("alice", fresh=True)
    storage = StoragePage(browser).open()
    browser.click(lambda: browser.one("#hip_storage_again"), "Count Again")
    shown(browser, "twin 1")
    storage.wait_until_counted()
    walk.look("Storage")
    clean_up(browser, walk, PROJECT)
    page, deleted = ImagesPage(browser).open(), hostile_images["twin 2"]
    page.row_of(deleted).begin("Delete Image").confirm()
    page.wait_for_message("Deleted Image")
    walk.look("the report of a deletion")
    walk.open(f"{PROJECT}?view=deleted")
    page.row_of(deleted).begin("Delete Image Permanently")
    walk.look("the question before a permanent deletion")
    walk.open(f"{PROJECT}{deleted}/")
    page.open("?view=deleted").row_of(deleted).actions.choose("Restore Image")
    page.wait_for_message("Restored Image")


def shown(browser: Browser, text: str) -> None:
    browser.wait(lambda: text in browser.run("return document.body.innerText"), f"{text} shown")


def clean_up(browser: Browser, walk: Walk, panel: str) -> RulesPage:
    page = RulesPage(browser, panel).open()
    page.choose("duplicates")
    page.preview()
    assert any("twin" in name for name in page.images())
    walk.look(f"the preview of Clean Up in {panel}")
    page.ask()
    walk.look(f"the question of Clean Up in {panel}")
    return page


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


def test_an_admins_figures_rules_and_projects(
    browser: Browser, walk: Walk, hostile_images: dict[str, str], hostile_project: str
) -> None:
    browser.log_in("acme-admin", fresh=True)
    StoragePage(browser, ADMIN).open()
    browser.click(lambda: browser.one("#hip_storage_again"), "Count Again")
    shown(browser, BEGIN)
    StoragePage(browser, ADMIN).wait_until_counted()
    walk.look("Storage of an admin")
    clean_up(browser, walk, ADMIN)
    rules = RulesPage(browser, ADMIN).open()
    rules.choose("duplicates")
    browser.one("#hip_rules_projects").send_keys(hostile_project)
    rules.preview()
    walk.look("a preview of one project")
    browser.click(lambda: browser.one("#hip_rules_store"), "Apply Automatically")
    browser.wait(lambda: browser.all(".hip-rules-stored [name=remove]"), "the stored rule")
    assert BEGIN in browser.one(".hip-rules-stored").text
    walk.look("a stored rule")
    browser.click(lambda: browser.one(".hip-rules-stored [name=remove]"), "Remove")
    browser.wait(lambda: not browser.all(".hip-rules-stored [name=remove]"), "no stored rule")
    DetailPage(browser).open(hostile_images["own"], ADMIN)
    tab = "[data-target='#image_details__access']"
    browser.click(lambda: browser.one(tab), "the tab Access")
    remove = f'tr[data-object-id="{hostile_project}"] [name=action]'
    browser.click(lambda: browser.one(remove), "Remove Member")
    browser.wait(
        lambda: browser.all(".modal.in .hip-effects, .modal.in .modal-body"), "the question"
    )
    walk.look("the question before Remove Member")
    dialog = ImagesPage(browser, ADMIN).open().create()
    dialog.fields.choose("audience", "Public")
    dialog.open_access()
    browser.one(SEARCH).send_keys(BEGIN)
    browser.wait(lambda: browser.all(".hip-projects [role=option]"), "the projects found")
    walk.look("Create Image with the projects found")


def test_a_managers_pages(browser: Browser, walk: Walk, hostile_images: dict[str, str]) -> None:
    browser.log_in("mona", fresh=True)
    managed = hostile_images["managed"]
    for path in pages(DOMAIN, "detail/", managed):
        walk.open(path)
    walk.open(f"{DOMAIN}publish/?id={managed}")
