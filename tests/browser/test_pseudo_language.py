# SPDX-License-Identifier: Apache-2.0
"""Texts of the scripts, in a language in which each message has brackets: see tests/pseudo.py.

tests/unit/ui/test_pseudo_language.py has every page as the server sends it. Here are the pages,
dialogs and notices that scripts make or change.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.common.keys import Keys

from demo import accounts, glance, imagefiles
from demo.cloud import Cloud
from demo.horizon import Horizon
from tests import pseudo
from tests.browser.browser import Browser
from tests.browser.pages import ADMIN, PROJECT, ImagesPage
from tests.dashboards import dashboard

MakeImage = Callable[..., Any]
Unique = Callable[[str], str]
MIB = 1024 * 1024

#: Projects, domains, users and stores of the demo, with what its operator says of the stores.
NAMES = {
    word
    for text in (
        *(*accounts.PROJECTS, *accounts.DOMAINS, *accounts.USERS, "Default"),
        *(*glance.STORES, *re.findall(r"store_description = (.+)", glance.CONFIG)),
    )
    for word in re.findall(r"\w+", text)
}

#: The page without Horizon's frame around it: its text, and the attributes that are read. The
#: options of searches are names of projects. Names of properties and URLs say that they are no
#: words.
READ = """
const body = document.body.cloneNode(true);
for (const each of body.querySelectorAll(
    'script, style, noscript, template, .topbar, #sidebar, #footer, [role=listbox], ' +
    '[translate=no]')) {
  each.remove();
}
const text = [];
(function visit(node) {
  if (node.nodeType === Node.TEXT_NODE) text.push(node.data);
  text.push(' ');
  node.childNodes.forEach(visit);
})(body);
const attributes = [];
for (const each of body.querySelectorAll('*')) {
  for (const name of arguments[0]) {
    // Horizon's own drop-downs have the value of what is chosen as their title.
    if (each.hasAttribute(name) && !(name === 'title' && each.matches('.dropdown-toggle'))) {
      attributes.push(each.getAttribute(name));
    }
  }
}
return [text.join(''), attributes];
"""


@pytest.fixture(scope="module")
def horizon(cloud: Cloud, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Horizon]:
    folder = tmp_path_factory.mktemp("locale")
    pseudo.write(folder)
    with dashboard(cloud, "pseudo", {"LOCALE_PATHS": [str(folder)]}) as running:
        yield running


class Reader:
    """A user who reads the pages in the pseudo-language."""

    def __init__(self, browser: Browser, horizon: Horizon) -> None:
        self.browser = browser
        browser.url = horizon.url
        self.forgotten: dict[str, list[str]] = {}

    def log_in(self, user: str) -> Reader:
        """Log in by a page in English, then choose the language, as a user does."""
        self.browser.log_in(user, fresh=True)
        self.browser.use_language(pseudo.LANGUAGE)
        return self

    def read(self, where: str, *selectors: str) -> None:
        """Note what the page says without brackets, once these elements are there."""
        for selector in selectors:
            self.browser.wait(lambda selector=selector: self.browser.all(selector), selector)
        text, attributes = self.browser.run(READ, pseudo.ATTRIBUTES)
        assert pseudo.OPEN in text, f"{where} is in another language: {text[:500]}"
        words = pseudo.forgotten(text, NAMES)
        for value in attributes:
            if value not in pseudo.EXAMPLES:
                words += pseudo.forgotten(value, NAMES)
        if words:
            self.forgotten[where] = words

    def press(self, selector: str) -> None:
        """Click by a script, so that it need not be in sight."""
        self.browser.wait(lambda: self.browser.all(selector), selector)
        self.browser.run("document.querySelector(arguments[0]).click()", selector)

    def close_dialog(self) -> None:
        self.press(".modal.in .modal-header .close")
        self.browser.wait(lambda: not self.browser.all(".modal.in"), "the dialog to close")


@pytest.fixture
def reader(browser: Browser, horizon: Horizon) -> Iterator[Reader]:
    made = Reader(browser, horizon)
    yield made
    assert made.forgotten == {}


@pytest.fixture
def images(make_image: MakeImage, unique: Unique) -> list[Any]:
    tags = {"tags": ["zztag"], "description": "zztext"}
    return [make_image(unique(f"zz{n}").replace(" ", "zz"), **tags) for n in range(3)]


def test_list_and_confirmations(reader: Reader, images: list[Any]) -> None:
    reader.log_in("alice")
    browser = reader.browser
    browser.go(PROJECT)
    browser.driver.add_cookie({"name": "API_RESULT_PAGE_SIZE", "value": "2"})
    browser.go(f"{PROJECT}?tag=zztag")
    reader.read("the list", "#images tr[data-object-id]")
    # The pseudo-language would be found without it; translations in the package would not.
    assert browser.all('script[src*="i18n/js/"][src*="helion_images_panel"]')
    reader.press(".hip-drawer-toggle")
    reader.read("the essentials", ".hip-essentials dd")
    reader.press("#images thead .table-row-multi-select")
    reader.read("the bar of selected images", ".hip-bulk-all:not(.hidden)")
    asked = browser.run(
        "return [...document.querySelectorAll('#images .table_actions [name=action]')]"
        ".filter(each => each.hasAttribute('data-hip-asks') || each.matches('.btn-danger'))"
        ".map(each => each.value)"
    )
    assert len(asked) > 3
    for action in asked:
        reader.press(f'#images .table_actions [value="{action}"]')
        reader.read(f"the confirmation of {action}", ".modal.in .hip-effects")
        reader.close_dialog()
    reader.press(".hip-bulk-all")
    reader.press('#images .table_actions [value="images__delete"]')
    reader.read("the confirmation for all", ".modal.in .hip-effects")


def test_create_dialogs(reader: Reader, unique: Unique, tmp_path: Path) -> None:
    contents = {
        "zzdisk.qcow2": imagefiles.qcow2(64 * MIB, b"disk"),
        "zzunknown.bin": b"nobody knows what this is",
        "zzarchive.gz": b"\x1f\x8b\x08" + bytes(600),
    }
    files = [tmp_path / name for name in contents]
    for file, content in zip(files, contents.values(), strict=True):
        file.write_bytes(content)
    reader.log_in("alice")
    page = ImagesPage(reader.browser).open("?name=zz")
    page.drag(files[0])
    reader.read("files above the list", "[data-hip-drop]")
    page.open("?name=zz")
    reader.press("#images__action_create")
    reader.read("Create Image", ".modal.in form[data-hip-create]")
    field = ".modal.in form[data-hip-create] [data-hip-file]"
    for file in files:
        reader.browser.one(field).send_keys(str(file))
        reader.read(f"Create Image with {file.name}", ".modal.in [data-hip-content] *")
        reader.browser.run("document.querySelector(arguments[0]).value = ''", field)
    page.open("?name=zz")
    page.drop(*files)
    reader.read("several files", "form[data-hip-several] tbody tr")


def test_uploads(reader: Reader, unique: Unique, tmp_path: Path) -> None:
    file = tmp_path / "zzdisk.qcow2"
    file.write_bytes(imagefiles.qcow2(64 * MIB, bytes(8 * MIB)))
    reader.log_in("alice")
    browser = reader.browser
    browser.go(f"{PROJECT}?name=zz")
    browser.throttle_uploads(2 * MIB)
    reader.press("#images__action_create")
    browser.wait(lambda: browser.all(".modal.in [data-hip-file]"), "the dialog")
    browser.one(".modal.in [data-hip-file]").send_keys(str(file))
    browser.wait(lambda: browser.all(".modal.in [data-hip-content] *"), "the format")
    name = browser.one(".modal.in [name=name]")
    name.clear()
    name.send_keys(unique("zzupload").replace(" ", "zz"))
    reader.press(".modal.in [type=submit]")
    reader.read("an upload", "[data-hip-transfer] [role=progressbar][aria-valuetext]")
    browser.throttle_uploads(-1)
    browser.wait(
        lambda: not browser.all("[data-hip-transfer] [role=progressbar]:not(.hidden)"),
        "the upload to end",
    )
    reader.read("a finished upload")


def test_forms_of_an_image(reader: Reader, images: list[Any]) -> None:
    reader.log_in("alice")
    browser = reader.browser
    path = f"{PROJECT}{images[0]['id']}/"
    browser.go(f"{path}update/")
    reader.read("Edit Image", "form .hip-tag, form [data-hip-tags], form textarea")
    browser.go(f"{path}share/")
    reader.read("Share Image", "form textarea[name], form input[role=combobox]")
    browser.go(path)
    reader.read("the details", "[data-hip-copy]")


def test_saved_views(reader: Reader, images: list[Any]) -> None:
    reader.log_in("alice")
    reader.browser.go(f"{PROJECT}?tag=zztag")
    reader.read("saved views", "[data-hip-saved-views] summary")


def test_publishing(reader: Reader, images: list[Any]) -> None:
    reader.log_in("acme-admin")
    browser = reader.browser
    browser.go(f"{ADMIN}publish/?id={images[0]['id']}")
    reader.read("Publish Image", "form.hip-publish")
    choice = browser.one("form.hip-publish [name=audience][value=domain]")
    choice.send_keys(Keys.SPACE)
    choice.send_keys(Keys.ENTER)
    browser.wait(
        lambda: (
            browser.one("form.hip-publish [data-hip-status]").text
            and not browser.one("form.hip-publish [role=progressbar]").is_displayed()
        ),
        "the end of publishing",
    )
    reader.read("published")
    browser.go(f"{ADMIN}{images[1]['id']}/change_owner/")
    reader.read("Change Owner", "[name=project]")
