# SPDX-License-Identifier: Apache-2.0
"""The dock at the foot of the page, where all stands that is on its way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from selenium.webdriver.remote.webelement import WebElement

from tests.browser.reading import squeeze
from tests.browser.waiting import WITHIN_S

if TYPE_CHECKING:
    from tests.browser.browser import Browser

DOCK = "[data-hip-dock]"


class Dock:
    def __init__(self, browser: Browser) -> None:
        self.browser = browser

    @property
    def is_there(self) -> bool:
        return bool(self.browser.all(DOCK))

    @property
    def summary(self) -> str:
        """The sentence in its heading."""
        return squeeze(self.browser.one(f"{DOCK} .hip-dock-summary").text)

    @property
    def is_open(self) -> bool:
        return self._toggle().get_attribute("aria-expanded") == "true"

    def fold(self) -> None:
        """Close it, or open it again."""
        was = self.is_open
        self.browser.click(self._toggle, "the dock's heading")
        self.browser.wait(lambda: self.is_open != was, "the dock to fold")

    def clear(self) -> None:
        """Take out what is done."""
        self.browser.click(
            lambda: self.browser.one(f"{DOCK} .hip-dock-clear"), "the dock's button Clear"
        )

    @property
    def said(self) -> str:
        """What was last read out to those who hear the page."""
        text = self.browser.one(f"{DOCK} [role=status]").get_attribute("textContent")
        return squeeze(text or "")

    def names(self) -> list[str]:
        return self.browser.texts(f"{DOCK} .hip-dock-name")

    def item(self, name: str) -> Item:
        """The transfer of the image of this name, as soon as it is there."""

        def found() -> list[str]:
            pairs: list[list[str]] = self.browser.run(
                "return [...document.querySelectorAll('[data-hip-transfer]')].map(item =>"
                " [item.querySelector('.hip-dock-name').textContent, item.dataset.hipTransfer])"
            )
            return [id_ for shown, id_ in pairs if squeeze(shown) == squeeze(name)]

        ids = self.browser.wait(found, f"{name!r} in the dock")
        assert len(ids) == 1, f"{len(ids)} transfers are named {name!r}"
        return Item(self.browser, ids[0], name)

    def _toggle(self) -> WebElement:
        return self.browser.one(f"{DOCK} .hip-dock-toggle")


class Item:
    """One image on its way."""

    def __init__(self, browser: Browser, image_id: str, name: str) -> None:
        self.browser = browser
        self.image_id = image_id
        self.name = name
        self.selector = f'{DOCK} [data-hip-transfer="{image_id}"]'

    @property
    def line(self) -> str:
        """The sentence below the bar."""
        return squeeze(self.browser.one(f"{self.selector} .hip-dock-line").text)

    @property
    def published(self) -> str:
        """How far publishing it has come; empty where that is not asked for."""
        return squeeze(self.browser.one(f"{self.selector} .hip-dock-published").text)

    @property
    def percent(self) -> int | None:
        """How much is sent; None where nobody can tell."""
        bar = self.browser.one(f"{self.selector} [role=progressbar]")
        now = bar.get_attribute("aria-valuenow")
        return None if now is None else int(now)

    @property
    def badges(self) -> list[str]:
        return self.browser.texts(f"{self.selector} .label")

    @property
    def warnings(self) -> list[str]:
        return self.browser.texts(f"{self.selector} .alert-warning")

    @property
    def notes(self) -> str:
        """What it says of how an import goes on; empty without that."""
        return " ".join(self.browser.texts(f"{self.selector} .alert-info"))

    @property
    def checksums(self) -> list[str]:
        return self.browser.texts(f"{self.selector} .hip-checksums dd")

    def buttons(self) -> list[str]:
        return self.browser.texts(f"{self.selector} .hip-dock-buttons .btn")

    @property
    def question(self) -> str:
        """What is asked before something is done; empty without a question."""
        return squeeze(self.browser.one(f"{self.selector} .hip-dock-question").text)

    def press(self, label: str) -> None:
        def button() -> WebElement:
            found = self.browser.all(f"{self.selector} .hip-dock-buttons .btn")
            labels = {squeeze(each.text): each for each in found}
            return labels[label] if label in labels else self.browser.one(f"#no-{len(labels)}")

        self.browser.click(button, f"the button {label!r} of {self.name!r}")

    def dismiss(self) -> None:
        self.browser.click(
            lambda: self.browser.one(f"{self.selector} .hip-dock-dismiss"),
            f"{self.name!r} to be dismissed",
        )

    # Waiting.

    def wait_until_sending(self, percent: int = 1) -> None:
        self.browser.wait(
            lambda: (self.percent or 0) >= percent and self.line.startswith("Sent "),
            f"{percent} % of {self.name!r} to be sent",
        )

    def wait_for_line(self, text: str, within_s: float = WITHIN_S) -> str:
        """The first sentence that holds this text."""
        return self.browser.wait(
            lambda: self.line if text in self.line else "", f"{text!r} of {self.name!r}", within_s
        )

    def wait_until_active(self, within_s: float = 30) -> Self:
        self.browser.wait(
            lambda: "Active" in self.badges, f"{self.name!r} to be active in the dock", within_s
        )
        return self

    def wait_for_failure(self, within_s: float = 30) -> str:
        """Why it failed."""
        return self.browser.wait(
            lambda: squeeze(self.browser.one(f"{self.selector} .alert-danger").text),
            f"{self.name!r} to have failed",
            within_s,
        )

    def open_details(self) -> str:
        """Open what is folded below the failure; return it."""
        folded = f"{self.selector} .alert-danger details"
        if not self.browser.all(f"{folded}[open]"):
            self.browser.click(
                lambda: self.browser.one(f"{folded} summary"), f"the details of {self.name!r}"
            )
        return self.browser.wait(
            lambda: squeeze(self.browser.one(f"{folded}[open] p").text), "the details"
        )

    def wait_until_gone(self) -> None:
        self.browser.wait(
            lambda: not self.browser.all(self.selector) or self.line == "Deleted.",
            f"{self.name!r} to be gone from the dock",
        )
