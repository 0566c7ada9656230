# SPDX-License-Identifier: Apache-2.0
"""The pages, in the words of those who use them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Self

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from demo.accounts import User
from tests.browser.dialogs import (
    ChangeOwnerDialog,
    ConfirmDialog,
    CreateImageDialog,
    EditImageDialog,
    Fields,
    MetadataDialog,
    SeveralDialog,
    UploadDataDialog,
)
from tests.browser.dock import Dock
from tests.browser.reading import squeeze

if TYPE_CHECKING:
    from tests.browser.browser import Browser

FILE_LENDER = """
document.getElementById('lent_files')?.remove();
const field = document.createElement('input');
Object.assign(field, {type: 'file', multiple: true, id: 'lent_files'});
document.body.append(field);
"""

DRAG = """
const field = document.getElementById('lent_files'), data = new DataTransfer();
for (const file of field.files) data.items.add(file);
for (const name of arguments[0]) {
  document.querySelector(arguments[1]).dispatchEvent(
    new DragEvent(name, {bubbles: true, cancelable: true, dataTransfer: data}));
}
field.remove();
"""

SEARCH_BOX = "#hip_filter_name"
PROJECT = "/project/images/"
ADMIN = "/admin/images/"


class Page:
    def __init__(self, browser: Browser) -> None:
        self.browser = browser

    @property
    def title(self) -> str:
        return squeeze(self.browser.one(".page-header .h1, .page-header h1").text)

    @property
    def dock(self) -> Dock:
        return Dock(self.browser)

    def messages(self) -> list[str]:
        """What Horizon says above the page, such as "Success: …"."""
        return self.browser.texts(".messages .alert")

    def wait_for_message(self, text: str) -> str:
        """The first message that holds this text."""

        def found() -> str | None:
            return next((m for m in self.messages() if squeeze(text) in m), None)

        return str(self.browser.wait(found, f"the message {text!r}"))


class LoginPage(Page):
    def open(self) -> Self:
        self.browser.go("/auth/login/")
        return self

    def log_in(self, account: User) -> None:
        fields = Fields(self.browser, "form")
        fields.choose("domain", account.domain)
        fields.fill("username", account.name)
        fields.fill("password", account.password)
        self.browser.click(lambda: self.browser.one("#loginBtn"), "the button Sign In")
        self.browser.wait(
            lambda: not self.browser.path.startswith("/auth/login"),
            f"{account.name} to be logged in",
        )


class SettingsPage(Page):
    """The user's own settings, in Horizon."""

    def open(self) -> Self:
        self.browser.go("/settings/")
        return self

    def set_items_per_page(self, count: int) -> None:
        fields = Fields(self.browser, "form:has([name=pagesize])")
        fields.fill("pagesize", str(count))
        self.browser.click(
            lambda: self.browser.one("input[type=submit][value=Save]"), "the button Save"
        )
        self.wait_for_message("Settings saved")


class Actions:
    """The actions that a row or a details page offers: a button, and a menu beside it."""

    def __init__(self, browser: Browser, selector: str, what: str) -> None:
        self.browser = browser
        self.selector = selector
        self.what = what

    def _buttons(self) -> list[WebElement]:
        return self.browser.all(f"{self.selector} .data-table-action")

    def labels(self) -> list[str]:
        return [squeeze(button.get_attribute("textContent") or "") for button in self._buttons()]

    def choose(self, label: str) -> None:
        """Click the action, in the menu if it is there."""

        def button() -> WebElement:
            found = dict(zip(self.labels(), self._buttons(), strict=True)).get(label)
            assert found is not None, f"{self.what} offers {self.labels()}, not {label}"
            if not found.is_displayed():
                self.browser.click_now(self.browser.one(f"{self.selector} .dropdown-toggle"))
            return found

        self.browser.click(button, f"{label} of {self.what}")


class Row:
    """An image in the list."""

    def __init__(self, browser: Browser, image_id: str) -> None:
        self.browser = browser
        self.image_id = image_id
        self.selector = f'tr[data-object-id="{image_id}"]'
        self.actions = Actions(browser, self.selector, f"the row of {image_id}")

    def cells(self) -> dict[str, str]:
        """Texts by the heading of their column."""
        return self.browser.texts_by("#images thead tr:last-child th", f"{self.selector} td")

    def texts(self) -> dict[str, str]:
        """Texts by the class of their column, also where there are no headings."""
        columns = self.browser.run(
            "return [...document.querySelectorAll(arguments[0])].map(cell =>"
            " [[...cell.classList].find(name => name.startsWith('hip-')), cell.innerText])",
            f"{self.selector} td",
        )
        return {f".{column}": squeeze(text) for column, text in columns if column}

    @property
    def name(self) -> str:
        return squeeze(self.browser.one(f"{self.selector} .hip-name a").text)

    @property
    def is_protected(self) -> bool:
        """Whether the row says so, to those who see and to those who hear it."""
        words = self.browser.texts(f"{self.selector} .hip-name .sr-only")
        locks = self.browser.all(f"{self.selector} .fa-lock")
        assert len(locks) == words.count("Protected")
        return bool(locks)

    def open(self) -> DetailPage:
        link = f"{self.selector} .hip-name a"
        self.browser.click(lambda: self.browser.one(link), f"the name of {self.image_id}")
        page = DetailPage(self.browser)
        page.wait_until_shown(self.image_id)
        return page

    def tick(self, ticked: bool = True) -> None:
        box = f"{self.selector} .table-row-multi-select"
        self.browser.click(
            lambda: self.browser.one(f"{box} + label"), f"the box of {self.image_id}"
        )
        self.browser.wait(
            lambda: self.browser.one(box).is_selected() == ticked,
            f"the box of {self.image_id} to be ticked: {ticked}",
        )

    def tick_off(self) -> None:
        self.tick(ticked=False)

    def edit(self) -> EditImageDialog:
        self.actions.choose("Edit Image")
        return EditImageDialog(self.browser).wait_until_open()

    def update_metadata(self) -> MetadataDialog:
        self.actions.choose("Update Metadata")
        return MetadataDialog(self.browser).wait_until_open()

    def change_owner(self) -> ChangeOwnerDialog:
        self.actions.choose("Change Owner")
        return ChangeOwnerDialog(self.browser).wait_until_open()

    def upload_data(self) -> UploadDataDialog:
        self.actions.choose("Upload Data")
        return UploadDataDialog(self.browser).wait_until_open()

    def begin(self, label: str) -> ConfirmDialog:
        """Choose an action that asks for confirmation."""
        self.actions.choose(label)
        return ConfirmDialog(self.browser).wait_until_open()


class ImagesPage(Page):
    """The list, in the project's panel or in the admin's."""

    def __init__(self, browser: Browser, path: str = PROJECT) -> None:
        super().__init__(browser)
        self.path = path

    def open(self, query: str = "") -> Self:
        self.browser.go(self.path + query)
        return self

    def wait_until_shown(self) -> Self:
        self.browser.wait(
            lambda: (
                self.browser.path.partition("?")[0] == self.path and self.browser.one("#images")
            ),
            f"the list at {self.path}",
        )
        return self

    def rows(self) -> list[Row]:
        return [Row(self.browser, image_id) for image_id in self.ids()]

    def ids(self) -> list[str]:
        """The images' IDs in the order of the list."""
        ids: list[str] = self.browser.run(
            "return [...document.querySelectorAll('#images tr[data-object-id]')]"
            ".map(row => row.dataset.objectId)"
        )
        return ids

    def names(self) -> list[str]:
        return self.browser.texts("#images td.hip-name a")

    def row(self, name: str) -> Row:
        """The one row of this name, as soon as it is there."""

        def found() -> list[Row]:
            names = zip(self.names(), self.ids(), strict=False)
            return [Row(self.browser, id_) for shown, id_ in names if shown == squeeze(name)]

        rows = self.browser.wait(found, f"a row {name!r}")
        assert len(rows) == 1, f"{len(rows)} rows are named {name!r}"
        return rows[0]

    def row_of(self, image_id: str) -> Row:
        row = Row(self.browser, image_id)
        self.browser.wait(lambda: self.browser.all(row.selector), f"the row of {image_id}")
        return row

    def wait_for_status(self, name: str, status: str, within_s: float = 30) -> None:
        """The page brings the row up to date by itself."""
        self.browser.wait(
            lambda: self.row(name).cells()["Status"] == status, f"{name!r} to be {status}", within_s
        )

    # Above the table.

    def table_actions(self) -> list[str]:
        """The labels of all actions on the table, those in the menu too."""
        buttons = self.browser.all("#images .table_actions .data-table-action")
        return [squeeze(button.get_attribute("textContent") or "") for button in buttons]

    def has_boxes(self) -> bool:
        """Whether rows can be ticked."""
        return any(cell.is_displayed() for cell in self.browser.all(".multi_select_column"))

    def create(self) -> CreateImageDialog:
        self.browser.click(
            lambda: self.browser.one("#images__action_create"), "the button Create Image"
        )
        return CreateImageDialog(self.browser).wait_until_open()

    # Dropping files.

    def drag(self, *files: Path) -> None:
        """Files above the page, and not let go of."""
        self._drag(files, "dragenter", "dragover")

    @property
    def overlay(self) -> str:
        """What is said while files are above the page; empty without any."""
        return " ".join(self.browser.texts("[data-hip-drop]"))

    def drop(self, *files: Path) -> None:
        self._drag(files, "dragenter", "dragover", "drop")

    def drop_several(self, *files: Path) -> SeveralDialog:
        self.drop(*files)
        return SeveralDialog(self.browser).wait_until_open()

    def drop_on_search(self, *files: Path) -> str:
        """What is said while files are above the search box, in which they are dropped then."""
        self._drag(files, "dragenter", "dragover", target=SEARCH_BOX)
        said = self.overlay
        self._drag(files, "drop", target=SEARCH_BOX)
        return said

    def _drag(self, files: Sequence[Path], *events: str, target: str = "#content_body") -> None:
        """Files get into a page by a field only: one that nobody else sees lends them."""
        self.browser.run(FILE_LENDER)
        self.browser.one("#lent_files").send_keys("\n".join(map(str, files)))
        self.browser.run(DRAG, events, target)

    def choose_for_ticked(self, label: str) -> None:
        """Choose an action for the ticked rows."""

        def button() -> WebElement:
            buttons = self.browser.all("#images .table_actions .data-table-action")
            found = dict(zip(self.table_actions(), buttons, strict=True))[label]
            if not found.is_displayed():
                self.browser.one("#images .table_actions_menu .dropdown-toggle").click()
            return found

        self.browser.click(button, f"{label} above the table")

    def begin_for_ticked(self, label: str) -> ConfirmDialog:
        """Choose an action that asks for confirmation."""
        self.choose_for_ticked(label)
        return ConfirmDialog(self.browser).wait_until_open()

    def filter(self, **choices: str) -> None:
        """Choose by label, or type, what to filter by, and press Filter."""
        for name, value in choices.items():
            field = self.browser.one(f"#hip_filter_{name}")
            if not field.is_displayed():
                self.open_filters()
            if field.tag_name == "select":
                labels = {
                    squeeze(option.text): option
                    for option in field.find_elements(By.TAG_NAME, "option")
                }
                assert value in labels, f"{name} offers {list(labels)}, not {value}"
                labels[value].click()
            else:
                field.clear()
                field.send_keys(value)
        old = self.browser.one("html")
        self.browser.click(
            lambda: self.browser.one("[data-hip-filters] [type=submit]"), "the button Filter"
        )
        self.browser.wait(lambda: self.browser.one("html") != old, "the filtered list")
        self.wait_until_shown()

    def open_filters(self) -> None:
        menu = ".hip-add-filter"
        self.browser.click(lambda: self.browser.one(f"{menu} > summary"), "Add Filter")
        self.browser.wait(
            lambda: self.browser.one(f"{menu} > div").is_displayed(), "the fields of Add Filter"
        )

    def pills(self) -> list[str]:
        """The filters that are set, as those who see them read them."""
        shown = self.browser.texts(".hip-pill")
        return [text.removeprefix("Remove this filter: ") for text in shown]

    def remove_pill(self, text: str) -> None:
        old = self.browser.one("html")

        def pill() -> WebElement:
            return next(a for a in self.browser.all(".hip-pill") if text in squeeze(a.text))

        self.browser.click(pill, f"the pill {text!r}")
        self.browser.wait(lambda: self.browser.one("html") != old, "the list without the filter")
        self.wait_until_shown()

    def filter_value(self, name: str) -> str:
        """What the filter bar shows to be chosen or typed."""
        value: str = self.browser.run(
            "const field = document.getElementById('hip_filter_' + arguments[0]);"
            "return field.selectedOptions ? field.selectedOptions[0].text : field.value",
            name,
        )
        return squeeze(value)

    def turn(self, label: str) -> None:
        """Turn the page: "Next" or "Prev"."""
        old = self.browser.one("html")

        def link() -> WebElement:
            return next(a for a in self.browser.all("#images a") if label in squeeze(a.text))

        self.browser.click(link, f"the link {label}")
        self.browser.wait(lambda: self.browser.one("html") != old, f"the page behind {label}")
        self.wait_until_shown()

    def can_turn(self, label: str) -> bool:
        return any(label in squeeze(link.text) for link in self.browser.all("#images a"))


class DetailPage(Page):
    def __init__(self, browser: Browser) -> None:
        super().__init__(browser)
        self.actions = Actions(browser, ".detail-actions", "the details page")

    def open(self, image_id: str, panel: str = PROJECT) -> Self:
        self.browser.go(f"{panel}{image_id}/" + ("detail/" if panel == ADMIN else ""))
        self.wait_until_shown(image_id)
        return self

    def wait_until_shown(self, image_id: str) -> None:
        self.browser.wait(
            lambda: self.facts().get("ID") == image_id, f"the details of image {image_id}"
        )

    def facts(self) -> dict[str, str]:
        """Texts by their terms. Of two of the same term the last one."""
        return self.browser.texts_by(".hip-facts dt", ".hip-facts dt + dd")

    def upload_data(self) -> UploadDataDialog:
        self.actions.choose("Upload Data")
        return UploadDataDialog(self.browser).wait_until_open()

    def tags(self) -> list[str]:
        return self.browser.texts(".hip-tags a")

    def edit(self) -> EditImageDialog:
        self.actions.choose("Edit Image")
        return EditImageDialog(self.browser).wait_until_open()

    def update_metadata(self) -> MetadataDialog:
        self.actions.choose("Update Metadata")
        return MetadataDialog(self.browser).wait_until_open()

    def begin(self, label: str) -> ConfirmDialog:
        self.actions.choose(label)
        return ConfirmDialog(self.browser).wait_until_open()


class PublishPage(Page):
    """Asks to whom images are to be published, and does it."""

    form = "form.hip-publish"

    def wait_until_shown(self) -> Self:
        self.browser.wait(lambda: self.browser.all(self.form), "the question to whom")
        return self

    def chosen(self) -> str:
        return str(self.browser.one(f"{self.form} [name=audience]:checked").get_property("value"))

    def to_everyone(self) -> None:
        """One change for each image, which leads back to the list."""
        audience = f"{self.form} [name=audience][value=cloud]"
        self.browser.click(lambda: self.browser.one(audience), "Public")
        self.browser.click(lambda: self.browser.one(f"{self.form} [type=submit]"), "Publish")

    def to(self, audience: str, end: str = r"Published to \d+ projects?\.") -> None:
        """By keyboard, until all that is to be done is done."""
        choice = self.browser.one(f"{self.form} [name=audience][value={audience}]")
        choice.send_keys(Keys.SPACE)
        choice.send_keys(Keys.ENTER)
        self.browser.wait(
            lambda: re.fullmatch(end, self.browser.one(f"{self.form} [data-hip-status]").text),
            "the end of publishing",
        )
        if end.startswith("Published"):
            assert not self.noted()
            assert self.buttons() == ["Close"]

    def buttons(self) -> list[str]:
        shown = self.browser.all(f"{self.form} [data-hip-back], {self.form} [type=submit]")
        return [squeeze(each.text) for each in shown if each.is_displayed()]

    def noted(self) -> list[str]:
        """What there is to know of projects, beyond that it is done."""
        return self.browser.texts(f"{self.form} [data-hip-results] li")

    def done(self) -> list[str]:
        """What is said of the projects of which there is no more to know."""
        self.browser.one(f"{self.form} [data-hip-done] summary").click()
        return self.browser.texts(f"{self.form} [data-hip-done] li")

    def watch_progress(self) -> Callable[[], list[tuple[int, str]]]:
        """Tells afterwards which percentages the bar has shown, and the words beside it."""
        self.browser.run(
            """
            const form = document.querySelector(arguments[0]);
            const bar = form.querySelector('[role=progressbar]');
            const words = form.querySelector('[data-hip-status]');
            window.seen = [];
            new MutationObserver(() => {
              window.seen.push([Number(bar.getAttribute('aria-valuenow')), words.textContent]);
            }).observe(form, {attributes: true, childList: true, subtree: true});
            """,
            self.form,
        )
        return lambda: [tuple(each) for each in self.browser.run("return window.seen")]


class StoragePage(Page):
    """What the images store."""

    def __init__(self, browser: Browser, path: str = PROJECT) -> None:
        super().__init__(browser)
        self.path = f"{path}storage/"

    def open(self) -> Self:
        self.browser.go(self.path)
        return self.wait_until_counted()

    def wait_until_counted(self) -> Self:
        whole = "[data-hip-storage-whole]"
        self.browser.wait(lambda: self.browser.all(whole), "all images to be counted", 60)
        return self

    def figure(self, card: str) -> str:
        return squeeze(self.browser.one(f"[data-hip-card={card}] .hip-storage-figure").text)

    def rows(self, chart: str) -> dict[str, list[str]]:
        """The cells behind the name of each row."""
        rows = self.browser.all(f"[data-hip-chart={chart}] > table tbody tr")
        cells = [
            [squeeze(c.text) for c in row.find_elements(By.CSS_SELECTOR, "th, td")] for row in rows
        ]
        return {name: rest for name, _bar, *rest in cells}


class RulesPage(Page):
    """Clean Up: a rule, its preview, and the deletion of what it finds."""

    def __init__(self, browser: Browser, path: str = PROJECT) -> None:
        super().__init__(browser)
        self.path = f"{path}rules/"

    def open(self) -> Self:
        self.browser.go(self.path)
        return self

    def choose(self, kind: str) -> None:
        self.browser.click(lambda: self.browser.one(f"#hip_rule_{kind}"), kind)

    def preview(self) -> Self:
        self.browser.click(lambda: self.browser.one("#hip_rules_preview"), "Preview")
        return self.wait_until_whole()

    def wait_until_whole(self) -> Self:
        whole = "[data-hip-rules-preview]"
        self.browser.wait(lambda: self.browser.all(whole), "the preview", 60)
        return self

    def ask(self) -> None:
        self.browser.click(lambda: self.browser.one("#hip_rules_ask"), "Delete")
        self.browser.wait(lambda: self.browser.all("#hip_rules_delete"), "the question")

    def title(self) -> str:
        return squeeze(self.browser.one("#hip_rules_found, #hip_rules_deleting").text)

    def images(self) -> list[str]:
        """Names of the images that would go."""
        return [squeeze(text) for text in self.browser.texts(".hip-rules-images tbody th")]

    def kept(self) -> dict[str, str]:
        """Number of images by the reason to keep them."""
        rows = self.browser.all(".hip-rules-kept > tbody > tr")
        cells = [[squeeze(c.text) for c in row.find_elements(By.XPATH, "./*")] for row in rows]
        return {reason: count for reason, count, _names in cells}

    def wait_until_deleted(self) -> Self:
        over = "[data-hip-rules-result=over]"
        self.browser.wait(lambda: self.browser.all(over), "the images to be deleted", 60)
        return self
