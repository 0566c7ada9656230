# SPDX-License-Identifier: Apache-2.0
"""Another tab switches the project, logs in or out, or removes the image, while a form is open.

What the server does about it is for tests/integration/test_two_tabs.py: here is what a person
sees of it, and that what they have entered stays.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from demo import imagefiles
from demo.cloud import Cloud
from tests.browser.browser import Browser
from tests.browser.dialogs import ConfirmDialog, Dialog
from tests.browser.pages import ADMIN, PROJECT, ImagesPage, LoginPage, PublishPage, Row
from tests.browser.reading import squeeze
from tests.thorough import only_thorough

MIB = 1024 * 1024
HERE, THERE = "acme-data", "acme-lab"
Unique = Callable[[str], str]
MakeImage = Callable[..., Any]


@contextmanager
def another_tab(browser: Browser) -> Iterator[None]:
    """What is done inside is done there; the page of before stays as it is."""
    driver, before = browser.driver, browser.driver.current_window_handle
    driver.switch_to.new_window("tab")
    try:
        yield
    finally:
        driver.close()
        driver.switch_to.window(before)


def wait_for_header(browser: Browser) -> None:
    """Horizon's /header/ writes the session as it was when its request began.

    A late one would undo a switch of the project.
    """
    browser.wait(
        lambda: browser.run(
            "return performance.getEntriesByType('resource')"
            ".some(each => new URL(each.name).pathname.endsWith('/header/'))"
        ),
        "Horizon's header",
    )


def switch(browser: Browser, cloud: Cloud, project: str) -> None:
    with another_tab(browser):
        browser.go(f"/auth/switch/{cloud.project_id(project)}/?next=/settings/")
        browser.wait(
            lambda: project in browser.one(".context-project").text, f"{project} to be active"
        )
        wait_for_header(browser)


def log_out(browser: Browser) -> None:
    with another_tab(browser):
        browser.go("/settings/")
        # Its answer would bring the cookie of the old session back.
        wait_for_header(browser)
        browser.run("document.querySelector('form[action*=\"logout\"]').submit()")
        browser.wait(lambda: browser.path.startswith("/auth/login"), "the login page")


def log_in(browser: Browser, cloud: Cloud, user: str) -> None:
    with another_tab(browser):
        LoginPage(browser).open().log_in(cloud.user(user))


def mona_in(browser: Browser, cloud: Cloud, project: str) -> ImagesPage:
    """In a session of her own, as the tests end it."""
    browser.expect_console_error(r"status of (401|403|404|409)")
    browser.log_in("mona", fresh=True)
    browser.go(f"/auth/switch/{cloud.project_id(project)}/?next=/project/images/")
    page = ImagesPage(browser).wait_until_shown()
    wait_for_header(browser)
    return page


def complaint(browser: Browser) -> str:
    """What the open dialog says about the session."""
    return str(
        browser.wait(
            lambda: squeeze(browser.one(".modal.in [data-hip-complaint]").text),
            "the dialog to say what is wrong",
        )
    )


def press(browser: Browser, label: str, within: str = ".modal.in") -> None:
    def button() -> Any:
        return next(
            each for each in browser.all(f"{within} .alert .btn") if squeeze(each.text) == label
        )

    browser.wait(lambda: browser.all(f"{within} .alert .btn"), "buttons beside what is said")
    browser.click(button, f"the button {label!r}")


def switch_back(browser: Browser, within: str = ".modal.in") -> None:
    press(browser, f"Switch Back to {HERE}", within)
    browser.wait(
        lambda: "switched back" in browser.one(f"{within} .alert-info").text,
        "the project to be switched back",
    )


def owner(cloud: Cloud, name: str) -> str:
    (image,) = cloud.glance_client("admin").images.list(filters={"name": name, "visibility": "all"})
    return str(image["owner"])


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    path = tmp_path / "disk.qcow2"
    path.write_bytes(imagefiles.qcow2(MIB, b"tabs"))
    return path


def test_create_is_refused_and_done_after_switching_back(
    browser: Browser, cloud: Cloud, unique: Unique, disk: Path
) -> None:
    name = unique("typed")
    dialog = mona_in(browser, cloud, HERE).create()
    dialog.choose_file(disk)
    dialog.wait_for_content("QCOW2")
    dialog.fields.fill("name", name)
    switch(browser, cloud, THERE)
    dialog.create()
    said = complaint(browser)
    assert f"opened in project {HERE}, but project {THERE} is active now" in said
    assert dialog.fields.value("name") == name
    assert "QCOW2" in dialog.content
    switch_back(browser)
    dialog.create_and_follow().wait_until_active()
    assert owner(cloud, name) == cloud.project_id(HERE)


@only_thorough
def test_create_in_the_other_project_is_possible_deliberately(
    browser: Browser, cloud: Cloud, unique: Unique, disk: Path
) -> None:
    name = unique("moved")
    dialog = mona_in(browser, cloud, HERE).create()
    dialog.choose_file(disk)
    dialog.wait_for_content("QCOW2")
    dialog.fields.fill("name", name)
    switch(browser, cloud, THERE)
    dialog.create()
    complaint(browser)
    press(browser, f"Continue in {THERE}")
    dialog.wait_until_closed()
    dialog_item = ImagesPage(browser).dock.item(name)
    dialog_item.wait_until_active()
    assert owner(cloud, name) == cloud.project_id(THERE)


@only_thorough
def test_several_files(browser: Browser, cloud: Cloud, unique: Unique, tmp_path: Path) -> None:
    files = [tmp_path / f"{unique(stem)}.qcow2" for stem in ("one", "two")]
    for number, file in enumerate(files):
        file.write_bytes(imagefiles.qcow2(MIB, str(number).encode()))
    page = mona_in(browser, cloud, HERE)
    dialog = page.drop_several(*files)
    browser.wait(lambda: dialog.values("format") == ["qcow2"] * 2, "the formats")
    switch(browser, cloud, THERE)
    dialog.create()
    browser.wait(lambda: THERE in dialog.text, "the dialog to name the other project")
    assert dialog.values("name") == [file.stem for file in files]
    switch_back(browser)
    dialog.create()
    dialog.wait_until_closed()
    for file in files:
        page.dock.item(file.stem).wait_until_active()
        assert owner(cloud, file.stem) == cloud.project_id(HERE)


def test_edit_survives_a_logout(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    image = make_image(unique("before"), user="mona")
    page, name = mona_in(browser, cloud, HERE), unique("after")
    dialog = page.row_of(image["id"]).edit()
    dialog.fields.fill("name", name)
    log_out(browser)
    dialog.update()
    assert "Your session has ended" in complaint(browser)
    assert dialog.fields.value("name") == name
    log_in(browser, cloud, "mona")
    switch(browser, cloud, HERE)
    dialog.update()
    dialog.wait_until_closed()
    page.wait_for_message("Updated image")
    assert cloud.glance_client("admin").images.get(image["id"])["name"] == name


@only_thorough
def test_metadata_of_another_person(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    image = make_image(unique("described"), user="mona", os_distro="debian")
    dialog = mona_in(browser, cloud, HERE).row_of(image["id"]).update_metadata()
    field = f'{Dialog.selector} [name="property.os_distro"]'
    browser.run("arguments[0].value = 'typed'", browser.one(field))
    log_out(browser)
    log_in(browser, cloud, "bob")
    dialog.save()
    said = complaint(browser)
    assert "opened by mona, but bob is logged in now" in said
    assert browser.one(field).get_property("value") == "typed"
    assert cloud.glance_client("admin").images.get(image["id"])["os_distro"] == "debian"


@only_thorough
def test_edit_of_an_image_that_is_gone(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    image = make_image(unique("gone"), user="mona")
    dialog = mona_in(browser, cloud, HERE).row_of(image["id"]).edit()
    dialog.fields.fill("description", "typed")
    cloud.glance_client("admin").images.delete(image["id"])
    dialog.update()
    assert "may have been deleted" in complaint(browser)
    assert dialog.fields.value("description") == "typed"


def test_action_on_rows(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    """The page says so, keeps what was chosen, and does it after switching back."""
    images = [make_image(unique("row"), user="mona") for _number in range(2)]
    page = mona_in(browser, cloud, HERE)
    for image in images:
        page.row_of(image["id"]).tick()
    switch(browser, cloud, THERE)
    page.choose_for_ticked("Protect Images")
    ConfirmDialog(browser).wait_until_open().confirm()
    assert f"project {THERE} is active now" in notice(browser)
    glance = cloud.glance_client("admin").images
    assert not any(glance.get(image["id"])["protected"] for image in images)
    switch_back(browser, "#main_content .messages")
    page.choose_for_ticked("Protect Images")
    ConfirmDialog(browser).wait_until_open().confirm()
    page.wait_for_message("Protected 2 Images")
    assert all(glance.get(image["id"])["protected"] for image in images)


@only_thorough
def test_action_on_rows_after_a_new_login(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    """The page's token is older: the script sends that of the last login."""
    image = make_image(unique("row"), user="mona")
    page = mona_in(browser, cloud, HERE)
    page.row_of(image["id"]).tick()
    log_out(browser)
    log_in(browser, cloud, "mona")
    switch(browser, cloud, HERE)
    page.choose_for_ticked("Protect Images")
    page.wait_for_message("Protected Image")
    assert cloud.glance_client("admin").images.get(image["id"])["protected"]


DOMAIN = f"{PROJECT}domain/"


def notice(browser: Browser) -> str:
    """What is said above the page of a request that was refused."""
    return str(
        browser.wait(
            lambda: squeeze(browser.one("#main_content .messages .alert-danger").text),
            "the page to say what is wrong",
        )
    )


@pytest.fixture
def row(browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage) -> Row:
    """An image in the list of mona's domain, in a session of her own."""
    image = make_image(unique("dialog"), user="mona")
    mona_in(browser, cloud, HERE)
    page = ImagesPage(browser, DOMAIN).open(f"?name={image['name']}")
    wait_for_header(browser)
    return page.row_of(image["id"])


@only_thorough
def test_publish_says_what_is_wrong_and_opens_after_switching_back(
    browser: Browser, cloud: Cloud, row: Row
) -> None:
    switch(browser, cloud, THERE)
    row.actions.choose("Publish Image")
    assert f"opened in project {HERE}, but project {THERE} is active now" in notice(browser)
    assert not browser.all(PublishPage.form)
    switch_back(browser, "#main_content .messages")
    row.actions.choose("Publish Image")
    PublishPage(browser).wait_until_shown()


@only_thorough
def test_publish_after_a_logout_offers_the_login(browser: Browser, row: Row) -> None:
    log_out(browser)
    row.actions.choose("Publish Image")
    assert "Your session has ended" in notice(browser)
    assert browser.one("#main_content .messages .alert-danger a.btn").text == "Log In"


@only_thorough
def test_a_search_says_that_the_session_has_ended(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    image = make_image(unique("searched"), user="mona")
    dialog = mona_in(browser, cloud, HERE).row_of(image["id"]).update_metadata()
    log_out(browser)
    field = f"{Dialog.selector} [name=new_name]"
    browser.one(field).send_keys("arch")
    browser.wait(
        lambda: any("session has ended" in text for text in browser.texts("[role=status]")),
        "the search to say why it finds nothing",
    )
    assert dialog
    assert browser.one(field).get_property("value") == "arch"


@only_thorough
def test_publish_page_says_it_once_and_goes_on_after_switching_back(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    images = [make_image(unique("steps"), user="mona") for _number in range(2)]
    mona_in(browser, cloud, HERE)
    ids = "&".join(f"id={image['id']}" for image in images)
    browser.go(f"/project/images/domain/publish/?{ids}")
    page = PublishPage(browser).wait_until_shown()
    wait_for_header(browser)
    switch(browser, cloud, THERE)
    page.to("domain", end=r"Finished with errors\..*")
    (said,) = page.noted()
    assert f"project {THERE} is active now" in said
    switch_back(browser, "[data-hip-results]")
    # acme-web, where mona has no role, must accept them itself: that is said.
    page.to("domain", end=r"Finished\..*")
    glance = cloud.glance_client("admin").images
    assert {glance.get(image["id"])["visibility"] for image in images} == {"shared"}


@only_thorough
def test_publish_of_more_than_an_address_holds_while_an_upload_runs(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage, tmp_path: Path
) -> None:
    """The dialog shows all of them, and the upload goes on."""
    name, count = unique("many"), 81
    for _number in range(count):
        make_image(name, user="acme-admin", content=None)
    browser.log_in("acme-admin", fresh=True)
    browser.driver.add_cookie({"name": "API_RESULT_PAGE_SIZE", "value": "100"})
    page = ImagesPage(browser, ADMIN).open(f"?name={name}")
    assert len(page.ids()) == count
    file = tmp_path / "disk.qcow2"
    file.write_bytes(imagefiles.qcow2(64 * MIB, b"slow").ljust(16 * MIB, b"\1"))
    browser.throttle_uploads(200_000)
    try:
        dialog = page.create()
        dialog.choose_file(file)
        dialog.wait_for_content("QCOW2")
        dialog.fields.fill("name", unique("uploading"))
        dialog.create()
        dialog.wait_until_closed()
        # Horizon's own look hides the box of all rows under a label.
        browser.run("document.querySelector('#images thead input[type=checkbox]').click()")
        browser.wait(
            lambda: len(browser.all("#images tbody .table-row-multi-select:checked")) == count,
            "all rows to be ticked",
        )
        page.choose_for_ticked("Publish Images")
        PublishPage(browser).wait_until_shown()
        assert browser.prompt is None
        assert len(browser.all("form.hip-publish [data-hip-image]")) == count
    finally:
        browser.throttle_uploads(-1)
