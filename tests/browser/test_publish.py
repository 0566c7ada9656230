# SPDX-License-Identifier: Apache-2.0
"""Admin > System > Images: a domain's images, Publish and Unpublish."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from demo import imagefiles, seed
from demo.cloud import Cloud
from tests.big_domain import BigDomain
from tests.browser.axe import violations
from tests.browser.browser import Browser
from tests.browser.pages import ADMIN, DetailPage, ImagesPage, PublishPage
from tests.thorough import only_thorough

MIB = 1024 * 1024

Unique = Callable[[str], str]
MakeImage = Callable[..., Any]

ACME = {"web-server", "shared-accepted", "warehouse-2019", "appliance", "under-inspection"}
GLOBEX = {"research-secret", "globex-base"}
DEFAULT = {"cirros-like", "lab-notes", "installer"}


def visibility(cloud: Cloud, image: Any) -> str:
    return str(cloud.glance_client("admin").images.get(image["id"])["visibility"])


def sees(browser: Browser, user: str, name: str) -> bool:
    browser.log_in(user)
    return name in ImagesPage(browser).open(f"?name={name}").names()


def test_domain_admin_sees_the_domain_only(browser: Browser) -> None:
    browser.log_in("acme-admin")
    page = ImagesPage(browser, ADMIN).open()
    names = set(page.names())
    assert names >= ACME
    assert not names & (GLOBEX | DEFAULT)
    assert page.row("warehouse-2019").cells()["Owner"] == "acme-data"
    assert {row.cells()["Owner"] for row in page.rows()} <= {"acme-web", "acme-data", "acme-lab"}
    assert not browser.all("#hip_filter_domain")


def test_domain_admin_is_reached_by_the_menu(browser: Browser) -> None:
    browser.log_in("acme-admin")
    browser.go(ADMIN)
    assert browser.texts(".page-breadcrumb li") == ["Admin", "System", "Images"]


@pytest.mark.parametrize("query", ["?domain=all", "?domain={globex}", "?owner={research}"])
def test_domain_admin_gets_no_other_domain_by_url(
    browser: Browser, cloud: Cloud, query: str
) -> None:
    browser.log_in("acme-admin")
    page = ImagesPage(browser, ADMIN).open(
        query.format(globex=cloud.domain_id("globex"), research=cloud.project_id("globex-research"))
    )
    assert not set(page.names()) & (GLOBEX | DEFAULT)


@pytest.mark.parametrize("where", ["detail/", "update/", "metadata/"])
def test_domain_admin_gets_no_image_of_another_domain(browser: Browser, where: str) -> None:
    browser.expect_console_error(r"status of 404")
    browser.log_in("acme-admin")
    browser.go(f"{ADMIN}{seed.image_id('secret')}/{where}")
    assert "research-secret" not in browser.driver.page_source
    assert "Image Not Found" in browser.one("body").text


def test_published_image_is_seen_by_other_domains(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    image = make_image(unique("for all"))
    name = image["name"]
    assert not sees(browser, "gina", name)

    browser.log_in("acme-admin")
    page = ImagesPage(browser, ADMIN).open(f"?name={name}")
    page.row(name).actions.choose("Publish Image")
    PublishPage(browser).wait_until_shown().to_everyone()
    page.wait_for_message(f"Published Image: {name}")
    assert visibility(cloud, image) == "public"
    page.open(f"?name={name}")
    assert page.row(name).cells()["Access"] == "Public"
    assert sees(browser, "gina", name)

    browser.log_in("acme-admin")
    page.open(f"?name={name}")
    page.row(name).begin("Unpublish Image").confirm()
    page.wait_for_message(f"Unpublished Image: {name}")
    assert visibility(cloud, image) == "private"
    after = cloud.glance_client("admin").images.get(image["id"])
    assert {**after, "updated_at": image["updated_at"]} == dict(image)
    assert not sees(browser, "gina", name)
    browser.expect_console_error(r"status of 404")
    browser.go(f"/project/images/{image['id']}/")
    assert name not in browser.driver.page_source


def test_published_from_its_own_page(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    image = make_image(unique("own page"), visibility="shared")
    browser.log_in("acme-admin")
    details = DetailPage(browser).open(image["id"], ADMIN)
    details.actions.choose("Publish Image")
    PublishPage(browser).wait_until_shown().to_everyone()
    ImagesPage(browser, ADMIN).wait_for_message("Published Image")
    assert visibility(cloud, image) == "public"
    details.open(image["id"], ADMIN)
    assert details.facts()["Visibility"].startswith("Public")
    details.begin("Unpublish Image").confirm()
    details.wait_for_message("Unpublished Image")
    assert visibility(cloud, image) == "shared"


def test_several_are_published_at_once(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    names = [unique("one"), unique("two")]
    images = [make_image(names[0]), make_image(names[1], user="bob")]
    browser.log_in("acme-admin")
    page = ImagesPage(browser, ADMIN).open()
    for name in names:
        page.row(name).tick()
    page.choose_for_ticked("Publish Images")
    PublishPage(browser).wait_until_shown().to_everyone()
    done = page.wait_for_message("Published 2 Images")
    assert all(name in done for name in names)
    assert [visibility(cloud, image) for image in images] == ["public", "public"]


def test_member_is_not_offered_to_publish(
    browser: Browser, unique: Unique, make_image: MakeImage
) -> None:
    image = make_image(unique("not mine to publish"))
    browser.log_in("alice")
    page = ImagesPage(browser).open()
    assert "Publish Image" not in page.row(image["name"]).actions.labels()
    assert "Publish Images" not in page.table_actions()
    dialog = page.create()
    assert dialog.fields.value("name") == ""
    assert not browser.all('form[data-hip-create] [name="audience"]')


def test_edited_by_the_domain_admin(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    """Whichever project is active: bob's project is not the admin's."""
    image = make_image(unique("of bob"), user="bob")
    browser.log_in("acme-admin")
    page = ImagesPage(browser, ADMIN).open()
    dialog = page.row(image["name"]).edit()
    dialog.fields.fill("description", "seen by the admin")
    dialog.update()
    page.wait_for_message(image["name"])
    page.wait_until_shown()
    after = cloud.glance_client("bob").images.get(image["id"])
    assert after["description"] == "seen by the admin"
    assert after["owner"] == cloud.project_id("acme-data")
    page.row(image["name"]).begin("Delete Image").confirm()
    page.wait_for_message("Deleted Image")
    assert image["name"] not in page.names()


def test_cloud_admin_chooses_the_domain(browser: Browser) -> None:
    browser.log_in("admin")
    page = ImagesPage(browser, ADMIN).open()
    assert page.filter_value("domain") == "Default"
    assert set(page.names()) >= DEFAULT
    assert not set(page.names()) & (ACME | GLOBEX)

    page.filter(domain="acme")
    assert page.filter_value("domain") == "acme"
    assert set(page.names()) >= ACME
    assert not set(page.names()) & (GLOBEX | DEFAULT)

    page.filter(domain="All domains", status="Active")
    assert page.filter_value("domain") == "All domains"
    first = page.names()
    browser.driver.refresh()
    assert page.names() == first
    names = set(first)
    while page.can_turn("Next"):
        page.turn("Next")
        assert page.filter_value("domain") == "All domains"
        names |= set(page.names())
    assert names >= (GLOBEX | DEFAULT | ACME) - {"under-inspection"}
    assert (
        page.open("?domain=all&name=research-secret").row("research-secret").cells()["Owner"]
        == "globex-research"
    )


def test_project_panel_of_an_admin_shows_the_project_only(browser: Browser) -> None:
    """To an admin's token Glance would list the private images of everybody."""
    browser.log_in("acme-admin")
    names = set(ImagesPage(browser).open().names())
    assert {"web-server", "cirros-like"} <= names
    assert not names & (GLOBEX | {"lab-notes", "warehouse-2019"})


def test_publish_to_the_domain_drift_and_resync(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    image = make_image(unique("for acme"))
    browser.log_in("acme-admin")
    page = ImagesPage(browser, ADMIN).open(f"?name={image['name']}")
    page.row(image["name"]).actions.choose("Publish Image")
    asked = PublishPage(browser).wait_until_shown()
    assert violations(browser, asked.form) == []
    asked.to("domain")
    assert sees(browser, "bob", image["name"])

    session, url = cloud.session("admin"), f"{cloud.keystone.auth_url}/projects"
    body = {"project": {"name": unique("later"), "domain_id": cloud.domain_id("acme")}}
    later = session.post(url, json=body).json()["project"]
    try:
        browser.log_in("acme-admin")
        DetailPage(browser).open(image["id"], ADMIN)
        browser.click(
            lambda: browser.one("[data-target='#image_details__access']"), "the tab Access"
        )
        browser.wait(lambda: later["name"] in browser.one("#content_body").text, "the drift")
        browser.click(lambda: browser.driver.find_element("link text", "Re-sync"), "Re-sync")
        PublishPage(browser).wait_until_shown().to("domain")
        members = cloud.glance_client("admin").image_members.list(image["id"])
        assert later["id"] in {member["member_id"] for member in members}
    finally:
        session.delete(f"{url}/{later['id']}")


def test_a_new_image_for_every_project_of_the_domain(
    browser: Browser, cloud: Cloud, unique: Unique, tmp_path: Path
) -> None:
    name, file = unique("born public"), tmp_path / "disk.qcow2"
    file.write_bytes(imagefiles.qcow2(MIB, b"for acme"))
    browser.log_in("acme-admin")
    dialog = ImagesPage(browser).open().create()
    dialog.choose_file(file)
    dialog.fields.fill("name", name)
    dialog.wait_for_content("QCOW2")
    assert dialog.fields.labels("audience") == [
        "Only acme-web",
        "All projects in acme",
        "Public",
    ]
    dialog.fields.choose("audience", "All projects in acme")
    item = dialog.create_and_follow().wait_until_active()
    assert item.published == "Published to 3 of 3 projects."
    assert sees(browser, "bob", name)


@pytest.fixture
def big_domain(cloud: Cloud) -> Iterator[BigDomain]:
    """Of more projects than one step of publishing handles."""
    made = BigDomain(cloud)
    made.add(30)
    made.make_admin("admin")
    yield made
    made.remove()


@only_thorough
def test_the_dock_goes_on_with_the_rest_of_a_large_domain(
    browser: Browser, cloud: Cloud, unique: Unique, tmp_path: Path, big_domain: BigDomain
) -> None:
    name, file = unique("born far"), tmp_path / "disk.qcow2"
    file.write_bytes(imagefiles.qcow2(MIB, b"for many"))
    browser.log_in("admin")
    browser.go(f"/auth/switch/{big_domain.projects[0]}/")
    try:
        dialog = ImagesPage(browser).open().create()
        dialog.choose_file(file)
        dialog.fields.fill("name", name)
        dialog.wait_for_content("QCOW2")
        (label,) = [each for each in dialog.fields.labels("audience") if "projects in" in each]
        dialog.fields.choose("audience", label)
        item = dialog.create_and_follow().wait_until_active()
        browser.wait(
            lambda: item.published == "Published to 30 of 30 projects.",
            "all projects to have it",
        )
        (image,) = cloud.glance_client("admin").images.list(filters={"name": name})
        members = cloud.glance_client("admin").image_members.list(image["id"])
        assert {each["member_id"] for each in members} == set(big_domain.projects[1:])
    finally:
        browser.go(f"/auth/switch/{cloud.project_id('admin')}/")


@only_thorough
def test_each_project_of_a_large_domain_is_told(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage, big_domain: BigDomain
) -> None:
    """How far it has come while it runs; then who has it, and of whom there is more to say."""
    admin = cloud.glance_client("admin")
    image = make_image(unique("told"), user="admin")
    admin.images.update(image["id"], owner=big_domain.projects[0], visibility="shared")
    admin.image_members.create(image["id"], cloud.project_id("demo"))
    admin.images.update(image["id"], visibility="private")
    browser.log_in("admin")
    browser.go(f"{ADMIN}publish/?domain=all&id={image['id']}")
    asked = PublishPage(browser).wait_until_shown()
    browser.one(f"{asked.form} [name=remove_old]").click()
    progress = asked.watch_progress()
    asked.to("domain", r"Finished\. See the details below\.")
    assert violations(browser, asked.form) == []

    told = progress()
    assert any(0 < percent < 100 for percent, _words in told)
    assert (100, f"{image['name']}: 30 of 30 projects") in told
    (noted,) = asked.noted()
    assert "demo – Shared again: the project was a member before the image became private." in noted
    assert len(asked.done()) == 29
    back = browser.one(f"{asked.form} [data-hip-back]")
    assert back.text == "Close"
    browser.click(lambda: back, "Close")
    browser.wait(lambda: "domain=all" in browser.path, "the list of all domains")


def test_edit_leads_to_publishing(browser: Browser, unique: Unique, make_image: MakeImage) -> None:
    image = make_image(unique("by edit"))
    browser.log_in("acme-admin")
    page = ImagesPage(browser, ADMIN).open(f"?name={image['name']}")
    path = browser.path
    dialog = page.row(image["name"]).edit()
    dialog.fields.choose("visibility", "All projects in the domain")
    dialog.update()
    asked = PublishPage(browser).wait_until_shown()
    assert asked.chosen() == "domain"
    asked.to("domain")
    assert browser.path == path, "the page is left"
    browser.click(lambda: browser.one(f"{asked.form} [data-hip-back]"), "Close")
    browser.wait(
        lambda: "All projects in acme" in page.row(image["name"]).cells()["Access"],
        "the row to show it",
    )


@only_thorough
def test_edit_leads_to_publishing_during_an_upload(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage, tmp_path: Path
) -> None:
    """The upload goes on, and what else was changed is saved though Publish is cancelled."""
    image, file = make_image(unique("by edit")), tmp_path / "disk.qcow2"
    file.write_bytes(imagefiles.qcow2(64 * MIB, b"slow").ljust(16 * MIB, b"\1"))
    browser.log_in("acme-admin")
    page = ImagesPage(browser, ADMIN).open(f"?name={image['name']}")
    browser.throttle_uploads(200_000)
    try:
        created = page.create()
        created.choose_file(file)
        created.wait_for_content("QCOW2")
        created.fields.fill("name", unique("uploading"))
        created.create()
        created.wait_until_closed()
        dialog = page.row(image["name"]).edit()
        dialog.fields.fill("description", "typed")
        dialog.fields.choose("visibility", "All projects in the domain")
        dialog.update()
        asked = PublishPage(browser).wait_until_shown()
        assert browser.prompt is None
        browser.click(lambda: browser.one(f"{asked.form} [data-hip-back]"), "Cancel")
        page.wait_for_message("Updated image")
        after = cloud.glance_client("admin").images.get(image["id"])
        assert (after["description"], after["visibility"]) == ("typed", image["visibility"])
    finally:
        browser.throttle_uploads(-1)


def test_the_list_leads_to_what_mends_it(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    image = make_image(unique("mended"))
    browser.log_in("acme-admin")
    browser.go(f"{ADMIN}publish/?id={image['id']}")
    PublishPage(browser).wait_until_shown().to("domain")
    admin = cloud.glance_client("admin")
    page = ImagesPage(browser, ADMIN).open(f"?name={image['name']}")
    # The list remembers for a minute how many projects there are; another test has made more.
    whole = "All projects in acme (3 of "
    browser.wait(lambda: whole in page.row(image["name"]).cells()["Access"], "the numbers")
    admin.image_members.delete(image["id"], cloud.project_id("acme-lab"))
    page.open(f"?name={image['name']}")
    browser.wait(
        lambda: re.search(r"\(2 of \d\) Re-sync", page.row(image["name"]).cells()["Access"]),
        "what is missing",
    )
    assert violations(browser, "#images") == []
    assert browser.one(".hip-drift").accessible_name == f"Re-sync {image['name']}"
    browser.click(lambda: browser.one(".hip-drift"), "Re-sync")
    PublishPage(browser).wait_until_shown().to("domain")
    assert len(list(admin.image_members.list(image["id"]))) == 2
