# SPDX-License-Identifier: Apache-2.0
"""The instances that use an image, in each confirmation and for those who may see them only."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from selenium.webdriver.common.keys import Keys

from demo import imagefiles
from demo.cloud import Cloud
from tests.browser.axe import violations
from tests.browser.browser import Browser
from tests.browser.keyboard import Keyboard
from tests.browser.pages import ADMIN, PROJECT, DetailPage, ImagesPage, StoragePage
from tests.browser.reading import squeeze
from tests.compute.machines import Machines

DOMAIN = "/project/images/domain/"

Unique = Callable[[str], str]
MakeImage = Callable[..., Any]


@pytest.fixture
def inherit(cloud: Cloud) -> Iterator[Callable[[str, str], None]]:
    """Give a user a role in all projects of their domain, until the test is over."""
    admin, keystone = cloud.session("admin"), cloud.keystone.auth_url
    given = []

    def give(user: str, role: str) -> None:
        roles = admin.get(f"{keystone}/roles", params={"name": role}).json()["roles"]
        domains = admin.get(f"{keystone}/domains", params={"name": cloud.user(user).domain}).json()
        path = (
            f"{keystone}/OS-INHERIT/domains/{domains['domains'][0]['id']}"
            f"/users/{cloud.session(user).get_user_id()}/roles/{roles[0]['id']}"
            "/inherited_to_projects"
        )
        admin.put(path)
        given.append(path)

    yield give
    for path in given:
        admin.delete(path)


def question(browser: Browser, page: ImagesPage, name: str, label: str, use: str) -> None:
    """Begin the action, wait for the use in its question, and cancel."""
    dialog = page.row(name).begin(label)
    browser.wait(lambda: use in dialog.text, f"{use!r} in the question of {label}")
    dialog.press("Cancel")
    dialog.wait_until_closed()


def test_each_confirmation_of_a_row_shows_the_instance(
    browser: Browser, machines: Machines, unique: Unique, make_image: MakeImage
) -> None:
    image = make_image(unique("in use"))
    machines.launch(unique("instance"), image["id"])
    # Before the first question: what it has found is shown again for half a minute.
    machines.create_volume(unique("volume"), image["id"])
    browser.log_in("acme-admin")
    page = ImagesPage(browser, ADMIN).open(f"?name={image['name']}")
    asking = {"Delete Image", "Deactivate Image", "Hide Image", "Make Community"}
    assert asking <= set(page.row(image["name"]).actions.labels())
    for label in sorted(asking):
        question(browser, page, image["name"], label, "In use by 1 instance")
    question(browser, page, image["name"], "Delete Image", "1 volume created from it")


def used_by(browser: Browser, image_id: str, panel: str = PROJECT) -> Callable[[], str]:
    """Open the tab Used By by the keyboard, and return what reads it."""
    DetailPage(browser).open(image_id, panel)
    link = browser.one('[data-target="#image_details__used_by"]')
    link.send_keys(Keys.ENTER)
    browser.wait(lambda: browser.texts(".hip-uses [data-hip-verdict]"), "the tab Used By")
    return lambda: squeeze(browser.one(".hip-uses").text)


def test_the_tab_shows_what_hangs_on_an_image(
    browser: Browser, machines: Machines, unique: Unique, make_image: MakeImage
) -> None:
    """Instances, volumes and snapshots, for a member, an admin and a stranger."""
    image = make_image(unique("base"), visibility="shared")
    unused = make_image(unique("unused"))
    machines.launch(unique("instance"), image["id"])
    instance = machines.launch(unique("to snapshot"), image["id"])
    volume = machines.create_volume(unique("volume"), image["id"])
    on_volume = machines.launch(unique("on volume"), image["id"], volume=volume)
    machines.launch(unique("on new volume"), image["id"], on_volume=True)
    machines.create_volume(unique("other volume"), unused["id"])
    snapshot = machines.create_snapshot(instance, unique("snapshot"))
    machines.create_snapshot(on_volume, unique("snapshot of volume"))

    browser.log_in("alice")
    text = used_by(browser, image["id"])()
    assert (
        "2 instances use this image: if it is deleted, they can no longer be rebuilt from it."
        in text
    )
    # That which Nova has made, and the other one.
    assert "2 volumes were created from it, and keep their data." in text
    # Nova leaves no image on the snapshot of an instance on a volume.
    assert "1 image was made from it, and has data of its own." in text
    links = browser.run("return [...document.querySelectorAll('.hip-uses a')].map(a => a.pathname)")
    for path in (
        f"/project/instances/{instance}/",
        f"/project/volumes/{volume}/",
        f"{PROJECT}{snapshot}/",
    ):
        assert path in links
    assert violations(browser, "#content_body") == []
    for name in ("instances", "volumes"):
        DetailPage(browser).open(image["id"])
        used_by(browser, image["id"])
        browser.one(f".hip-uses a[href^='/project/{name}/']").click()
        browser.wait(lambda name=name: f"/project/{name}/" in browser.path, f"the page of {name}")
        browser.wait(lambda: browser.texts(".page-breadcrumb, h1"), "the page")

    # The way back.
    text = used_by(browser, snapshot)()
    assert f"below the one that it was made from. {image['name']}" in text
    assert "Nothing that you can see uses this image." in text

    browser.log_in("acme-admin")
    text = used_by(browser, image["id"], ADMIN)()
    assert "2 instances use this image" in text
    assert "2 volumes were created from it" in text
    browser.log_in("gina")
    browser.expect_console_error("404")
    browser.go(f"{PROJECT}{image['id']}/?tab=image_details__used_by")
    assert image["name"] not in browser.driver.page_source


def test_what_another_domain_has_is_not_counted(
    browser: Browser, machines: Machines, unique: Unique, make_image: MakeImage
) -> None:
    image = make_image(unique("for all"), visibility="community")
    for user in ("alice", "bob", "gina"):
        machines.launch(unique(f"of {user}"), image["id"], user)
        machines.create_volume(unique(f"volume of {user}"), image["id"], user)
    for user, path, instances, volumes in (
        ("gina", PROJECT, "1 instance uses", "1 volume was"),
        ("acme-admin", ADMIN, "2 instances use", "2 volumes were"),
        ("admin", ADMIN, "3 instances use", "3 volumes were"),
    ):
        browser.log_in(user)
        text = used_by(browser, image["id"], path)()
        assert f"{instances} this image" in text
        assert f"{volumes} created from it" in text


def test_the_confirmations_of_several_rows_and_of_the_details_show_it(
    browser: Browser, machines: Machines, unique: Unique, make_image: MakeImage
) -> None:
    used, unused = make_image(unique("in use")), make_image(unique("not in use"))
    for number in (1, 2):
        machines.launch(unique(f"instance {number}"), used["id"])
    browser.log_in("alice")
    page = ImagesPage(browser).open()
    for image in (used, unused):
        page.row(image["name"]).tick()
    dialog = page.begin_for_ticked("Delete Images")
    browser.wait(lambda: "In use by 2 instances" in dialog.text, "the use of one image")
    assert dialog.text.count("In use by") == 1
    dialog.press("Cancel")
    dialog = DetailPage(browser).open(used["id"]).begin("Delete Image")
    browser.wait(lambda: "In use by 2 instances" in dialog.text, "the use of the page's image")
    dialog.press("Cancel")


@pytest.mark.parametrize(
    ("person", "path", "use"),
    [
        ("alice", "", "In use by 1 instance"),
        ("acme-admin", ADMIN, "In use by 2 instances"),
        ("admin", f"{ADMIN}?domain=all", "In use by 3 instances"),
    ],
)
def test_instances_of_others_are_counted_for_those_who_manage_them(
    browser: Browser,
    machines: Machines,
    unique: Unique,
    make_image: MakeImage,
    person: str,
    path: str,
    use: str,
) -> None:
    """Of a project, of its domain, and of another domain."""
    image = make_image(unique("for all"), visibility="community")
    for user in ("alice", "bob", "gina"):
        machines.launch(unique(f"of {user}"), image["id"], user)
    browser.log_in(person)
    page, _question, query = (path or "/project/images/").partition("?")
    shown = ImagesPage(browser, page).open(f"?name={image['name']}&{query}")
    question(browser, shown, image["name"], "Delete Image", use)


def test_the_manager_of_a_domain_sees_the_instances_of_her_projects(
    browser: Browser, machines: Machines, unique: Unique, make_image: MakeImage
) -> None:
    """She is no admin: Nova lists the instances of a project to those who have a role there."""
    image = make_image(unique("of bob"), user="bob", visibility="community")
    for user in ("alice", "bob", "carol", "gina"):
        machines.launch(unique(f"of {user}"), image["id"], user)
    browser.log_in("mona")
    page = ImagesPage(browser, DOMAIN).open(f"?name={image['name']}")
    dialog = page.row(image["name"]).begin("Delete Image")
    browser.wait(
        lambda: "In use by at least 2 instances: acme-data (1), acme-lab (1)" in dialog.text,
        "her two projects in the question",
    )
    browser.wait(
        lambda: "Instances and volumes in 1 project of acme are not included" in dialog.text,
        "what the number does not include",
    )
    assert "globex" not in dialog.text


def test_the_manager_of_a_domain_with_roles_in_all_projects_sees_all_its_instances(
    browser: Browser,
    machines: Machines,
    unique: Unique,
    make_image: MakeImage,
    inherit: Callable[[str, str], None],
) -> None:
    """Those of other domains are not hers."""
    image = make_image(unique("of bob"), user="bob", visibility="community")
    for user in ("alice", "bob", "gina"):
        machines.launch(unique(f"of {user}"), image["id"], user)
    inherit("mona", "manager")
    browser.log_in("mona", fresh=True)
    page = ImagesPage(browser, DOMAIN).open(f"?name={image['name']}")
    use = "In use by 2 instances: acme-data (1), acme-web (1)"
    for label in ("Delete Image", "Hide Image"):
        question(browser, page, image["name"], label, use)
    page.row(image["name"]).tick()
    dialog = page.begin_for_ticked("Delete Images")
    browser.wait(lambda: use in dialog.text, "the use of the ticked row")
    assert "not included" not in dialog.text


def test_storage_knows_which_images_are_in_use(
    browser: Browser, machines: Machines, unique: Unique, make_image: MakeImage
) -> None:
    """By instances and by volumes: to a member those of the project, to an admin all."""
    # Larger than other images: the page names the largest ones.
    launched, on_volume, free = (
        make_image(unique(name), content=imagefiles.qcow2(2**30, os.urandom(3 * 2**20)))
        for name in ("launched", "on a volume", "unused")
    )
    machines.launch(unique("instance"), launched["id"])
    machines.create_volume(unique("volume"), on_volume["id"])
    names = [image["name"] for image in (launched, on_volume, free)]
    for user, panel in (("alice", PROJECT), ("acme-admin", ADMIN)):
        browser.log_in(user)
        StoragePage(browser, panel).open()
        Keyboard(browser).press_button("Count Again")
        browser.wait(lambda: counted(browser), "what uses the images to be read", 60)
        text = squeeze(browser.one("#hip_storage_unused").text)
        assert [name for name in names if name in text] == [free["name"]]
        assert "no compute" not in text


def counted(browser: Browser) -> bool:
    """Whether all was counted a moment ago."""
    times = browser.texts("[data-hip-storage-whole]")
    return bool(times) and "now" in times[0]
