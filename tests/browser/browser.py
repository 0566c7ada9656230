# SPDX-License-Identifier: Apache-2.0
"""Chromium as the tests drive it: one process, a fresh tab for each test."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from selenium import webdriver
from selenium.common.exceptions import ElementClickInterceptedException, NoAlertPresentException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

from demo.cloud import Cloud
from tests.browser.pages import LoginPage
from tests.browser.reading import squeeze
from tests.browser.waiting import WITHIN_S, wait_for

Value = TypeVar("Value")

HOW_TO_GET_IT = "chromium and chromedriver are needed: apt-get install chromium chromium-driver"

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # The tabs of one test after the other share a process, which keeps the scripts compiled.
    "--process-per-site",
    "--window-size=1400,1000",
)


#: Chromium without windows and menus of its own takes a quarter less of the processors for a page.
#: Debian has it in a package of this name.
HEADLESS = "chromium-headless-shell"


def is_installed() -> bool:
    return all(map(shutil.which, ("chromium", "chromedriver")))


def start_chromium() -> webdriver.Chrome:
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which(HEADLESS) or shutil.which("chromium") or ""
    for flag in FLAGS:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    # Prompts stay open for the tests to see. That the one before leaving a
    # page opens at all needs a session with a web socket.
    options.set_capability("webSocketUrl", True)
    options.set_capability(
        "unhandledPromptBehavior", {"default": "ignore", "beforeUnload": "ignore"}
    )
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    driver.set_page_load_timeout(30)
    return driver


class Browser:
    """One tab, and whoever is logged in there.

    `sessions` holds the cookies of a user's login, for the next test to
    continue with.
    """

    def __init__(
        self, driver: webdriver.Chrome, cloud: Cloud, sessions: dict[str, list[dict[str, Any]]]
    ) -> None:
        self.driver = driver
        self.cloud = cloud
        #: Of the dashboard: a test may go to another one of the same cloud.
        self.url = cloud.horizon.url
        self.user = ""
        self._sessions = sessions
        self._expected: list[str] = []
        self._has_changed_language = False
        self._first_tab = driver.current_window_handle
        driver.switch_to.new_window("tab")
        # Without it, a page that is loaded into a later tab may not have the focus.
        driver.execute_cdp_cmd("Emulation.setFocusEmulationEnabled", {"enabled": True})

    # People.

    def log_in(self, user: str, fresh: bool = False) -> None:
        """Be this user from now on; `fresh`: in a session that no other test has seen."""
        self.user = user
        # An answer that is still on its way to the last page, such as that to
        # Horizon's own /header/, would bring back the last user's session.
        self.driver.get("about:blank")
        self.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
        if fresh or user not in self._sessions:
            LoginPage(self).open().log_in(self.cloud.user(user))
            if not fresh:
                self._sessions[user] = [
                    cookie
                    for cookie in self.driver.get_cookies()
                    if cookie["name"] in ("sessionid", "csrftoken")
                ]
            return
        for cookie in self._sessions[user]:
            kept = {key: cookie[key] for key in ("name", "value", "path", "domain", "httpOnly")}
            self.driver.execute_cdp_cmd("Network.setCookie", kept)

    # The page.

    def go(self, path: str) -> None:
        self.driver.get(self.url + path)

    @property
    def path(self) -> str:
        """The page's address behind the host."""
        return self.driver.current_url.removeprefix(self.url)

    def use_theme(self, theme: str) -> None:
        """Have Horizon show its pages in this theme; after log_in."""
        self._set_cookie("theme", theme)

    def use_language(self, language: str) -> None:
        """Have Horizon show its pages in this language; after log_in."""
        self._has_changed_language = True
        self._forget_files()
        self._set_cookie("horizon_language", language)

    def use_page_size(self, rows: int) -> None:
        """Have Horizon show so many rows on a page; after log_in."""
        self._set_cookie("API_RESULT_PAGE_SIZE", str(rows))

    def _set_cookie(self, name: str, value: str) -> None:
        cookie = {"name": name, "value": value, "url": self.url}
        self.driver.execute_cdp_cmd("Network.setCookie", cookie)

    def all(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def texts(self, selector: str) -> list[str]:
        """What a person reads in each of the elements; one question for all of them."""
        found: list[str] = self.run(
            "return [...document.querySelectorAll(arguments[0])].map(each => each.innerText)",
            selector,
        )
        return list(map(squeeze, found))

    def texts_by(self, heads: str, selector: str) -> dict[str, str]:
        """Texts by those of other elements, at one moment of a page that may change."""
        names, found = self.run(
            "return [...arguments].map(selector =>"
            " [...document.querySelectorAll(selector)].map(each => each.innerText))",
            heads,
            selector,
        )
        return dict(zip(map(squeeze, names), map(squeeze, found), strict=True))

    def run(self, script: str, *arguments: Any) -> Any:
        return self.driver.execute_script(script, *arguments)

    def wait(self, condition: Callable[[], Value], what: str, within_s: float = WITHIN_S) -> Value:
        return wait_for(condition, what, self.seen, within_s)

    def seen(self) -> str:
        text = squeeze(self.one("body").text)
        return f"{self.path}: {text[:1500]}"

    def click(self, element: Callable[[], WebElement], what: str) -> None:
        """Click as soon as it can be clicked."""

        def clicked() -> bool:
            self.click_now(element())
            return True

        self.wait(clicked, f"{what} to be clickable")

    def click_now(self, element: WebElement) -> None:
        """Click, or raise ElementClickInterceptedException and scroll away from what covers the
        element, such as the dock, as a person would.
        """
        try:
            element.click()
        except ElementClickInterceptedException:
            self.run("arguments[0].scrollIntoView({block: 'center'})", element)
            raise

    @property
    def prompt(self) -> str | None:
        """The text of the alert or question that the page has opened; None without one."""
        try:
            return str(self.driver.switch_to.alert.text)
        except NoAlertPresentException:
            return None

    # The network.

    def throttle_uploads(self, bytes_per_second: int) -> None:
        """Let this tab send no faster; -1 for as fast as it can."""
        self.driver.execute_cdp_cmd("Network.enable", {})
        self.driver.execute_cdp_cmd(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": 0,
                "downloadThroughput": -1,
                "uploadThroughput": bytes_per_second,
            },
        )

    # The console.

    def expect_console_error(self, pattern: str) -> None:
        """A regular expression for errors that belong to the test."""
        self._expected.append(pattern)

    def console_errors(self) -> list[str]:
        """SEVERE entries since the last call that nobody expected."""
        entries = self.driver.get_log("browser")
        severe = [entry["message"] for entry in entries if entry["level"] == "SEVERE"]
        return [text for text in severe if not any(re.search(p, text) for p in self._expected)]

    # The end.

    def close(self) -> None:
        """Close the tab, whatever it is doing."""
        if self.prompt is not None:
            self.driver.switch_to.alert.accept()
        if self._has_changed_language:
            self._forget_files()
        self.driver.close()
        self.driver.switch_to.window(self._first_tab)

    def _forget_files(self) -> None:
        """Of Horizon's catalogue for scripts, it says "not changed" after a change of language."""
        self.driver.execute_cdp_cmd("Network.clearBrowserCache", {})

    def keep(self, stem: Path) -> None:
        """Keep what the tab shows: a screenshot, the page, and the console."""
        stem.parent.mkdir(exist_ok=True)
        stem.with_suffix(".txt").write_text(f"prompt: {self.prompt!r}\nuser: {self.user}\n")
        if self.prompt is not None:
            self.driver.switch_to.alert.dismiss()
        self.driver.save_screenshot(str(stem.with_suffix(".png")))
        stem.with_suffix(".html").write_text(self.driver.page_source)
        console = self.driver.get_log("browser")
        stem.with_suffix(".console.json").write_text(json.dumps(console, indent=1))
