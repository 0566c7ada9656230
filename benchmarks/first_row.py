# SPDX-License-Identifier: Apache-2.0
"""When Chromium shows the first row of a list, from the beginning of the navigation."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from selenium import webdriver

from benchmarks.table import markdown, ratio, spread
from demo.cloud import Cloud
from demo.horizon import Horizon
from tests.browser.browser import start_chromium
from tests.integration.client import Dashboard
from tests.integration.waiting import wait_until

#: Loads of each page before the first that counts: the browser then has its files, and the
#: compiled scripts.
WARM_UP_ROUNDS = 3

#: Makes the browser note when it has painted the first text of the row, or any text of a
#: page without rows.
_SCRIPT = """
(function (word) {
  var seen = window.benchmarkSeen = {};
  function note(list) {
    list.getEntries().forEach(function (entry) {
      seen.painted_ms = seen.painted_ms || entry.renderTime || entry.startTime;
    });
  }
  function mark(element) {
    element.setAttribute('elementtiming', 'row');
  }
  if (!word) {
    new PerformanceObserver(note).observe({type: 'paint', buffered: true});
    return;
  }
  new PerformanceObserver(note).observe({type: 'element', buffered: true});
  new MutationObserver(function (_changes, observer) {
    var link = Array.from(document.querySelectorAll('tbody td a')).find(function (each) {
      return each.textContent.indexOf(word) >= 0;
    });
    if (link) {
      observer.disconnect();
      link.querySelectorAll('*').forEach(mark);
      for (; link.tagName !== 'TR'; link = link.parentElement) {
        mark(link);
      }
    }
  }).observe(document, {childList: true, subtree: true, characterData: true});
}(%s));
"""

_SEEN = """
var timing = performance.getEntriesByType('navigation')[0];
var painted = window.benchmarkSeen.painted_ms;
return timing.loadEventEnd && painted ? [timing.responseStart / 1000, painted / 1000] : null;
"""


@dataclass(frozen=True)
class Load:
    """One load of a page: seconds until its first byte and until its first row."""

    page: str
    first_byte_s: float
    first_row_s: float


class Page:
    """A page of a dashboard, for the user of the benchmark.

    :param word: a text in the first row's link; empty for a page without rows
    """

    def __init__(self, horizon: Horizon, path: str, word: str, cookies: Mapping[str, str]):
        self.url = horizon.url
        self.path = path
        self.word = word
        self.cookies = cookies

    def load(self, driver: webdriver.Chrome, name: str) -> Load:
        driver.get("about:blank")
        # All dashboards are ports of one host, and share their cookies.
        driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
        for cookie, value in self.cookies.items():
            command = {"name": cookie, "value": value, "url": self.url}
            driver.execute_cdp_cmd("Network.setCookie", command)
        script = {"source": _SCRIPT % json.dumps(self.word)}
        added = driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", script)
        try:
            driver.get(self.url + self.path)
            seen = wait_until(
                lambda: driver.execute_script(_SEEN),
                bool,
                f"a row of {name} in {driver.title!r}",
            )
        finally:
            driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", added)
        return Load(name, *seen)


def log_in(cloud: Cloud, horizon: Horizon, user: str, project: str, rows: int) -> dict[str, str]:
    """Return the cookies of a session that lists so many rows."""
    person = Dashboard(horizon.url).log_in(cloud.user(user), cloud.project_id(project))
    cookies: dict[str, Any] = dict(person.session.cookies.items())
    return {**cookies, "API_RESULT_PAGE_SIZE": str(rows)}


def play(pages: Mapping[str, Page], rounds: int) -> list[Load]:
    """Load each page in turn, in one browser; each round in the opposite order."""
    driver = start_chromium()
    try:
        loads = []
        for number in range(WARM_UP_ROUNDS + rounds):
            names = list(pages)[:: 1 if number % 2 == 0 else -1]
            loads.append([pages[name].load(driver, name) for name in names])
    finally:
        driver.quit()
    return [load for played in loads[WARM_UP_ROUNDS:] for load in played]


def table(loads: Sequence[Load], bases: Sequence[str]) -> str:
    """A row for each page; ratios to the pages called `bases`, within each round."""
    names = list(dict.fromkeys(load.page for load in loads))
    shown = {name: [load.first_row_s for load in loads if load.page == name] for name in names}
    lines = []
    for name in sorted(names, key=lambda name: name in bases):
        first_bytes = [load.first_byte_s for load in loads if load.page == name]
        ratios = [ratio(shown[name], shown[base]) for base in bases]
        lines.append((name, spread(first_bytes, 3), spread(shown[name], 3), *ratios))
    headings = ("page", "first byte, s", "first row shown, s", *(f"to {base}" for base in bases))
    return markdown(headings, lines)
