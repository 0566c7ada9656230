# SPDX-License-Identifier: Apache-2.0
"""The dialogs that open above a page, and the fields in them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Self

from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

from tests.browser.dock import Dock, Item
from tests.browser.reading import squeeze

if TYPE_CHECKING:
    from tests.browser.browser import Browser


class Fields:
    """The fields of a form, by the name that they have in it."""

    def __init__(self, browser: Browser, form: str) -> None:
        self.browser = browser
        self.form = form

    def _find(self, name: str) -> WebElement:
        return self.browser.one(f'{self.form} [name="{name}"]:not([type=hidden])')

    def value(self, name: str) -> str:
        return str(self._find(name).get_property("value"))

    def is_ticked(self, name: str) -> bool:
        return self._find(name).is_selected()

    def is_shaded(self, name: str) -> bool:
        return not self._find(name).is_enabled()

    def fill(self, name: str, text: str) -> None:
        def filled() -> bool:
            field = self._find(name)
            field.clear()
            field.send_keys(text)
            # The name of a file may have come between the two.
            return name != "name" or field.get_property("value") == text

        self.browser.wait(filled, f"the field {name}")

    def choose(self, name: str, label: str) -> None:
        """Choose from a drop-down, in Horizon's own look or the browser's."""

        def chosen() -> bool:
            select = self._find(name)
            if select.is_displayed():
                options = self.browser.all(f'{self.form} [name="{name}"] option')
            else:
                look = f'{self.form} .themable-select:has(select[name="{name}"])'
                self.browser.one(f"{look} .dropdown-toggle").click()
                options = self.browser.all(f"{look} [data-select-value]")
            labels = {squeeze(option.text): option for option in options}
            assert label in labels, f"{name} offers {list(labels)}, not {label}"
            labels[label].click()
            return True

        self.browser.wait(chosen, f"the drop-down {name}")

    def labels(self, name: str) -> list[str]:
        """What a drop-down offers."""
        options = self.browser.all(f'{self.form} select[name="{name}"] option')
        return [squeeze(option.get_attribute("textContent") or "") for option in options]

    def set_ticked(self, name: str, ticked: bool = True) -> None:
        if self.is_ticked(name) != ticked:
            label = f'label[for="{self._find(name).get_attribute("id")}"]'
            self.browser.click(lambda: self.browser.one(f"{self.form} {label}"), f"the box {name}")
        self.browser.wait(
            lambda: self.is_ticked(name) == ticked, f"the box {name} to be ticked: {ticked}"
        )

    def error(self, name: str) -> str:
        """What the form says is wrong with a field; empty if nothing is."""
        group = f'{self.form} .form-group.has-error:has([name="{name}"])'
        return " ".join(squeeze(text.text) for text in self.browser.all(f"{group} .help-block"))


class Dialog:
    """The dialog on top."""

    selector = ".modal.in"
    title = ""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser

    def wait_until_open(self) -> Self:
        self.browser.wait(
            lambda: self.title in squeeze(self.browser.one(f"{self.selector} .modal-title").text),
            f"the dialog {self.title!r}",
        )
        return self

    @property
    def text(self) -> str:
        return squeeze(self.browser.one(f"{self.selector} .modal-body").text)

    def wait_until_closed(self) -> None:
        self.browser.wait(
            lambda: not self.browser.all(self.selector), f"the dialog {self.title!r} to close"
        )

    def press(self, label: str) -> None:
        """Press a button of the dialog."""

        def button() -> WebElement:
            buttons = self.browser.all(f"{self.selector} .modal-footer .btn")
            labels = {squeeze(b.text or b.get_attribute("value") or ""): b for b in buttons}
            return labels[label] if label in labels else self.browser.one(f"#no-{len(labels)}")

        self.browser.click(button, f"the button {label!r}")

    def buttons(self) -> list[str]:
        buttons = self.browser.all(f"{self.selector} .modal-footer .btn")
        return [squeeze(b.text or b.get_attribute("value") or "") for b in buttons]


class ConfirmDialog(Dialog):
    title = "Confirm"

    def confirm(self) -> None:
        """Press the button that does it, whose label is the action's."""
        self.press(next(label for label in self.buttons() if label != "Cancel"))


class EditImageDialog(Dialog):
    title = "Edit Image"

    def __init__(self, browser: Browser) -> None:
        super().__init__(browser)
        self.fields = Fields(browser, "#update_image_form")

    def update(self) -> None:
        self.press("Update Image")


class MetadataDialog(Dialog):
    title = "Update Metadata"
    options = ".modal [role=option]"

    def __init__(self, browser: Browser) -> None:
        super().__init__(browser)
        self.fields = Fields(browser, "#image_metadata_form")

    def found(self) -> list[str]:
        """What the search has found, while that is in sight."""
        return [
            squeeze(each.text) for each in self.browser.all(self.options) if each.is_displayed()
        ]

    def wait_for_found(self, beginning: str) -> WebElement:
        def option() -> WebElement | None:
            for each in self.browser.all(self.options):
                if squeeze(each.text).startswith(squeeze(beginning)):
                    return each
            return None

        return self.browser.wait(option, f"{beginning!r} to be found")  # type: ignore[return-value]

    def marked(self) -> str:
        """The option that the arrows have led to, as it is read to those who listen."""
        marked = self.browser.one(f"{self.options}[aria-selected=true]")
        field = self.browser.one(".modal [role=combobox]")
        assert field.get_attribute("aria-activedescendant") == marked.get_attribute("id")
        return squeeze(marked.text)

    def add(self, text: str, option: str) -> None:
        """Search, and take what begins so; the fields are there afterwards."""
        old = self.browser.one(f"{self.selector} [data-hip-properties]")
        self.fields.fill("new_name", text)
        self.wait_for_found(option).click()
        self.browser.wait(
            lambda: self.browser.one(f"{self.selector} [data-hip-properties]") != old,
            f"the fields of {option!r}",
        )

    def remove(self, name: str) -> None:
        box = f'{self.selector} [name=remove][value="{name}"]'
        self.browser.click(lambda: self.browser.one(f"{box} + label"), f"Remove {name}")

    def save(self) -> None:
        self.press("Save")


class ChangeOwnerDialog(Dialog):
    title = "Change Owner"

    def __init__(self, browser: Browser) -> None:
        super().__init__(browser)
        self.fields = Fields(browser, "#change_owner_form")


class CreateImageDialog(Dialog):
    title = "Create Image"

    def __init__(self, browser: Browser) -> None:
        super().__init__(browser)
        self.fields = Fields(browser, "form[data-hip-create]")

    def choose_file(self, *files: Path) -> None:
        """Several are possible where new images are made."""
        field = self.browser.one("form[data-hip-create] [data-hip-file]")
        # Selenium would add to the files that are chosen already.
        self.browser.run("arguments[0].value = ''", field)
        field.send_keys("\n".join(map(str, files)))

    def choose_location(self, url: str) -> None:
        self.fields.choose("source", "Image Location")
        self.fields.fill("location", url)

    def open_properties(self) -> None:
        self._open_step("properties")

    def open_requirements(self) -> None:
        self._open_step("requirements")

    def open_access(self) -> None:
        self._open_step("access")

    def _open_step(self, slug: str) -> None:
        target = f"#create_image__{slug}"
        self.browser.click(lambda: self.browser.one(f'[data-target="{target}"]'), target)
        self.browser.wait(lambda: self.browser.one(target).is_displayed(), target)

    def create(self) -> None:
        self.press("Create Image")

    def create_and_follow(self) -> Item:
        """Press the button, and look at the dock once the dialog has gone."""
        name = self.fields.value("name")
        self.create()
        self.wait_until_closed()
        return Dock(self.browser).item(name)

    # What the browser knows of the file.

    @property
    def content(self) -> str:
        """What is said under the field of the file."""
        return squeeze(self.browser.one("form[data-hip-create] [data-hip-content]").text)

    def wait_for_content(self, text: str) -> str:
        return self.browser.wait(
            lambda: self.content if text in self.content else "", f"{text!r} under the file"
        )

    def switch_format(self) -> None:
        """Take the format that the file's content has."""
        self.browser.click(
            lambda: self.browser.one("form[data-hip-create] [data-hip-content] button"),
            "the button that switches the format",
        )

    def wait_for_alert(self, within_s: float = 30) -> str:
        """What the dialog says has gone wrong."""
        return self.browser.wait(
            lambda: squeeze(self.browser.one(f"{self.selector} .alert-danger").text),
            "the dialog to say what has gone wrong",
            within_s,
        )


class UploadDataDialog(CreateImageDialog):
    title = "Upload Data"

    def upload(self, name: str) -> Item:
        self.press("Upload Data")
        self.wait_until_closed()
        return Dock(self.browser).item(name)


class SeveralDialog(Dialog):
    """One line for each of several files."""

    title = "Create "
    form = "form[data-hip-several]"

    def wait_until_open(self) -> Self:
        self.browser.wait(lambda: self.browser.all(f"{self.form} tbody tr"), "lines of files")
        return super().wait_until_open()

    @property
    def heading(self) -> str:
        return squeeze(self.browser.one(f"{self.form} .modal-title").text)

    def values(self, field: str) -> list[str]:
        """Of each line: name, format or min_disk."""
        return [
            str(each.get_property("value"))
            for each in self.browser.all(f'{self.form} [name="{field}"]')
        ]

    def field(self, line: int, field: str) -> WebElement:
        return self.browser.all(f'{self.form} [name="{field}"]')[line]

    def choose_format(self, line: int, value: str) -> None:
        option = f'option[value="{value}"]'
        self.field(line, "format").find_element(By.CSS_SELECTOR, option).click()

    def rename(self, line: int, name: str) -> None:
        field = self.field(line, "name")
        field.clear()
        field.send_keys(name)

    def leave_out(self, line: int) -> None:
        self.browser.all(f"{self.form} tbody tr button")[line].click()

    def notes(self) -> list[str]:
        return self.browser.texts(f"{self.form} tbody .help-block")

    def errors(self) -> list[str]:
        return self.browser.texts(f"{self.form} tbody .text-danger")

    def create(self) -> None:
        self.browser.click(
            lambda: self.browser.one(f"{self.form} [type=submit]"), "the button Create Images"
        )
