# SPDX-License-Identifier: Apache-2.0
"""Keys alone: what a person does who has no mouse, and knows the names of things."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from tests.browser.reading import squeeze
from tests.browser.waiting import wait_for

if TYPE_CHECKING:
    from tests.browser.browser import Browser

#: More stops than any page of the tests has.
MOST_STOPS = 150

#: The element with the focus, if what is drawn around it, or around the picture of a box, is the
#: same without the focus. The page is told nothing of the moment without it.
IS_UNSEEN = """
const active = document.activeElement, label = active.nextElementSibling;
if (!active.closest('#content_body, #modal_wrapper, .hip-dock')) return '';
const drawn = active.type === 'checkbox' && label ? [active, label] : [active];
const look = () => drawn.map((element) => {
  const style = getComputedStyle(element);
  return [style.outlineStyle === 'none' ? '' : style.outline, style.boxShadow].join();
}).join();
const told = ['blur', 'focus', 'focusin', 'focusout', 'change'];
const keepQuiet = (event) => event.stopImmediatePropagation();
const transitions = drawn.map((element) => element.style.transition);
told.forEach((kind) => window.addEventListener(kind, keepQuiet, true));
drawn.forEach((element) => { element.style.transition = 'none'; });
const withFocus = look(), focusVisible = active.matches(':focus-visible');
active.blur();
const without = look();
// As it was: by itself, a browser draws nothing around what a script gives the focus after a click.
active.focus({preventScroll: true, focusVisible});
drawn.forEach((element, index) => { element.style.transition = transitions[index]; });
told.forEach((kind) => window.removeEventListener(kind, keepQuiet, true));
if (document.activeElement !== active) return 'lost: ' + active.outerHTML.slice(0, 200);
return withFocus === without ? active.outerHTML.slice(0, 200) : '';
"""

#: Roles of elements that are used by keys; the tests with axe look at their names.
CONTROLS = (
    *("button", "checkbox", "combobox", "link", "listbox", "menuitem", "option", "radio"),
    *("searchbox", "slider", "spinbutton", "switch", "tab", "textbox"),
)

#: Whether the element with the focus is the panel's.
IS_OWN = """
return document.activeElement.matches('#content_body *, #modal_wrapper *, .hip-dock, .hip-dock *');
"""

#: What the browser takes the element with the focus for.
STATE = """
const active = document.activeElement;
return ['focus', 'focus-visible', 'hover', 'active'].filter((name) => active.matches(':' + name))
  .concat(document.hasFocus() ? 'page with focus' : 'page without focus');
"""


class Keyboard:
    def __init__(self, browser: Browser) -> None:
        self.browser = browser

    @property
    def focused(self) -> WebElement:
        return self.browser.driver.switch_to.active_element

    @property
    def name(self) -> str:
        """What those who hear the page are told of the element with the focus."""
        return squeeze(self.focused.accessible_name)

    def press(self, *keys: str) -> None:
        ActionChains(self.browser.driver).send_keys(*keys).perform()

    def back(self) -> None:
        """One stop back."""
        keys = ActionChains(self.browser.driver).key_down(Keys.SHIFT).send_keys(Keys.TAB)
        keys.key_up(Keys.SHIFT).perform()

    def tab_to(self, name: str, role: str = "", backwards: bool = False) -> None:
        """Press Tab until the element of this name has the focus; each stop is to be seen."""
        stops = []
        for _ in range(MOST_STOPS):
            before = self.focused
            self.press(Keys.TAB) if not backwards else self.back()
            # A date has a stop for each of its parts, and starts anew after a look at it.
            if self.focused != before:
                self.wait_until_seen()
            stops.append(self.name)
            self.check_stop()
            if stops[-1] == squeeze(name) and (not role or self.focused.aria_role == role):
                return
        raise AssertionError(f"Tab does not lead to {name!r}, but to {stops}")

    def check_stop(self) -> None:
        """A stop that is no control, such as a list that scrolls, has a name."""
        role = self.focused.aria_role
        if not self.name and role not in CONTROLS and self.browser.run(IS_OWN):
            stop = self.browser.run("return document.activeElement.outerHTML.slice(0, 200)")
            raise AssertionError(f"Tab leads to a {role} without a name: {stop}")

    def wait_until_seen(self) -> None:
        """Wait until it is to be seen which element has the focus."""
        wait_for(
            lambda: not self.browser.run(IS_UNSEEN),
            f"{self.name} to be seen to have the focus",
            lambda: (self.browser.run(IS_UNSEEN), self.browser.run(STATE)),
        )

    def press_button(self, name: str, key: str = Keys.ENTER) -> None:
        self.tab_to(name)
        self.press(key)

    def choose(self, label: str) -> None:
        """The option of the drop-down with the focus, by its first letters."""
        self.press(label)
        chosen = self.browser.run(
            "const field = document.activeElement;"
            "return field.selectedOptions && field.selectedOptions[0].text"
        )
        assert squeeze(chosen or "") == squeeze(label), f"{chosen!r} is chosen, not {label!r}"

    def choose_in_menu(
        self, menu: str, label: str, key: str = Keys.ENTER, backwards: bool = False
    ) -> None:
        """An action of a menu, by arrow keys."""
        self.tab_to(menu, "button", backwards)
        for _ in range(MOST_STOPS):
            self.press(Keys.ARROW_DOWN)
            if self.name == label:
                self.press(key)
                return
        raise AssertionError(f"The arrows do not lead to {label!r}")

    def choose_file(self, file: Path) -> None:
        """In the browser's own dialog, which no test reaches."""
        self.focused.send_keys(str(file))

    def wait_for_focus(self, name: str) -> None:
        self.browser.wait(lambda: self.name == squeeze(name), f"{name!r} to have the focus")

    def wait_for_dialog(self, title: str) -> WebElement:
        """A dialog of this name, with the focus in it."""

        def opened() -> WebElement | None:
            for dialog in self.browser.all(".modal.in[role=dialog][aria-modal=true]"):
                is_inside = self.browser.run(
                    "return arguments[0].contains(document.activeElement)", dialog
                )
                if is_inside and squeeze(dialog.accessible_name) == squeeze(title):
                    return dialog
            return None

        found = self.browser.wait(opened, f"the dialog {title!r} with the focus in it")
        assert found is not None
        return found

    def begin_image(self, name: str, file: Path, file_format: str = "qcow2") -> WebElement:
        """Create Image with a file, until its format is known; returns the dialog."""
        self.press_button("Create Image")
        dialog = self.wait_for_dialog("Create Image")
        self.wait_for_focus("Name")
        self.press(name)
        self.tab_to("Image Source")
        self.choose("Image File")
        self.tab_to("Image File")
        self.choose_file(file)
        self.tab_to("Format")
        self.browser.wait(
            lambda: self.focused.get_property("value") == file_format, "the format of the file"
        )
        return dialog
