# SPDX-License-Identifier: Apache-2.0
"""Update Metadata, tags and Change Owner, by keyboard and by mouse."""

from collections.abc import Callable
from typing import Any

from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from demo.cloud import Cloud
from helion_images_panel.ui.metadata.names import encoded, field_name
from tests.browser.browser import Browser
from tests.browser.pages import ADMIN, DetailPage, ImagesPage
from tests.thorough import only_thorough

Unique = Callable[[str], str]
MakeImage = Callable[..., Any]


def image_of(cloud: Cloud, image_id: str) -> dict[str, Any]:
    return dict(cloud.glance_client("admin").images.get(image_id))


def focused(browser: Browser) -> WebElement:
    return browser.driver.switch_to.active_element


def press(browser: Browser, *keys: str) -> None:
    focused(browser).send_keys(*keys)


def wait_for_focus(browser: Browser, name: str) -> None:
    browser.wait(
        lambda: focused(browser).get_attribute("name") == name,
        f"the field {name} to have the focus",
    )


def test_a_defined_property_by_keyboard(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    """From the search over its choice to Save, without a mouse."""
    image = make_image(unique("defined"), os_distro="debian")
    browser.log_in("alice")
    page = ImagesPage(browser).open()
    dialog = page.row(image["name"]).update_metadata()
    wait_for_focus(browser, "new_name")
    press(browser, "watchdog")
    assert dialog.wait_for_found("Watchdog Action")
    press(browser, Keys.ARROW_DOWN)
    assert dialog.marked() == "Watchdog Action hw_watchdog_action – Watchdog Behavior"
    press(browser, Keys.ENTER)
    wait_for_focus(browser, "property.hw_watchdog_action")
    press(browser, "res")
    assert image_of(cloud, image["id"]).get("hw_watchdog_action") is None
    dialog.save()
    assert page.wait_for_message(image["name"]).startswith("Success:")
    after = image_of(cloud, image["id"])
    assert (after["hw_watchdog_action"], after["os_distro"]) == ("reset", "debian")


@only_thorough
def test_several_properties_in_one_go(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    image = make_image(unique("several"), note="x", gone="y")
    browser.log_in("alice")
    page = DetailPage(browser).open(image["id"])
    dialog = page.update_metadata()
    dialog.fields.fill("property.note", "typed before the search")
    dialog.add("virtual cpu", "Virtual CPU Topology")
    dialog.fields.fill("property.hw_cpu_cores", "0")
    dialog.add("my_own", "Add “my_own” as a custom property")
    dialog.fields.fill("property.my_own", "mine")
    dialog.remove("gone")
    assert dialog.fields.value("property.note") == "typed before the search"
    dialog.save()
    page.wait_for_message(image["name"])
    after = image_of(cloud, image["id"])
    assert (after["hw_cpu_cores"], after["my_own"]) == ("0", "mine")
    assert after["note"] == "typed before the search"
    assert "gone" not in after


#: Names that browsers, Django or Horizon write in another way in a form.
ODD_NAMES = (
    'q"uote',
    "q%22uote",
    "back\\\\slash",
    "line\nbreak",
    "a;b=c&d+e",
    "brace{$x$}",
    "größe/1",
)


@only_thorough
def test_names_that_forms_write_otherwise(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    """Each is changed itself, and no other one; the last one is removed."""
    image = make_image(unique("odd"), **dict.fromkeys(ODD_NAMES, "before"))
    *changed, removed = ODD_NAMES
    browser.log_in("alice")
    page = DetailPage(browser).open(image["id"])
    dialog = page.update_metadata()
    for number, name in enumerate(changed):
        dialog.fields.fill(field_name(name), f"now {number}")
    dialog.remove(encoded(removed))
    dialog.save()
    assert page.wait_for_message(image["name"]).startswith("Success:")
    after = image_of(cloud, image["id"])
    shown = {name: after.get(name) for name in ODD_NAMES}
    expected = {name: f"now {number}" for number, name in enumerate(changed)}
    assert shown == {**expected, removed: None}


def test_a_value_out_of_range_is_told_and_what_was_typed_stays(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    image = make_image(unique("range"))
    browser.log_in("alice")
    page = ImagesPage(browser).open()
    dialog = page.row(image["name"]).update_metadata()
    dialog.add("hw_video_ram", "Max Video Ram")
    # As a browser that does not look at the range itself.
    browser.run("document.querySelector('form[data-hip-metadata]').noValidate = true")
    dialog.fields.fill("property.hw_video_ram", "-1")
    dialog.save()
    browser.wait(
        lambda: "at least 0" in dialog.fields.error("property.hw_video_ram"), "the complaint"
    )
    assert "hw_video_ram" not in image_of(cloud, image["id"])
    wait_for_focus(browser, "property.hw_video_ram")
    dialog.fields.fill("property.hw_video_ram", "16")
    dialog.save()
    page.wait_for_message(image["name"])
    assert image_of(cloud, image["id"])["hw_video_ram"] == "16"


@only_thorough
def test_a_value_that_the_definition_lacks_by_keyboard(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    """Entered, refused, confirmed and saved, without a mouse."""
    image = make_image(unique("newer"), hw_cpu_policy="shared")
    browser.log_in("alice")
    page = ImagesPage(browser).open()
    dialog = page.row(image["name"]).update_metadata()
    wait_for_focus(browser, "new_name")
    browser.run("document.querySelector('[name=\"property.hw_cpu_policy\"]').focus()")
    press(browser, Keys.TAB)
    press(browser, Keys.ENTER)
    press(browser, Keys.TAB)
    wait_for_focus(browser, "other.hw_cpu_policy")
    press(browser, "mixed", Keys.ENTER)
    browser.wait(
        lambda: "Use only" in dialog.fields.error("property.hw_cpu_policy"), "the complaint"
    )
    wait_for_focus(browser, "property.hw_cpu_policy")
    assert dialog.fields.value("property.hw_cpu_policy") == "mixed"
    assert image_of(cloud, image["id"])["hw_cpu_policy"] == "shared"
    press(browser, Keys.TAB)
    wait_for_focus(browser, "confirmed")
    press(browser, Keys.SPACE)
    dialog.save()
    browser.wait(
        lambda: image_of(cloud, image["id"])["hw_cpu_policy"] == "mixed", "the value to be saved"
    )


def test_escape_closes_the_list_and_then_the_dialog(
    browser: Browser, unique: Unique, make_image: MakeImage
) -> None:
    image = make_image(unique("escape"))
    browser.log_in("alice")
    dialog = ImagesPage(browser).open().row(image["name"]).update_metadata()
    wait_for_focus(browser, "new_name")
    press(browser, "disk")
    dialog.wait_for_found("Disk Bus")
    press(browser, Keys.ESCAPE)
    browser.wait(lambda: not dialog.found(), "the list to close")
    dialog.wait_until_open()
    press(browser, Keys.ESCAPE)
    dialog.wait_until_closed()


def test_tags_by_keyboard(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    image = make_image(unique("tagged"), tags=["first", "second"])
    browser.log_in("alice")
    page = ImagesPage(browser).open()
    dialog = page.row(image["name"]).edit()
    field = browser.one(".hip-tags-field input")
    field.send_keys("third", Keys.ENTER, "a b, third,", Keys.BACKSPACE)
    assert focused(browser).get_attribute("aria-label") == "Remove tag a b"
    press(browser, Keys.SHIFT + Keys.TAB)
    press(browser, Keys.ENTER)
    browser.wait(
        lambda: (
            browser.one(".hip-tags-field [role=status]").get_attribute("textContent")
            == "Removed tag third"
        ),
        "the removal to be said",
    )
    browser.one(".hip-tags-field input").send_keys("not finished")
    dialog.update()
    page.wait_for_message(image["name"])
    assert set(image_of(cloud, image["id"])["tags"]) == {"first", "second", "a b", "not finished"}


def test_a_tag_leads_to_the_list_of_its_images(
    browser: Browser, unique: Unique, make_image: MakeImage
) -> None:
    tag = unique("<b>tag</b>, 100%")
    image = make_image(unique("with"), tags=[tag])
    make_image(unique("without"))
    browser.log_in("alice")
    DetailPage(browser).open(image["id"])
    browser.click(lambda: browser.one(".hip-tags a"), "the tag")
    page = ImagesPage(browser).wait_until_shown()
    assert page.ids() == [image["id"]]
    browser.click(lambda: browser.one(".hip-filters-pills a"), "the tag in the filter")
    browser.wait(lambda: len(page.ids()) > 1, "the list without the filter")


def test_change_owner(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    image = make_image(unique("given"))
    browser.log_in("acme-admin")
    page = ImagesPage(browser, ADMIN).open()
    dialog = page.row(image["name"]).change_owner()
    wait_for_focus(browser, "project")
    press(browser, "data")
    browser.wait(lambda: browser.one(".modal [role=option]").is_displayed(), "a project")
    press(browser, Keys.ARROW_DOWN, Keys.ENTER)
    assert dialog.fields.value("project") == "acme-data"
    dialog.press("Continue")
    browser.wait(lambda: "acme-web loses access to the image" in dialog.text, "the question")
    assert image_of(cloud, image["id"])["owner"] == cloud.project_id("acme-web")
    dialog.press("Change Owner")
    assert "now belongs to project acme-data" in page.wait_for_message(image["name"])
    assert page.row(image["name"]).cells()["Owner"] == "acme-data"
    assert image_of(cloud, image["id"])["owner"] == cloud.project_id("acme-data")


def test_change_owner_says_what_cannot_be(
    browser: Browser, unique: Unique, make_image: MakeImage
) -> None:
    image = make_image(unique("kept"))
    browser.log_in("acme-admin")
    dialog = ImagesPage(browser, ADMIN).open().row(image["name"]).change_owner()
    dialog.fields.fill("project", "globex-ops")
    dialog.press("Continue")
    browser.wait(lambda: dialog.fields.error("project") == "Project not found.", "the reason")
