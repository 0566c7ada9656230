# SPDX-License-Identifier: Apache-2.0
"""What has the focus is to be seen: beside the bars and the dock that lie over the page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys

from demo import imagefiles
from tests.browser.browser import Browser
from tests.browser.keyboard import IS_UNSEEN, MOST_STOPS, Keyboard
from tests.browser.pages import ImagesPage

SetWidth = Callable[[int], None]
Unique = Callable[[str], str]

#: The element with the focus, where no point of it is to be seen: of a box of Horizon's, its
#: picture is; of Horizon's own frame, none is looked at.
COVERED = """
const active = document.activeElement;
if (!active.closest('#content_body, #modal_wrapper, .hip-dock')) return '';
const drawn = active.type === 'checkbox' && active.nextElementSibling || active;
const place = drawn.getBoundingClientRect();
for (const x of [.1, .5, .9]) for (const y of [.1, .5, .9]) {
  const found = document.elementFromPoint(
    place.left + x * place.width, place.top + y * place.height);
  if (found && (drawn.contains(found) || found.contains(drawn))) return '';
}
return active.outerHTML.slice(0, 200);
"""


def walk(keys: Keyboard, browser: Browser, backwards: bool) -> tuple[int, list[str]]:
    """The number of stops of the panel, and which of them are not to be seen."""
    wrong, stops, inside = [], 0, False
    for _ in range(MOST_STOPS):
        keys.back() if backwards else keys.press(Keys.TAB)
        is_ours = browser.run(
            "return Boolean(document.activeElement.closest('#content_body, .hip-dock'))"
        )
        if not is_ours and inside:
            break
        inside = is_ours
        stops += is_ours
        # The page may still scroll.
        for what, script in (("covered", COVERED), ("without a mark", IS_UNSEEN)):
            try:
                browser.wait(lambda script=script: not browser.run(script), what, 10)
            except AssertionError:
                wrong.append(f"{what}: {browser.run(script)}")
    return stops, wrong


@pytest.mark.parametrize("width", [1024, 390])
def test_beside_the_bar_and_the_dock(
    browser: Browser, set_width: SetWidth, unique: Unique, tmp_path: Path, width: int
) -> None:
    browser.log_in("alice")
    set_width(width)
    file = tmp_path / f"{unique('in sight')}.qcow2"
    file.write_bytes(imagefiles.qcow2(1024 * 1024, b"in sight"))
    page = ImagesPage(browser).open().wait_until_shown()
    dialog = page.create()
    dialog.choose_file(file)
    dialog.wait_for_content("QCOW2")
    dialog.create_and_follow()
    browser.wait(lambda: "Active" in browser.texts(".hip-dock")[0], "the image", 30)
    # The bar of the ticked rows lies over those that are scrolled below it.
    page.rows()[0].tick()
    keys = Keyboard(browser)
    for backwards in (False, True):
        stops, wrong = walk(keys, browser, backwards)
        assert stops > 20
        assert wrong == [], f"backwards: {backwards}"
