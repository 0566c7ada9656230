# SPDX-License-Identifier: Apache-2.0
"""What becomes of instances and volumes whose image is deleted, and which images Clean Up keeps."""

from collections.abc import Callable
from typing import Any

import pytest
from keystoneauth1.exceptions import HttpError

from demo.cloud import Cloud
from tests.browser.browser import Browser
from tests.browser.pages import DetailPage, ImagesPage, RulesPage
from tests.browser.reading import squeeze
from tests.compute.machines import Machines
from tests.integration.test_rules import age

Unique = Callable[[str], str]
MakeImage = Callable[..., Any]


def test_instances_and_volumes_of_a_deleted_image_go_on(
    browser: Browser, machines: Machines, unique: Unique, make_image: MakeImage
) -> None:
    """But the instance is not rebuilt before the image is restored."""
    image = make_image(unique("deleted"))
    instance, volume = unique("instance"), unique("volume")
    server = machines.launch(instance, image["id"])
    machines.create_volume(volume, image["id"])
    browser.log_in("alice")
    page = ImagesPage(browser).open(f"?name={image['id']}").wait_until_shown()
    dialog = page.row(image["name"]).begin("Delete Image")
    assert "cannot be rebuilt from it" in dialog.text
    assert "some clouds cannot resize or move them" in dialog.text
    dialog.press("Delete Image")
    page.wait_for_message("Deleted Image")
    assert machines.server(instance)["status"] == "ACTIVE"
    assert machines.volume(volume)["status"] == "available"
    with pytest.raises(HttpError):
        machines.act(server, rebuild={"imageRef": image["id"]})
    assert machines.server(instance)["status"] == "ACTIVE"

    page.open("?view=deleted").wait_until_shown()
    page.row(image["name"]).actions.choose("Restore Image")
    page.wait_for_message("Restored Image")
    machines.act(server, rebuild={"imageRef": image["id"]})
    machines.wait_until_active(instance)


def kept(browser: Browser) -> str:
    """What the preview of old snapshots says of those that are kept."""
    page = RulesPage(browser).open()
    page.choose("snapshots")
    page.preview()
    return squeeze(browser.one(".hip-rules-kept").text)


def test_snapshots_in_use_are_kept(
    browser: Browser, cloud: Cloud, machines: Machines, unique: Unique, make_image: MakeImage
) -> None:
    image = make_image(unique("base"))
    server = machines.launch(unique("instance"), image["id"])
    used, unused = (machines.create_snapshot(server, unique(name)) for name in ("used", "unused"))
    machines.launch(unique("of the snapshot"), used)
    age(cloud, used, unused)
    glance = cloud.glance_client("alice").images
    names = {id_: glance.get(id_)["name"] for id_ in (used, unused)}
    browser.log_in("alice")
    text = kept(browser)
    assert "In use by instances or volumes" in text
    assert names[used] in text
    assert names[unused] not in text
    assert names[unused] in RulesPage(browser).images()
    assert names[used] not in RulesPage(browser).images()


def test_the_data_of_a_shelved_instance_is_kept(
    browser: Browser, cloud: Cloud, machines: Machines, unique: Unique, make_image: MakeImage
) -> None:
    """No instance has that snapshot as its image."""
    image, instance = make_image(unique("base")), unique("instance")
    server = machines.launch(instance, image["id"])
    machines.act(server, shelve=None)
    machines.wait_for_status(instance, "SHELVED_OFFLOADED", "SHELVED")
    glance = cloud.glance_client("alice").images
    (snapshot,) = glance.list(filters={"name": f"{instance}-shelved"})
    assert snapshot["instance_uuid"] == server
    age(cloud, snapshot["id"])
    browser.log_in("alice")
    text = kept(browser)
    assert "May have the data of a shelved instance" in text
    assert snapshot["name"] in text
    DetailPage(browser).open(snapshot["id"])
    browser.go(f"/project/images/{snapshot['id']}/?tab=image_details__used_by")
    said = squeeze(browser.one("[data-hip-verdict]").text)
    assert "The image may have the data of a shelved instance" in said
    machines.act(server, unshelve=None)
    machines.wait_until_active(instance)
