# SPDX-License-Identifier: Apache-2.0
"""The scripts stand beside Horizon's, and in the place of none of them."""

from collections.abc import Callable
from typing import Any

from tests.browser.browser import Browser
from tests.browser.pages import ADMIN, ImagesPage

MakeImage = Callable[..., Any]
Unique = Callable[[str], str]

FOREIGN = "/project/api_access/"

#: What can be called of Horizon and of the browser, by its source.
FUNCTIONS = """
const found = {}, seen = new Set([horizon.helionImages]);
function look(name, value, depth) {
  if (typeof value === 'function') {
    found[name] = String(value);
  }
  if (value && /object|function/.test(typeof value) && !seen.has(value) && depth) {
    seen.add(value);
    for (const key of Object.keys(value)) {
      if (!/^\\d+$/.test(key)) look(`${name}.${key}`, value[key], depth - 1);
    }
  }
}
look('horizon', horizon, 3);
look('$.fn', $.fn, 1);
for (const name of ['fetch', 'XMLHttpRequest', 'gettext', 'interpolate']) {
  look(name, window[name], 1);
}
return found;
"""


def test_no_function_of_horizon_is_replaced(browser: Browser) -> None:
    browser.log_in("acme-admin")
    browser.go(FOREIGN)
    assert not browser.run("return 'helionImages' in horizon")
    horizons = browser.run(FUNCTIONS)
    assert "horizon.datatables.confirm" in horizons
    ImagesPage(browser, ADMIN).open()
    assert browser.run("return 'helionImages' in horizon")
    ours = browser.run(FUNCTIONS)
    assert {name for name, source in horizons.items() if ours.get(name) != source} == set()


def test_one_question_for_one_click(
    browser: Browser, unique: Unique, make_image: MakeImage
) -> None:
    """Of red buttons, which Horizon asks about itself, and of those that it does not."""
    image = make_image(unique("asked once"))
    browser.log_in("alice")
    page = ImagesPage(browser).open()
    for action in ("Delete Image", "Hide Image"):
        dialog = page.row(image["name"]).begin(action)
        assert len(browser.all("#modal_wrapper > .modal")) == 1
        assert f'"{image["name"]}"' in dialog.text
        assert not browser.all(".actions_column .open"), "the menu closes behind the question"
        dialog.press("Cancel")
        browser.wait(lambda: not browser.all("#modal_wrapper > .modal"), "the question to go")
