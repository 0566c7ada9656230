# SPDX-License-Identifier: Apache-2.0
"""Horizon's own pages and dialogs that images lead to."""

from __future__ import annotations

from typing import Self

from selenium.webdriver.remote.webelement import WebElement

from tests.browser.browser import Browser
from tests.browser.dialogs import Dialog, Fields
from tests.browser.pages import Actions, Page
from tests.browser.reading import squeeze

#: Horizon 27.0 asks for metadata definitions of a type that has none, and answers 500 itself.
EXPECTED_OF_LAUNCH = r"metadefs/namespaces|max_workers must be greater than zero"


class LaunchDialog(Dialog):
    """The wizard Launch Instance."""

    title = "Launch Instance"

    def __init__(self, browser: Browser) -> None:
        super().__init__(browser)
        browser.expect_console_error(EXPECTED_OF_LAUNCH)
        self.fields = Fields(browser, self.selector)

    def source(self) -> str:
        """The name of the only allocated source."""
        self._go_to("Source")

        def allocated() -> str | None:
            names = self._allocated()
            return names[0] if len(names) == 1 else None

        return str(self.browser.wait(allocated, "one allocated source"))

    def launch(self, name: str, *, on_volume: bool | None = False) -> None:
        """Launch with the only flavor, on the only network.

        :param on_volume: boot from a new volume; None where the source leaves no choice
        """
        self._go_to("Details")
        self.fields.fill("name", name)
        for step in ("Flavor", "Networks"):
            self._go_to(step)
            self.browser.wait(self._allocate_one, f"one of {step} to be allocated")
        if on_volume is not None:
            # Last: its default comes late.
            self._go_to("Source")
            self.browser.wait(
                lambda: self._chosen("Create New Volume", "Yes" if on_volume else "No"),
                f"Create New Volume to be {on_volume}",
            )
        self.press("Launch Instance")
        self.wait_until_closed()

    def _allocate_one(self) -> bool:
        """Take the first one that is available, unless the wizard has done so."""
        if self._allocated():
            return True
        for button in self.browser.all(f"{self.selector} .transfer-available td .btn"):
            if button.is_displayed():
                self.browser.click_now(button)
                break
        return False

    def _go_to(self, step: str) -> None:
        def link() -> WebElement:
            steps = self.browser.all(f"{self.selector} .nav-item a")
            found = [each for each in steps if squeeze(each.text) == step]
            return found[0] if found else self.browser.one(f"{self.selector} .no-{step.lower()}")

        self.browser.wait(lambda: link().is_displayed(), f"the step {step}")
        self.browser.click(link, f"the step {step}")
        self.browser.wait(
            lambda: squeeze(self.browser.one(f"{self.selector} .nav-item.active").text) == step,
            f"the step {step} to be shown",
        )

    def _allocated(self) -> list[str]:
        """Names of the rows that are allocated in the step that is shown."""
        found: list[str] = self.browser.run(
            "return [...document.querySelectorAll(arguments[0])]"
            ".filter(row => row.offsetParent && row.querySelector('td.rsp-p1'))"
            ".map(row => row.querySelector('td.rsp-p1').innerText)",
            f"{self.selector} .transfer-allocated tbody tr",
        )
        return list(map(squeeze, found))

    def _chosen(self, label: str, option: str) -> bool:
        """Press the button of a choice until it is the chosen one."""
        button: WebElement | None = self.browser.run(
            "const group = [...document.querySelectorAll(arguments[0] + ' .form-group')]"
            ".find(group => group.offsetParent"
            " && group.querySelector('label')?.innerText.trim() === arguments[1]);"
            "return [...(group?.querySelectorAll('.btn') || [])]"
            ".find(button => button.innerText.trim() === arguments[2])",
            self.selector,
            label,
            option,
        )
        if button is None:
            return False
        if "active" in (button.get_attribute("class") or "").split():
            return True
        self.browser.click_now(button)
        return False


class CreateVolumeDialog(Dialog):
    title = "Create Volume"

    def __init__(self, browser: Browser) -> None:
        super().__init__(browser)
        self.fields = Fields(browser, f"{self.selector} form")

    def create(self, name: str) -> None:
        self.fields.fill("name", name)
        self.press("Create Volume")


class CreateSnapshotDialog(Dialog):
    title = "Create Snapshot"

    def __init__(self, browser: Browser) -> None:
        super().__init__(browser)
        self.fields = Fields(browser, f"{self.selector} form")

    def create(self, name: str) -> None:
        self.fields.fill("name", name)
        self.press("Create Snapshot")


class InstancesPage(Page):
    """Project > Compute > Instances."""

    def open(self) -> Self:
        self.browser.go("/project/instances/")
        return self

    def create_snapshot(self, instance_id: str, name: str) -> None:
        """Create a snapshot, as far as the list of images that it leads to."""
        row = f'tr[data-object-id="{instance_id}"]'
        self.browser.wait(lambda: self.browser.all(row), f"the row of {instance_id}")
        Actions(self.browser, row, f"the row of {instance_id}").choose("Create Snapshot")
        CreateSnapshotDialog(self.browser).wait_until_open().create(name)
