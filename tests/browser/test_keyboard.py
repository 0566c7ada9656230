# SPDX-License-Identifier: Apache-2.0
"""Each task of a member by keys alone: no click, and no script."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.common.keys import Keys

from demo import imagefiles
from demo.cloud import Cloud
from tests.browser.browser import Browser
from tests.browser.dock import Dock
from tests.browser.keyboard import IS_UNSEEN, Keyboard
from tests.browser.pages import PROJECT, DetailPage, ImagesPage

MakeImage = Callable[..., Any]
Unique = Callable[[str], str]

MIB = 1024 * 1024


@pytest.fixture
def keys(browser: Browser) -> Keyboard:
    browser.log_in("alice")
    return Keyboard(browser)


@pytest.fixture
def downloads(browser: Browser, tmp_path: Path) -> Iterator[Path]:
    """The folder in which the browser saves files, until the test ends."""
    saved = {"behavior": "allow", "downloadPath": str(tmp_path)}
    browser.driver.execute_cdp_cmd("Browser.setDownloadBehavior", saved)
    yield tmp_path
    browser.driver.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "default"})


def test_create_and_upload(
    keys: Keyboard, browser: Browser, cloud: Cloud, unique: Unique, tmp_path: Path
) -> None:
    name = unique("by keys")
    file = tmp_path / "disk.qcow2"
    file.write_bytes(imagefiles.qcow2(MIB, b"by keys"))
    page = ImagesPage(browser).open("?name=nobody").wait_until_shown()
    keys.begin_image(name, file)
    keys.tab_to("Access")
    keys.press(Keys.ENTER)
    keys.tab_to("Protected", "checkbox")
    keys.press(Keys.SPACE)
    keys.press_button("Create Image")
    browser.wait(lambda: Dock(browser).is_there, "the dock")
    browser.wait(lambda: "Active" in Dock(browser).item(name).badges, "the image to be active", 30)
    page.open("?name=" + name.replace(" ", "+")).wait_until_shown()
    image = cloud.glance_client("alice").images.get(page.ids()[0])
    assert (image["status"], image["disk_format"], image["protected"]) == ("active", "qcow2", True)


def test_upload_data(
    keys: Keyboard,
    browser: Browser,
    cloud: Cloud,
    unique: Unique,
    make_image: MakeImage,
    tmp_path: Path,
) -> None:
    image = make_image(unique("waits"), content=None)
    content = imagefiles.qcow2(MIB, b"later by keys")
    file = tmp_path / "later.qcow2"
    file.write_bytes(content)
    ImagesPage(browser).open(f"?name={image['id']}").wait_until_shown()
    keys.press_button("Upload Data")
    keys.wait_for_dialog("Upload Data")
    keys.tab_to("Image File")
    keys.choose_file(file)
    keys.press_button("Upload Data")
    glance = cloud.glance_client("alice").images
    browser.wait(lambda: glance.get(image["id"])["status"] == "active", "the image", 30)
    assert glance.get(image["id"])["size"] == len(content)


def open_edit(keys: Keyboard, browser: Browser, image: Any) -> None:
    ImagesPage(browser).open(f"?name={image['id']}").wait_until_shown()
    keys.press_button("Edit Image")
    keys.wait_for_dialog("Edit Image")


def test_edit(
    keys: Keyboard, browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    image = make_image(unique("edit"))
    open_edit(keys, browser, image)
    keys.wait_for_focus("Name")
    keys.press(Keys.END, " 2")
    keys.tab_to("Visibility")
    keys.choose("Shared")
    keys.tab_to("Protected", "checkbox")
    keys.press(Keys.SPACE)
    keys.tab_to("Minimum Disk (GB)")
    keys.press("3")
    keys.press_button("Update Image")
    ImagesPage(browser).wait_for_message("Updated image")
    now = cloud.glance_client("alice").images.get(image["id"])
    changed = (now["name"], now["visibility"], now["protected"], now["min_disk"])
    assert changed == (image["name"] + " 2", "shared", True, 3)


def test_metadata(
    keys: Keyboard, browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    image = make_image(unique("metadata"), note="x")
    ImagesPage(browser).open(f"?name={image['id']}").wait_until_shown()
    keys.choose_in_menu(f"More actions of {image['name']}", "Update Metadata")
    keys.wait_for_dialog("Update Metadata")
    keys.tab_to("note")
    keys.press(Keys.END, "y")
    keys.press_button("Save")
    ImagesPage(browser).wait_for_message(image["name"])
    assert "y" in cloud.glance_client("alice").images.get(image["id"])["note"]


def test_share_and_accept(
    keys: Keyboard, browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    image = make_image(unique("share"))
    ImagesPage(browser).open(f"?name={image['id']}").wait_until_shown()
    keys.choose_in_menu(f"More actions of {image['name']}", "Share Image")
    keys.wait_for_dialog("Share Image")
    keys.wait_for_focus("Projects")
    keys.press(cloud.project_id("acme-data"), Keys.ENTER)
    keys.press_button("Share")
    members = cloud.glance_client("admin").image_members
    images = cloud.glance_client("admin").images
    browser.wait(
        # Only an image that is shared has members to ask for.
        lambda: (
            images.get(image["id"])["visibility"] == "shared" and list(members.list(image["id"]))
        ),
        "the image to be shared",
    )
    browser.log_in("bob")
    browser.go(f"{PROJECT}shared/")
    keys.tab_to(f"Select {image['name']}", "checkbox")
    keys.press(Keys.SPACE)
    keys.tab_to("Accept Images", backwards=True)
    keys.press(Keys.ENTER)
    browser.wait(
        lambda: [each["status"] for each in members.list(image["id"])] == ["accepted"],
        "the image to be accepted",
    )


def test_protect_several_and_delete_one(
    keys: Keyboard, browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    first, second = (make_image(unique("bulk"), description=str(n)) for n in range(2))
    glance = cloud.glance_client("alice").images
    query = "?name=" + first["name"].replace(" ", "+")
    page = ImagesPage(browser).open(query).wait_until_shown()
    keys.tab_to("Select all images of this page", "checkbox")
    keys.press(Keys.SPACE)
    browser.wait(lambda: browser.texts(".hip-bulk strong") == ["2 selected"], "both to be ticked")
    keys.tab_to("Protect Images", backwards=True)
    keys.press(Keys.SPACE)
    keys.wait_for_dialog("Confirm Protect Images")
    keys.wait_for_focus("Cancel")
    keys.press_button("Protect Images", Keys.SPACE)
    browser.wait(lambda: all(glance.get(i["id"])["protected"] for i in (first, second)), "it")
    glance.update(second["id"], protected=False)
    page.open(f"?name={second['id']}").wait_until_shown()
    keys.choose_in_menu(f"More actions of {second['name']}", "Delete Image", Keys.SPACE)
    keys.wait_for_dialog("Confirm Delete Image")
    keys.press_button("Delete Image")
    page.wait_for_message("Deleted")
    names = {each["id"] for each in glance.list(filters={"name": first["name"]})}
    assert names == {first["id"]}


def test_download(
    keys: Keyboard,
    browser: Browser,
    unique: Unique,
    make_image: MakeImage,
    downloads: Path,
) -> None:
    content = imagefiles.qcow2(MIB, b"download by keys")
    image = make_image(unique("download"), content=content)
    ImagesPage(browser).open(f"?name={image['id']}").wait_until_shown()
    keys.choose_in_menu(f"More actions of {image['name']}", "Download Image")
    saved = browser.wait(
        lambda: [file for file in downloads.iterdir() if file.suffix == ".qcow2"], "the file"
    )
    assert saved[0].read_bytes() == content


def test_filter_and_turn_the_page(
    keys: Keyboard, browser: Browser, unique: Unique, make_image: MakeImage
) -> None:
    name = unique("page")
    images = [make_image(f"{name} {n}", content=None) for n in range(3)]
    browser.use_page_size(2)
    page = ImagesPage(browser).open().wait_until_shown()
    keys.tab_to("Name contains, ID, or tag")
    keys.press(name)
    keys.press_button("Add Filter", Keys.SPACE)
    keys.tab_to("Visibility")
    keys.choose("Private")
    keys.press_button("Apply Filters", Keys.SPACE)
    browser.wait(lambda: page.names() == [image["name"] for image in images[:2]], "two of them")
    keys.press_button("Next »")
    browser.wait(lambda: page.names() == [images[2]["name"]], "the last one")


def test_the_menu_of_a_row(
    keys: Keyboard, browser: Browser, unique: Unique, make_image: MakeImage
) -> None:
    image = make_image(unique("menu"))
    ImagesPage(browser).open(f"?name={image['id']}").wait_until_shown()
    menu = f"More actions of {image['name']}"
    keys.tab_to(menu, "button")
    assert keys.focused.get_attribute("aria-expanded") == "false"
    keys.press(Keys.SPACE)
    assert keys.focused.get_attribute("aria-expanded") == "true"
    keys.press(Keys.END)
    assert keys.name == "Delete Image Permanently"
    keys.press(Keys.ARROW_DOWN)
    first = keys.name
    keys.press(Keys.ARROW_UP)
    assert keys.name == "Delete Image Permanently"
    keys.press(Keys.HOME)
    assert keys.name == first
    keys.press(Keys.ESCAPE)
    assert keys.name == menu
    assert keys.focused.get_attribute("aria-expanded") == "false"


@pytest.mark.parametrize("label", ["Update Metadata", "Share Image", "Deactivate Image"])
def test_a_dialog_keeps_the_focus_and_gives_it_back(
    keys: Keyboard, browser: Browser, unique: Unique, make_image: MakeImage, label: str
) -> None:
    image = make_image(unique("dialog"))
    ImagesPage(browser).open(f"?name={image['id']}").wait_until_shown()
    menu = f"More actions of {image['name']}"
    keys.choose_in_menu(menu, label)
    title = f"Confirm {label}" if label == "Deactivate Image" else label
    dialog = keys.wait_for_dialog(title)
    keys.tab_to("Close")
    keys.tab_to("Cancel")
    keys.tab_to("Close")
    keys.back()
    assert browser.run("return arguments[0].contains(document.activeElement)", dialog)
    assert keys.name not in ("Close", "Cancel")
    keys.press(Keys.ESCAPE)
    keys.wait_for_focus(menu)


def test_the_menus_of_the_list_leave_the_keys_to_their_fields(
    keys: Keyboard, browser: Browser
) -> None:
    ImagesPage(browser).open().wait_until_shown()
    keys.tab_to("Add Filter")
    keys.press(Keys.SPACE)
    keys.tab_to("Protected")
    before = keys.focused.get_property("value")
    keys.press(Keys.ARROW_DOWN)
    assert keys.focused.get_property("value") != before
    keys.press_button("Apply Filters", Keys.SPACE)
    browser.wait(lambda: ImagesPage(browser).pills(), "the filter")


def test_help_is_a_stop_that_shows_it(
    keys: Keyboard, browser: Browser, unique: Unique, make_image: MakeImage
) -> None:
    image = make_image(unique("help"))
    open_edit(keys, browser, image)
    keys.tab_to("Help on Protected")
    browser.wait(
        lambda: "cannot be deleted" in " ".join(browser.texts(".tooltip")), "the help of Protected"
    )
    keys.press(Keys.ESCAPE)
    browser.wait(lambda: not browser.all(".tooltip.in"), "the help to go")
    keys.wait_for_dialog("Edit Image")
    described = browser.run(
        "const field = document.querySelector('#id_protected');"
        "return document.getElementById(field.getAttribute('aria-describedby')).textContent"
    )
    assert described == "A protected image cannot be deleted."


def test_results_are_said(
    keys: Keyboard, browser: Browser, unique: Unique, make_image: MakeImage
) -> None:
    """The messages above the page are a live region, into which they come after the page."""
    image = make_image(unique("said"))
    DetailPage(browser).open(image["id"])
    keys.choose_in_menu("More actions", "Protect Image")
    message = ImagesPage(browser).wait_for_message("Protected")
    region = browser.one("#main_content > .messages")
    assert message
    assert region.get_attribute("aria-live") == "polite"
    # From the menu of the image, which has the focus.
    keys.tab_to("Close", "button", backwards=True)
    keys.press(Keys.ENTER)
    browser.wait(lambda: not ImagesPage(browser).messages(), "the message to go")


def test_nothing_moves_for_those_who_want_that(keys: Keyboard, browser: Browser) -> None:
    media = {"features": [{"name": "prefers-reduced-motion", "value": "reduce"}]}
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
    ImagesPage(browser).open().create()
    moving = browser.run("""
      document.querySelector('.modal-body').insertAdjacentHTML('beforeend',
        '<div class="progress"><div class="progress-bar progress-bar-striped active"></div></div>');
      return [...document.querySelectorAll('#content_body *, #modal_wrapper *')].filter((each) => {
        const style = getComputedStyle(each);
        return style.animationName !== 'none' || style.transitionDuration.split(', ')
          .some((duration) => parseFloat(duration) > 0);
      }).map((each) => each.outerHTML.slice(0, 100));
    """)
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    assert moving == []


def test_a_focus_that_is_not_to_be_seen_is_found(keys: Keyboard, browser: Browser) -> None:
    """A field has a shadow without the focus too."""
    ImagesPage(browser).open().wait_until_shown()
    name = "Name contains, ID, or tag"
    keys.tab_to(name)
    assert keys.focused.value_of_css_property("box-shadow") != "none"
    browser.run("""
      const field = document.activeElement, style = new CSSStyleSheet();
      field.blur();
      const shadow = getComputedStyle(field).boxShadow;
      style.insertRule(`#${field.id} { transition: none !important; outline: none !important;
        box-shadow: ${shadow} !important; }`);
      document.adoptedStyleSheets = [style];
      field.focus();
    """)
    assert keys.name == name
    assert f'id="{keys.focused.get_attribute("id")}"' in browser.run(IS_UNSEEN)
