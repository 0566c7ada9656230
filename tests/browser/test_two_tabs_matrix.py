# SPDX-License-Identifier: Apache-2.0
"""The cells of the table in tests/two_tabs.py where a person sees what comes of it.

Whatever happens in the other tab: what was typed or ticked is done and said to be done, or it is
refused, the reason is said, nothing has changed, and it is still there.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest
from glanceclient.exc import HTTPNotFound

from demo.cloud import Cloud
from tests import two_tabs
from tests.browser.browser import Browser
from tests.browser.dialogs import ConfirmDialog, Dialog
from tests.browser.pages import ImagesPage, LoginPage
from tests.browser.reading import squeeze
from tests.browser.test_sharing import SEARCH, ShareDialog, members
from tests.browser.test_two_tabs import (
    HERE,
    THERE,
    disk,
    log_in,
    log_out,
    mona_in,
    owner,
    switch,
)
from tests.thorough import only_thorough, thinned

pytestmark = only_thorough

__all__ = ["disk"]

TYPED = "typed before"
Unique = Callable[[str], str]
MakeImage = Callable[..., Any]

#: Where the page says how it went, or what is wrong.
SAID = (
    ".modal.in [data-hip-complaint], .modal.in .alert, .modal.in .has-error .help-block, "
    "#main_content .messages .alert, .hip-outcome, #logout_reason"
)


def cells(action: str) -> Any:
    """Parameters for the cells of this action in which a person looks."""
    found = [(event, outcome) for row, event, outcome in two_tabs.cells("*") if row == action]
    assert found
    return pytest.mark.parametrize(("event", "outcome"), thinned(found, itemgetter(1)))


def happen(browser: Browser, cloud: Cloud, event: str, image: Any = None) -> None:
    glance = cloud.glance_client("admin").images
    if event == "switched":
        switch(browser, cloud, THERE)
    elif event == "deleted":
        glance.delete(image["id"])
    elif event == "deactivated":
        glance.deactivate(image["id"])
    elif event == "unshared":
        glance.update(image["id"], owner=cloud.project_id(THERE))
    else:
        log_out(browser)
    if event in ("same", "another"):
        log_in(browser, cloud, "mona" if event == "same" else "bob")
    if event == "same":
        switch(browser, cloud, HERE)


def said(browser: Browser) -> str:
    return str(
        browser.wait(
            lambda: " ".join(filter(None, map(squeeze, browser.texts(SAID)))),
            "the page to say how it went",
        )
    )


def image_of(cloud: Cloud, image: Any) -> dict[str, Any] | None:
    try:
        return dict(cloud.glance_client("admin").images.get(image["id"]))
    except HTTPNotFound:
        return None


def description(cloud: Cloud, image: Any) -> Any:
    return (image_of(cloud, image) or {}).get("description")


@cells("edit")
def test_edit(
    browser: Browser,
    cloud: Cloud,
    unique: Unique,
    make_image: MakeImage,
    event: str,
    outcome: str,
) -> None:
    image = make_image(unique("tabs"), user="mona", description="as it was")
    dialog = mona_in(browser, cloud, HERE).row_of(image["id"]).edit()
    dialog.fields.fill("description", TYPED)
    happen(browser, cloud, event, image)
    dialog.update()
    text = said(browser)
    if outcome == "does":
        assert description(cloud, image) == TYPED, text
    else:
        assert description(cloud, image) in ("as it was", None), text
        assert dialog.fields.value("description") == TYPED


@cells("share")
def test_share(
    browser: Browser,
    cloud: Cloud,
    unique: Unique,
    make_image: MakeImage,
    event: str,
    outcome: str,
) -> None:
    image = make_image(unique("tabs"), user="mona", visibility="shared")
    mona_in(browser, cloud, HERE).row_of(image["id"]).actions.choose("Share Image")
    dialog, project = ShareDialog(browser).wait_until_open(), cloud.project_id("acme-web")
    browser.wait(lambda: browser.one(SEARCH).is_displayed(), "the search for projects")
    browser.one(SEARCH).send_keys(project)
    happen(browser, cloud, event, image)
    dialog.press("Share")
    text = said(browser)
    if outcome == "does":
        assert members(cloud, image) == {project: "pending"}, text
    else:
        assert image_of(cloud, image) is None or members(cloud, image) == {}, text
        field = browser.one(f"{Dialog.selector} textarea[name=projects]")
        assert project in str(field.get_property("value"))


@cells("create")
def test_create(
    browser: Browser, cloud: Cloud, unique: Unique, disk: Path, event: str, outcome: str
) -> None:
    name = unique("created")
    page = mona_in(browser, cloud, HERE)
    dialog = page.create()
    dialog.choose_file(disk)
    dialog.wait_for_content("QCOW2")
    dialog.fields.fill("name", name)
    happen(browser, cloud, event)
    dialog.create()
    if outcome == "does":
        page.dock.item(name).wait_until_active()
        assert owner(cloud, name) == cloud.project_id(HERE)
        return
    assert said(browser)
    assert dialog.fields.value("name") == name
    assert "QCOW2" in dialog.content
    made = cloud.glance_client("admin").images.list(filters={"name": name, "visibility": "all"})
    assert list(made) == []


@cells("bulk")
def test_deletion_of_ticked_images(
    browser: Browser,
    cloud: Cloud,
    unique: Unique,
    make_image: MakeImage,
    event: str,
    outcome: str,
) -> None:
    image, kept = (make_image(unique(word), user="mona") for word in ("tabs", "kept"))
    page = mona_in(browser, cloud, HERE)
    page.row_of(image["id"]).tick()
    dialog = page.begin_for_ticked("Delete Images")
    happen(browser, cloud, event, image)
    dialog.confirm()
    text = said(browser)
    assert image_of(cloud, kept)
    assert outcome == "refuses"
    assert bool(image_of(cloud, image)) == (event != "deleted"), text
    if event not in ("logged-out", "another"):
        return
    # The page stands as it was: after a login as the same person it is done from there.
    assert is_ticked(browser, image)
    if event == "another":
        log_out(browser)
    log_in(browser, cloud, "mona")
    switch(browser, cloud, HERE)
    browser.wait(lambda: not browser.all(".modal.in"), "the page without a dialog over it")
    page.choose_for_ticked("Delete Images")
    ConfirmDialog(browser).wait_until_open().confirm()
    page.wait_for_message("Deleted")
    assert image_of(cloud, image) is None
    assert image_of(cloud, kept)


def is_ticked(browser: Browser, image: Any) -> bool:
    row = f"#images tr[data-object-id='{image['id']}']"
    return browser.one(f"{row} .table-row-multi-select").is_selected()


@cells("filter")
def test_filter(
    browser: Browser,
    cloud: Cloud,
    unique: Unique,
    make_image: MakeImage,
    event: str,
    outcome: str,
) -> None:
    image = make_image(unique("tabs"), user="mona")
    page = mona_in(browser, cloud, HERE)
    happen(browser, cloud, event)
    assert outcome == "login"
    browser.one("#hip_filter_name").send_keys(image["name"])
    browser.click(lambda: browser.one("[data-hip-filters] [type=submit]"), "the button Filter")
    browser.wait(lambda: browser.path.startswith("/auth/login"), "the login page")
    assert "session has ended" in said(browser)
    LoginPage(browser).log_in(cloud.user("mona"))
    page.wait_until_shown()
    assert page.filter_value("name") == image["name"]
    # The reason was that of the login page before.
    assert "logout_reason" not in browser.run("return document.cookie")


@cells("download")
def test_download(
    browser: Browser,
    cloud: Cloud,
    unique: Unique,
    make_image: MakeImage,
    event: str,
    outcome: str,
) -> None:
    image = make_image(unique("tabs"), user="mona")
    row = mona_in(browser, cloud, HERE).row_of(image["id"])
    happen(browser, cloud, event)
    assert outcome == "login"
    row.actions.choose("Download Image")
    browser.wait(lambda: browser.path.startswith("/auth/login"), "the login page")
    assert "session has ended" in said(browser)


@pytest.mark.parametrize("label", ["Edit Image", "Update Metadata", "Share Image"])
def test_a_dialog_that_cannot_be_opened_says_why(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage, label: str
) -> None:
    """Horizon would leave the page, and with it what is ticked there."""
    image = make_image(unique("tabs"), user="mona")
    page: ImagesPage = mona_in(browser, cloud, HERE)
    page.row_of(image["id"]).tick()
    log_out(browser)
    page.row_of(image["id"]).actions.choose(label)
    assert "session has ended" in said(browser)
    assert is_ticked(browser, image)
    assert browser.path == "/project/images/"
