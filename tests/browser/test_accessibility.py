# SPDX-License-Identifier: Apache-2.0
"""axe-core finds nothing of ours on any page and dialog, in both themes, at four widths."""

import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.common.keys import Keys

from demo import imagefiles, seed
from helion_images_panel.core.family import LATEST, NEW, Family, family_property
from tests.browser import axe
from tests.browser.browser import Browser
from tests.browser.dialogs import ConfirmDialog, Dialog
from tests.browser.pages import (
    ADMIN,
    PROJECT,
    DetailPage,
    ImagesPage,
    PublishPage,
    RulesPage,
    StoragePage,
)
from tests.browser.test_sharing import SEARCH
from tests.integration.test_rules import without_rules
from tests.places import PLACES

__all__ = ["without_rules"]

MakeImage = Callable[..., Any]
SetWidth = Callable[[int], None]
Unique = Callable[[str], str]

WIDTHS = (1400, 1024, 768, 390)
PAGE = ("#content_body",)
DIALOG = (".modal.in",)

MIB = 1024 * 1024

#: An image with tags, a description, a publication of its own and properties.
IMAGE = seed.image_id("web-server")
WAITING = seed.image_id("queued")
SHARED = seed.image_id("pending")


class Places:
    """Opens each place; returns the parts of the page to look at."""

    def __init__(
        self, browser: Browser, files: Path, theme: str, make_image: MakeImage, unique: Unique
    ) -> None:
        self.browser = browser
        self.files = files
        self.theme = theme
        self.make_image = make_image
        self.unique = unique

    def open(self, name: str) -> tuple[str, ...]:
        user = "acme-admin" if name in ADMINS else MANAGERS.get(name, "alice")
        self.browser.log_in(user)
        self.browser.use_theme(self.theme)
        return OPENERS[name](self)

    def list(self, query: str = "?name=web-server", path: str = PROJECT) -> ImagesPage:
        return ImagesPage(self.browser, path).open(query).wait_until_shown()

    def dialog(self, label: str, query: str = "?name=web-server", path: str = PROJECT) -> Any:
        page = self.list(query, path)
        page.rows()[0].actions.choose(label)
        opened = Dialog(self.browser)
        opened.title = label
        opened.wait_until_open()
        # What is asked of the server after that has come.
        self.browser.wait(
            lambda: not self.browser.all(".modal.loading"), "the dialog to be the only one"
        )
        return DIALOG

    def page(self, path: str) -> tuple[str, ...]:
        self.browser.go(path)
        self.browser.wait(lambda: self.browser.all(".static_page, .workflow"), f"a form at {path}")
        return PAGE

    def details(self, tab: str) -> tuple[str, ...]:
        DetailPage(self.browser).open(SHARED)
        link = f'[data-hip-tabs] a[data-target="#image_details__{tab}"]'
        self.browser.click(lambda: self.browser.one(link), f"the tab {tab}")
        pane = f"#image_details__{tab}"
        self.browser.wait(
            lambda: self.browser.one(pane).text and not self.browser.all(f"{pane}[aria-busy]"),
            f"the tab {tab}",
        )
        return PAGE

    def wrong_image(self) -> str:
        """Return the ID of an image with a property that Nova refuses."""
        return str(self.make_image(self.unique("wrong"), hw_disk_bus="VirtIO")["id"])

    def version(self, role: str = NEW) -> Any:
        """Return an image of a family of its own, which has a latest version too."""
        family, owner = self.unique("family"), self.make_image(self.unique("another"))["owner"]
        made = {}
        for each in (LATEST, NEW):
            image_id = str(uuid.uuid4())
            record = family_property(image_id, owner, Family(family, "1", each))
            made[each] = self.make_image(self.unique(each), id=image_id, **record)
        return made[role]

    def existing(self) -> tuple[str, ...]:
        """With the comparison of an image that has other values."""
        family, owner = self.unique("family"), self.make_image(self.unique("another"))["owner"]
        image_id = str(uuid.uuid4())
        record = family_property(image_id, owner, Family(family, "1", LATEST))
        values = {"os_distro": family, "tags": ["lts"], "hw_disk_bus": "scsi"}
        self.make_image(self.unique("latest"), id=image_id, **record, **values)
        name = self.unique("snapshot")
        self.make_image(name, os_distro=family, hw_disk_bus="virtio")
        return self.dialog("Make It a Version", f"?name={name}")

    def use_existing(self) -> tuple[str, ...]:
        return self.dialog_of_versions("existing_version", "Use an Existing Image")

    def end_rule(self) -> tuple[str, ...]:
        return self.dialog_of_versions("end_rule", "Set End Rule")

    def dialog_of_versions(self, address: str, title: str) -> tuple[str, ...]:
        """Of a button in the tab Versions of the latest version."""
        image_id = self.version(LATEST)["id"]
        self.browser.go(f"{PROJECT}{image_id}/?tab=image_details__versions")
        link = f'.hip-versions a[href$="{image_id}/{address}/"]'
        self.browser.click(lambda: self.browser.one(link), title)
        opened = Dialog(self.browser)
        opened.title = title
        opened.wait_until_open()
        return DIALOG

    def versions(self) -> tuple[str, ...]:
        self.browser.go(f"{PROJECT}{self.version()['id']}/?tab=image_details__versions")
        self.browser.wait(lambda: self.browser.all(".hip-timeline"), "the timeline")
        return PAGE

    def fix(self) -> tuple[str, ...]:
        DetailPage(self.browser).open(self.wrong_image())
        self.browser.click(lambda: self.browser.one("[data-hip-boot] .ajax-modal"), "Fix")
        opened = Dialog(self.browser)
        opened.title = "Fix Image"
        opened.wait_until_open()
        return DIALOG

    def menu(self, menu: str, button: str = "> summary") -> tuple[str, ...]:
        """Look at the menu alone: axe takes what it covers for its neighbours."""
        self.list()
        self.browser.click(lambda: self.browser.one(f"{menu} {button}"), f"the menu {menu}")
        self.browser.run(
            """
            document.querySelector('#content_body').style.visibility = 'hidden';
            document.querySelectorAll(arguments[0]).forEach((part) => {
              part.style.visibility = 'visible';
            });
            """,
            menu,
        )
        return (menu,)

    def deleted(self, page: str = "list") -> tuple[str, ...]:
        """Open the view Deleted with its bar of actions, or the details of such an image."""
        image = self.make_image(self.unique("deleted"))
        shown = self.list(f"?name={image['name']}")
        shown.row(image["name"]).begin("Delete Image").confirm()
        shown.wait_for_message("Deleted Image")
        if page == "details":
            DetailPage(self.browser).open(image["id"])
        else:
            self.list(f"?view=deleted&name={image['name']}").rows()[0].tick()
        return PAGE

    def permanently(self) -> tuple[str, ...]:
        """With the name that is to be entered, of which nothing is entered yet."""
        stem = self.unique("emptied")
        for number in range(2):
            self.make_image(f"{stem} {number}")
        for query, label in (("", "Delete Images"), ("&view=deleted", "Delete Images Permanently")):
            page = self.list(f"?name={stem}{query}")
            for row in page.rows():
                row.tick()
            asked = page.begin_for_ticked(label)
            if not query:
                asked.confirm()
                page.wait_for_message("Deleted 2 Images")
        self.browser.wait(lambda: self.browser.all("[data-hip-name-to-confirm]"), "the field")
        return DIALOG

    def remove_member(self) -> tuple[str, ...]:
        """By a person who can see what the member has made of the image."""
        image = self.make_image(self.unique("shared"), visibility="shared")
        member = self.browser.cloud.project_id("acme-data")
        self.browser.cloud.glance_client("alice").image_members.create(image["id"], member)
        DetailPage(self.browser).open(image["id"], ADMIN)
        self.browser.click(lambda: self.browser.one("[data-target$=__access]"), "the tab Access")
        remove = "[value^=members__remove__]"
        self.browser.click(lambda: self.browser.one(remove), "Remove Member")
        ConfirmDialog(self.browser).wait_until_open()
        return DIALOG

    def stored_rule(self) -> tuple[str, ...]:
        """One for a project, which it names, and one for all."""
        remove = ".hip-rules-stored [name=remove]"
        page = RulesPage(self.browser, ADMIN)
        for count, project in enumerate(("acme-data", ""), 1):
            page.open().choose("duplicates")
            self.browser.one("#hip_rules_projects").send_keys(project)
            page.preview()
            self.browser.click(lambda: self.browser.one("#hip_rules_store"), "Apply Automatically")
            self.browser.wait(
                lambda count=count: len(self.browser.all(remove)) == count, "the stored rule"
            )
        return PAGE

    def snapshot(self) -> tuple[str, ...]:
        """By a link as that of the Instances panel, which needs a compute service."""
        self.list()
        self.browser.run(
            """
            const link = document.createElement('a');
            link.className = 'ajax-modal';
            link.href = arguments[0];
            link.textContent = 'Create Snapshot';
            document.querySelector('#content_body').prepend(link);
            link.focus();
            link.click();
            """,
            f"{PROJECT}{uuid.uuid4()}/create/",
        )
        opened = Dialog(self.browser)
        opened.title = "Create Snapshot"
        opened.wait_until_open()
        return DIALOG

    def ticked(self) -> ImagesPage:
        page = self.list("?name=web")
        for row in page.rows():
            row.tick()
        return page

    def several(self) -> tuple[str, ...]:
        files = []
        for name in ("one.qcow2", "two.qcow2"):
            file = self.files / name
            file.write_bytes(imagefiles.qcow2(MIB, name.encode()))
            files.append(file)
        self.list().drop_several(*files)
        return DIALOG

    def question_on_all(self) -> tuple[str, ...]:
        # Two pages of the list: the offer is made where there are more rows.
        self.browser.use_page_size(2)
        page = self.list("?visibility=private")
        for row in page.rows():
            row.tick()
        self.browser.click(lambda: self.browser.one(".hip-bulk-all"), "Select all that match")
        page.choose_for_ticked("Delete Images")
        self.browser.wait(
            lambda: "Finding" not in Dialog(self.browser).text, "the images to be found"
        )
        return DIALOG

    def dock(self) -> tuple[str, ...]:
        file = self.files / "dock.qcow2"
        file.write_bytes(imagefiles.qcow2(MIB, b"dock"))
        dialog = self.list().create()
        dialog.choose_file(file)
        dialog.wait_for_content("QCOW2")
        self.browser.throttle_uploads(20_000)
        dialog.create_and_follow()
        return (".hip-dock",)


ADMINS = {
    "list of the admin",
    "Storage of the admin",
    "Clean Up of the admin",
    "Clean Up with a stored rule",
    "Create Image, access",
    "Publish Image",
    "Publish Image as a page",
    "Change Owner",
    "Change Owner as a page",
    "question before Remove Member",
}
MANAGERS = {"list of a domain manager": "mona"}


def _essentials(places: Places) -> tuple[str, ...]:
    places.list()
    places.browser.click(lambda: places.browser.one(".hip-drawer-toggle"), "the essentials")
    places.browser.wait(lambda: places.browser.all(".hip-essentials dl"), "the essentials")
    return PAGE


def _row_menu(places: Places) -> tuple[str, ...]:
    return places.menu(".actions_column", ".dropdown-toggle")


def _ticked(places: Places) -> tuple[str, ...]:
    places.ticked()
    return PAGE


def _question(places: Places) -> tuple[str, ...]:
    places.ticked().begin_for_ticked("Delete Images")
    return DIALOG


def _create(places: Places) -> tuple[str, ...]:
    places.list().create()
    return DIALOG


def _properties(places: Places) -> tuple[str, ...]:
    dialog = places.list().create()
    dialog.open_properties()
    dialog.fields.choose("preset", "Windows, virtio")
    return DIALOG


def _requirements(places: Places) -> tuple[str, ...]:
    places.list().create().open_requirements()
    return DIALOG


def _access(places: Places) -> tuple[str, ...]:
    """With what is said of an image that is published, and the projects that are found."""
    dialog = places.list(path=ADMIN).create()
    dialog.fields.choose("audience", "Public")
    dialog.open_access()
    browser = places.browser
    browser.one(SEARCH).send_keys("acme-")
    browser.wait(lambda: browser.all(".hip-projects [role=option]"), "the projects found")
    return DIALOG


def _publish(places: Places) -> tuple[str, ...]:
    places.list("?name=web-server", ADMIN).rows()[0].actions.choose("Publish Image")
    PublishPage(places.browser).wait_until_shown()
    return DIALOG


def _plain(path: str, query: str = "?name=e") -> Callable[[Places], tuple[str, ...]]:
    def opener(places: Places) -> tuple[str, ...]:
        places.list(query, path)
        return PAGE

    return opener


def _path(path: str) -> Callable[[Places], tuple[str, ...]]:
    def opener(places: Places) -> tuple[str, ...]:
        places.browser.go(path)
        return PAGE

    return opener


def _storage(path: str) -> Callable[[Places], tuple[str, ...]]:
    def opener(places: Places) -> tuple[str, ...]:
        StoragePage(places.browser, path).open()
        return PAGE

    return opener


def _rules(path: str, asks: bool = False) -> Callable[[Places], tuple[str, ...]]:
    """With a preview that finds two of three images."""

    def opener(places: Places) -> tuple[str, ...]:
        for _ in range(2):
            places.make_image(places.unique("same"), content=b"the same", disk_format="raw")
        page = RulesPage(places.browser, path).open()
        page.choose("duplicates")
        page.preview()
        if asks:
            page.ask()
        return PAGE

    return opener


def _add_official(places: Places) -> tuple[str, ...]:
    places.page(f"{PROJECT}catalogue/add/?name=Tiny+Linux&architecture=x86_64")
    return PAGE


def _upload_official(places: Places) -> tuple[str, ...]:
    places.page(f"{PROJECT}catalogue/file/?name=Small+BSD&architecture=x86_64")
    return PAGE


OPENERS: dict[str, Callable[[Places], tuple[str, ...]]] = {
    "list": _plain(PROJECT, ""),
    "list of the admin": _plain(ADMIN, ""),
    "list of a domain manager": _plain(f"{PROJECT}domain/", ""),
    "list without a match": _plain(PROJECT, "?name=nobody"),
    "list with ticked rows": _ticked,
    "list of deleted images": lambda places: places.deleted(),
    "list with its filters": lambda places: places.menu(".hip-add-filter"),
    "list with its view menu": lambda places: places.menu(".hip-view"),
    "list with its saved views": lambda places: places.menu(".hip-saved-menu"),
    "list with the menu of a row": _row_menu,
    "list with essentials": _essentials,
    "question before an action": _question,
    "question before a permanent deletion": Places.permanently,
    "question before an action on all": Places.question_on_all,
    "Create Image": _create,
    "Create Image, properties": _properties,
    "Create Image, requirements": _requirements,
    "Create Image, access": _access,
    "Create Image, several": Places.several,
    "Create Image as a page": lambda places: places.page(f"{PROJECT}create/"),
    "Upload Data": lambda places: places.dialog("Upload Data", "?name=waiting-for-data"),
    "Upload Data as a page": lambda places: places.page(f"{PROJECT}{WAITING}/upload_data/"),
    "Edit Image": lambda places: places.dialog("Edit Image"),
    "Edit Image as a page": lambda places: places.page(f"{PROJECT}{IMAGE}/update/"),
    "Update Metadata": lambda places: places.dialog("Update Metadata"),
    "Update Metadata as a page": lambda places: places.page(f"{PROJECT}{IMAGE}/metadata/"),
    "Share Image": lambda places: places.dialog("Share Image"),
    "Share Image as a page": lambda places: places.page(f"{PROJECT}{IMAGE}/share/"),
    "Publish Image": _publish,
    "Publish Image as a page": lambda places: places.page(f"{ADMIN}publish/?id={IMAGE}"),
    "Change Owner": lambda places: places.dialog("Change Owner", path=ADMIN),
    "Change Owner as a page": lambda places: places.page(f"{ADMIN}{IMAGE}/change_owner/"),
    "Set End Dates": lambda places: places.dialog("Set End Dates"),
    "Set End Dates as a page": lambda places: places.page(f"{PROJECT}{IMAGE}/end_dates/"),
    "Family": lambda places: places.dialog("Family"),
    "Family as a page": lambda places: places.page(f"{PROJECT}{IMAGE}/family/"),
    "New Version": lambda places: places.dialog(
        "New Version", f"?name={places.version(LATEST)['name']}"
    ),
    "New Version as a page": lambda places: places.page(
        f"{PROJECT}{places.version(LATEST)['id']}/new_version/"
    ),
    "Make It a Version": Places.existing,
    "Make It a Version as a page": lambda places: places.page(
        f"{PROJECT}{IMAGE}/existing_version/"
    ),
    "Use an Existing Image": Places.use_existing,
    "Make It the Latest": lambda places: places.dialog(
        "Make It the Latest", f"?name={places.version()['name']}"
    ),
    "Make It the Latest as a page": lambda places: places.page(
        f"{PROJECT}{places.version()['id']}/make_latest/"
    ),
    "Set End Rule": Places.end_rule,
    "Set End Rule as a page": lambda places: places.page(
        f"{PROJECT}{places.version(LATEST)['id']}/end_rule/"
    ),
    "Fix Image": Places.fix,
    "Fix Image as a page": lambda places: places.page(
        f"{PROJECT}{places.wrong_image()}/fix/?finding=wrong_value.hw_disk_bus"
    ),
    "details of a deleted image": lambda places: places.deleted("details"),
    "details, Overview": lambda places: places.details("overview"),
    "details, Access": lambda places: places.details("access"),
    "question before Remove Member": Places.remove_member,
    "details, Versions": Places.versions,
    "details, Used By": lambda places: places.details("used_by"),
    "details, Stores": lambda places: places.details("stores"),
    "details, Activity": lambda places: places.details("activity"),
    "Shared with Me": _path(f"{PROJECT}shared/"),
    "Storage": _storage(PROJECT),
    "Storage of the admin": _storage(ADMIN),
    "Clean Up": _rules(PROJECT),
    "Clean Up with a question": _rules(PROJECT, asks=True),
    "Clean Up of the admin": _rules(ADMIN),
    "Clean Up with a stored rule": Places.stored_rule,
    "Create Snapshot": Places.snapshot,
    "Official Images": _path(f"{PROJECT}catalogue/"),
    "Add Official Image": _add_official,
    "Create Image of an official file": _upload_official,
    "image that is not found": _path(f"{PROJECT}00000000-0000-0000-0000-000000000000/"),
    "dock": Places.dock,
}


def test_each_place_is_opened() -> None:
    assert OPENERS.keys() == PLACES.keys()


@pytest.mark.parametrize("theme", ["default", "material"])
@pytest.mark.parametrize("place", PLACES)
def test_axe_finds_nothing(
    browser: Browser,
    set_width: SetWidth,
    unique: Unique,
    make_image: MakeImage,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    place: str,
    theme: str,
) -> None:
    files = tmp_path / unique("files")
    files.mkdir()
    if place == "image that is not found":
        browser.expect_console_error("404")
    if place == "Clean Up with a stored rule":
        request.getfixturevalue("without_rules")
    parts = Places(browser, files, theme, make_image, unique).open(place)
    if parts == DIALOG:
        assert_is_dialog(browser)
    found = {}
    for width in WIDTHS:
        set_width(width)
        found[width] = axe.violations(browser, *parts)
    assert not any(found.values()), axe.describe(found)
    # Files that are dropped have no control to go back to.
    if parts == DIALOG and place != "Create Image, several":
        set_width(WIDTHS[0])
        assert_gives_focus_back(browser)


def assert_is_dialog(browser: Browser) -> None:
    """It says that it is one and what it is called, and has the focus."""
    browser.wait(lambda: len(browser.all(*DIALOG)) == 1, "the dialog to be the only one")
    dialog = browser.one(*DIALOG)
    assert dialog.aria_role == "dialog"
    assert dialog.get_attribute("aria-modal") == "true"
    assert dialog.accessible_name
    browser.wait(
        lambda: browser.run(
            "return arguments[0].contains(document.activeElement)", browser.one(*DIALOG)
        ),
        "the focus to be in the dialog",
    )


def assert_gives_focus_back(browser: Browser) -> None:
    def is_closed() -> bool:
        # The first one may close a list within the dialog.
        browser.driver.switch_to.active_element.send_keys(Keys.ESCAPE)
        return not browser.all(*DIALOG)

    browser.wait(is_closed, "the dialog to be closed by Escape")
    browser.wait(
        lambda: browser.run("return document.activeElement.tagName") != "BODY",
        "the focus to be where it was",
    )


def test_axe_sees_what_it_should(browser: Browser) -> None:
    """The exceptions hide no more than they name."""
    browser.log_in("alice")
    ImagesPage(browser).open().wait_until_shown()
    browser.run("""
      const place = document.createElement('div');
      place.id = 'wrong';
      place.innerHTML = '<button></button><input><p>pale</p><p>as a link</p><p>as a button</p>';
      const [pale, ofLink, ofButton] = place.querySelectorAll('p');
      pale.style.color = '#aaa';
      ofLink.style.color = ofButton.style.background = '#428bca';
      ofLink.style.background = ofButton.style.color = '#fff';
      document.querySelector('#content_body').append(place);
    """)
    found = axe.violations(browser, "#wrong")
    assert {"button-name", "label", "color-contrast"} <= {each.partition(":")[0] for each in found}
    for text in ("pale", "as a link", "as a button"):
        assert any(f">{text}</p>" in each for each in found), text


def test_every_field_has_a_name(browser: Browser) -> None:
    """Also those of the parts that are not shown. A text that a script writes is no field."""
    browser.log_in("alice")
    ImagesPage(browser).open().create()
    unnamed = browser.run(
        "return [...document.querySelectorAll('form[data-hip-create] :is(input, select, textarea)"
        ":not([type=hidden], [type=submit], .hidden)')].filter(field => !field.labels.length"
        " && !field.getAttribute('aria-label')).map(field => field.outerHTML)"
    )
    assert unnamed == []
