# SPDX-License-Identifier: Apache-2.0
"""The scripts stand beside Horizon's, and in the place of none of them."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from demo import imagefiles
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


#: AngularJS without effect, in the place of the one that Horizon loads, which ends at once where
#: it finds itself loaded already. Horizon's own scripts register modules with it, and get their
#: object for cookies from it, which knows none here, and the one that starts it in dialogs.
NO_ANGULARJS = """
const nothing = new Proxy(function () {}, {
  get: (target, name) => (name === Symbol.toPrimitive ? () => '' : nothing),
  apply: () => nothing,
  construct: () => nothing,
  set: () => true,
});
Object.defineProperty(window, 'angular', {get: () => nothing, set: () => {}});
document.addEventListener('DOMContentLoaded', () => {
  horizon.cookies = {get: () => '', put: () => {}, getObject: () => null, putObject: () => {}};
  horizon.utils = {loadAngular: () => {}};
});
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


def test_nothing_depends_on_angularjs(
    browser: Browser, unique: Unique, make_image: MakeImage, tmp_path: Path
) -> None:
    """Horizon removes AngularJS panel by panel."""
    existing, name = make_image(unique("plain scripts")), unique("sent without angularjs")
    file = tmp_path / "disk.qcow2"
    file.write_bytes(imagefiles.qcow2(1024 * 1024, os.urandom(1024)))
    browser.log_in("alice")
    browser.driver.execute_cdp_cmd(
        "Page.addScriptToEvaluateOnNewDocument", {"source": NO_ANGULARJS}
    )
    page = ImagesPage(browser).open()
    assert browser.all("[ng-app]"), "Horizon has what would use it"
    assert not browser.all(".ng-scope"), "AngularJS does not run"
    dialog = page.create()
    dialog.fields.fill("name", name)
    dialog.choose_file(file)
    browser.wait(lambda: dialog.fields.value("disk_format") == "qcow2", "the format to be seen")
    dialog.create_and_follow().wait_until_active()
    page.wait_for_status(name, "Active Verified")

    page.filter(name=existing["name"])
    assert page.ids() == [existing["id"]]
    edit = page.row(existing["name"]).edit()
    edit.fields.fill("name", f"{existing['name']} renamed")
    edit.update()
    page.wait_for_message("renamed")
    page.row(f"{existing['name']} renamed").update_metadata().press("Cancel")
    details = page.row(f"{existing['name']} renamed").open()
    details.actions.choose("Protect Image")
    details.wait_for_message("Protected Image")
    assert details.facts()["Protected"] == "Yes"
    page.open()
    page.row(name).tick()
    page.begin_for_ticked("Delete Images").confirm()
    page.wait_for_message(name)
