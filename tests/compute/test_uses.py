# SPDX-License-Identifier: Apache-2.0
"""The instances that use an image, in each confirmation and for those who may see them only."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from demo.cloud import Cloud
from tests.browser.browser import Browser
from tests.browser.pages import ADMIN, DetailPage, ImagesPage
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
    browser.log_in("acme-admin")
    page = ImagesPage(browser, ADMIN).open(f"?name={image['name']}")
    asking = {"Delete Image", "Deactivate Image", "Hide Image", "Make Community"}
    assert asking <= set(page.row(image["name"]).actions.labels())
    for label in sorted(asking):
        question(browser, page, image["name"], label, "In use by 1 instance")


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
        lambda: "Instances in 1 project of acme are not included" in dialog.text,
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
