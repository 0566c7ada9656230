# SPDX-License-Identifier: Apache-2.0
"""Snapshots of instances, from the Instances panel into the list of images and back."""

from collections.abc import Callable
from typing import Any

from demo.cloud import Cloud
from demo.compute.cloud import FLAVOR
from tests.browser.browser import Browser
from tests.browser.pages import ADMIN, DetailPage, ImagesPage, PublishPage
from tests.compute.horizon import InstancesPage, LaunchDialog
from tests.compute.machines import WITHIN_S, Machines

Unique = Callable[[str], str]
MakeImage = Callable[..., Any]


def create_snapshot(browser: Browser, instance_id: str, name: str) -> ImagesPage:
    """By Horizon's panel, to the list that shows it complete."""
    InstancesPage(browser).open().create_snapshot(instance_id, name)
    page = ImagesPage(browser).wait_until_shown()
    page.wait_for_message(f'Snapshot "{name}" of instance')
    page.wait_for_status(name, "Active", WITHIN_S)
    # The whole row follows its status.
    browser.wait(lambda: "Launch" in page.row(name).actions.labels(), f"{name!r} to be complete")
    return page


def launch_again(
    browser: Browser, machines: Machines, image: str, name: str, on_volume: bool | None = False
) -> Any:
    """Launch an instance of a snapshot, from its row, and wait until it is active."""
    ImagesPage(browser).open().row(image).actions.choose("Launch")
    dialog = LaunchDialog(browser).wait_until_open()
    assert dialog.source() == image
    dialog.launch(name, on_volume=on_volume)
    return machines.wait_until_active(name)


def test_snapshot_of_an_instance(
    browser: Browser, cloud: Cloud, machines: Machines, unique: Unique, make_image: MakeImage
) -> None:
    base = make_image(unique("base"))
    instance = machines.launch(unique("instance"), base["id"])
    name = unique("snapshot")
    browser.log_in("alice")
    page = create_snapshot(browser, instance, name)
    row = page.row(name)
    assert row.cells()["Type"] == "Snapshot"
    assert row.cells()["Size"] == "64 KiB"
    snapshot_id = row.image_id

    # Its origin leads to the instance, and to the image.
    details = row.open()
    assert details.facts()["Base Image"] == base["id"]
    browser.click(
        lambda: browser.one(f'.hip-overview a[href*="{base["id"]}"]'), "the link to the image"
    )
    details.wait_until_shown(base["id"])
    details.open(snapshot_id)
    browser.click(
        lambda: browser.one(f'.hip-overview a[href*="{instance}"]'), "the link to the instance"
    )
    browser.wait(lambda: f"/project/instances/{instance}/" in browser.path, "the instance's page")
    browser.wait(lambda: browser.texts("dd:not(:empty)"), "the details of the instance")

    # Protected, it cannot be deleted.
    page.open().row(name).actions.choose("Protect Image")
    page.wait_for_message(f"Protected Image: {name}")
    assert "Delete Image" not in page.row(name).actions.labels()

    # Launched again.
    again = unique("again")
    assert launch_again(browser, machines, name, again)["image"]["id"] == snapshot_id

    # Published, it is launched by another project of the domain.
    browser.log_in("acme-admin")
    admin_page = ImagesPage(browser, ADMIN).open(f"?name={name}")
    admin_page.row(name).actions.choose("Publish Image")
    PublishPage(browser).wait_until_shown().to("domain")
    browser.log_in("bob")
    elsewhere = unique("elsewhere")
    ImagesPage(browser).open(f"?name={name}").row(name).actions.choose("Launch")
    LaunchDialog(browser).wait_until_open().launch(elsewhere)
    assert machines.wait_until_active(elsewhere, "bob")["image"]["id"] == snapshot_id

    # Deleted, while its instances go on.
    browser.log_in("alice")
    page.open().row(name).actions.choose("Unprotect Image")
    page.wait_for_message(f"Unprotected Image: {name}")
    dialog = page.row(name).begin("Delete Image")
    browser.wait(lambda: "In use by 1 instance" in dialog.text, "its use in the question")
    dialog.confirm()
    page.wait_for_message(f"Deleted Image: {name}")
    assert name not in page.names()
    assert machines.server(again)["status"] == "ACTIVE"


def test_snapshot_of_an_instance_on_a_volume(
    browser: Browser, machines: Machines, unique: Unique, make_image: MakeImage
) -> None:
    base = make_image(unique("base"))
    instance = machines.launch(unique("instance"), base["id"], on_volume=True)
    name = unique("snapshot of a volume")
    browser.log_in("alice")
    page = create_snapshot(browser, instance, name)
    row = page.row(name)
    size = f"{FLAVOR['disk']} GiB"
    assert row.cells()["Type"] == "Snapshot"
    assert row.cells()["Size"] == f"{size} 1 volume"
    assert "Launch" in row.actions.labels()
    assert not {"Download Image", "Create Volume"} & set(row.actions.labels())

    details = row.open()
    facts = details.facts()
    assert (facts["Size"], facts["Data in Volumes"]) == ("0 B", f"{size} in 1 volume")
    assert "Download Image" not in details.actions.labels()
    (volume_snapshot,) = machines.volume_snapshots()
    assert any(
        size in text and volume_snapshot["id"] in text for text in browser.texts(".hip-volume")
    )
    browser.click(lambda: browser.one(".hip-volume a"), "the link to the volume snapshot")
    browser.wait(lambda: f"/snapshots/{volume_snapshot['id']}" in browser.path, "its page")
    browser.wait(lambda: "snapshot for" in browser.one("body").text, "the volume snapshot")

    again = unique("again")
    server = launch_again(browser, machines, name, again, on_volume=None)
    assert len(server["os-extended-volumes:volumes_attached"]) == 1

    dialog = page.open().row(name).begin("Delete Image")
    dialog.confirm()
    page.wait_for_message(f"Deleted Image: {name}")
    # Cinder keeps the data until it is deleted there.
    assert machines.volume_snapshots()


def test_details_of_a_snapshot_of_another_project_link_to_no_instance(
    browser: Browser, machines: Machines, unique: Unique, make_image: MakeImage
) -> None:
    """Horizon's page of an instance is of the present project."""
    base = make_image(unique("base"))
    instance = machines.launch(unique("instance"), base["id"])
    name = unique("snapshot")
    browser.log_in("alice")
    snapshot = create_snapshot(browser, instance, name).row(name).image_id
    browser.log_in("admin")
    details = DetailPage(browser).open(snapshot, ADMIN)
    assert details.facts()["Instance"] == instance
    assert not browser.all(f'.hip-overview a[href*="{instance}"]')
