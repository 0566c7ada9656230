# SPDX-License-Identifier: Apache-2.0
"""Names that would run, if any part of a page took them for code.

Horizon has AngularJS compile its whole pages, so that besides markup also
"{$ expression $}" anywhere in a page would run.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from demo import seed
from demo.cloud import Cloud
from tests.browser.browser import Browser
from tests.browser.pages import ADMIN, DetailPage, ImagesPage, PublishPage
from tests.browser.reading import as_meant
from tests.thorough import some

MakeImage = Callable[..., Any]
Unique = Callable[[str], str]

SCRIPT = "<script>alert(1)</script>"
EXPRESSION = "{$constructor.constructor('window.hacked=1')()$}"
HOSTILE = {
    "angular": EXPRESSION,
    "angular twice": "{{$" + EXPRESSION + "$}}",
    "curly": "{{constructor.constructor('window.hacked=1')()}}",
    "script": "<script>window.hacked=1</script>",
    "handler": '<img src=x onerror="window.hacked=1">',
    "attribute": '" autofocus onfocus="window.hacked=1" x=\'',
    "template": "[[& name]] ${window.hacked=1} %(images)s {0}",
}


@pytest.fixture
def harmless(browser: Browser) -> Iterator[Callable[[], None]]:
    """Asserts that nothing of a name has run on the page that is open."""

    def check() -> None:
        assert browser.prompt is None
        assert browser.run("return window.hacked") is None
        assert not browser.all("#content_body img[src=x], .modal img[src=x]")

    yield check
    check()


def test_script_as_a_name(browser: Browser, harmless: Callable[[], None]) -> None:
    image_id = seed.image_id("script")
    browser.log_in("demo")
    page = ImagesPage(browser).open()
    row = page.row_of(image_id)
    assert row.name == SCRIPT
    harmless()
    dialog = row.begin("Delete Image")
    assert f'"{SCRIPT}"' in dialog.text
    harmless()
    dialog.press("Cancel")

    details = DetailPage(browser).open(image_id)
    assert details.title == SCRIPT
    assert details.facts()["Name"] == SCRIPT
    assert details.facts()["Description"] == "<b>not bold</b> & not an entity: &lt;"
    assert details.tags() == ["<i>tag</i>"]
    harmless()
    assert details.edit().fields.value("name") == SCRIPT


@pytest.mark.parametrize("kind", some(HOSTILE, "angular", "script", "attribute"))
def test_hostile_name_stays_text(
    browser: Browser,
    cloud: Cloud,
    unique: Unique,
    make_image: MakeImage,
    harmless: Callable[[], None],
    kind: str,
) -> None:
    text = HOSTILE[kind]
    name = unique(text)
    image = make_image(
        name, description=text, tags=["tag " + text], os_distro=text, architecture=text
    )
    browser.log_in("alice")

    page = ImagesPage(browser).open(f"?name={quote(name, safe='')}")
    assert as_meant(page.row_of(image["id"]).name) == name
    assert as_meant(page.filter_value("name")) == name
    harmless()

    details = page.row_of(image["id"]).open()
    assert as_meant(details.title) == name
    assert as_meant(details.facts()["Description"]) == text
    assert as_meant(details.facts()["Architecture"]) == text
    assert as_meant(details.facts()["os_distro"]) == text
    assert list(map(as_meant, details.tags())) == ["tag " + text]
    harmless()

    dialog = details.edit()
    assert as_meant(dialog.fields.value("name")) == name
    assert as_meant(dialog.fields.value("description")) == text
    harmless()
    dialog.fields.fill("description", "harmless")
    dialog.update()
    assert name in as_meant(details.wait_for_message("Updated image"))
    harmless()

    for form in ("update/", "metadata/"):
        browser.go(f"/project/images/{image['id']}/{form}")
        browser.wait(lambda: browser.all("form [name*=os_distro], form [name=name]"), "the form")
        harmless()

    page.open()
    confirmation = page.row_of(image["id"]).begin("Delete Image")
    assert f'"{name}"' in as_meant(confirmation.text)
    harmless()
    cloud.glance_client("alice").images.update(image["id"], protected=True)
    confirmation.confirm()
    assert name in as_meant(page.wait_for_message("The image is protected"))
    harmless()
    cloud.glance_client("alice").images.update(image["id"], protected=False)
    page.open()
    page.row_of(image["id"]).begin("Delete Image").confirm()
    assert name in as_meant(page.wait_for_message("Deleted Image"))
    harmless()


def test_hostile_name_in_the_create_dialog(
    browser: Browser, cloud: Cloud, unique: Unique, harmless: Callable[[], None]
) -> None:
    """Refused by Glance, the form comes back with what was typed in it."""
    name = unique(EXPRESSION)
    browser.log_in("alice")
    dialog = ImagesPage(browser).open().create()
    dialog.fields.fill("name", name)
    dialog.fields.fill("description", EXPRESSION)
    dialog.choose_location("http://127.0.0.1:22/" + EXPRESSION.replace("'", "%27"))
    dialog.fields.choose("disk_format", "Raw")
    dialog.create()
    assert "not created" in dialog.wait_for_alert()
    assert as_meant(dialog.fields.value("name")) == name
    harmless()
    dialog.fields.fill("location", f"{cloud.files.url}/nothing-here.raw")
    dialog.create()
    dialog.wait_until_closed()
    dock = ImagesPage(browser).dock
    (shown,) = browser.wait(dock.names, "the dock")
    assert as_meant(shown) == name
    assert dock.item(shown).wait_for_failure()
    harmless()


def test_hostile_name_in_the_admin_panel(
    browser: Browser, unique: Unique, make_image: MakeImage, harmless: Callable[[], None]
) -> None:
    """One tenant's image in front of another's administrator."""
    name = unique(EXPRESSION)
    image = make_image(name, description=EXPRESSION, visibility="community")
    browser.log_in("admin")
    page = ImagesPage(browser, ADMIN).open(f"?domain=all&name={quote(name, safe='')}")
    assert as_meant(page.row_of(image["id"]).name) == name
    harmless()
    page.row_of(image["id"]).actions.choose("Publish Image")
    asked = PublishPage(browser).wait_until_shown()
    assert name in as_meant(browser.one(asked.form).text)
    harmless()
    asked.to_everyone()
    assert name in as_meant(page.wait_for_message("Published Image"))
    harmless()
    details = DetailPage(browser).open(image["id"], ADMIN)
    assert as_meant(details.title) == name
    harmless()


def test_hostile_filter(browser: Browser, harmless: Callable[[], None]) -> None:
    browser.log_in("alice")
    page = ImagesPage(browser)
    for value in (EXPRESSION, '"><script>window.hacked=1</script>', "in:a,b", "%00", "\u202e"):
        parameters = "&".join(
            f"{name}={quote(value, safe='')}" for name in ("name", "status", "format", "visibility")
        )
        page.open(f"?{parameters}")
        page.wait_until_shown()
        harmless()
        page.open(f"?name={quote(value, safe='')}")
        assert page.ids() == []
        harmless()


@pytest.mark.parametrize("kind", ["angular", "curly", "handler"])
def test_hostile_file_names_stay_text(
    browser: Browser,
    unique: Unique,
    harmless: Callable[[], None],
    tmp_path: Path,
    kind: str,
) -> None:
    """In the dialog of several files, in the dock, and in the list that follows it."""
    names = [unique(f"{HOSTILE[kind]} {which}") for which in ("one", "two")]
    files = [tmp_path / f"{name}.img" for name in names]
    for file in files:
        file.write_bytes(bytes(1024))
    browser.log_in("alice")
    page = ImagesPage(browser).open()
    dialog = page.drop_several(*files)
    browser.wait(lambda: dialog.values("format") == ["raw", "raw"], "the formats to be seen")
    assert dialog.values("name") == names
    harmless()
    dialog.create()
    items = [page.dock.item(name).wait_until_active() for name in names]
    for item in items:
        row = page.row_of(item.image_id)
        browser.wait(lambda row=row: row.cells()["Status"] == "Active Verified", "the list")
        assert as_meant(row.name) == item.name
    harmless()
