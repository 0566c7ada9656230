# SPDX-License-Identifier: Apache-2.0
"""Launch and Create Volume, from a row of the list."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.browser import Browser
from tests.browser.pages import PROJECT, DetailPage, ImagesPage
from tests.compute.horizon import CreateVolumeDialog, LaunchDialog
from tests.compute.machines import Machines

Unique = Callable[[str], str]
MakeImage = Callable[..., Any]


@pytest.mark.parametrize("on_volume", [False, True], ids=["on its disk", "on a new volume"])
def test_launch_from_a_row(
    browser: Browser, machines: Machines, unique: Unique, make_image: MakeImage, on_volume: bool
) -> None:
    """Of a list that is filtered by name, as the wizard's own searches can be."""
    image = make_image(unique("to launch"))
    browser.log_in("alice")
    page = ImagesPage(browser).open(f"?name={image['name']}")
    page.row(image["name"]).actions.choose("Launch")
    dialog = LaunchDialog(browser).wait_until_open()
    assert dialog.source() == image["name"]
    name = unique("instance")
    dialog.launch(name, on_volume=on_volume)
    page.wait_until_shown()
    server = machines.wait_until_active(name)
    if on_volume:
        assert not server["image"]
        assert len(server["os-extended-volumes:volumes_attached"]) == 1
    else:
        assert server["image"]["id"] == image["id"]


def test_launch_from_the_details(
    browser: Browser, machines: Machines, unique: Unique, make_image: MakeImage
) -> None:
    image = make_image(unique("to launch"))
    browser.log_in("alice")
    DetailPage(browser).open(image["id"]).actions.choose("Launch")
    dialog = LaunchDialog(browser).wait_until_open()
    assert dialog.source() == image["name"]
    name = unique("instance")
    dialog.launch(name)
    assert machines.wait_until_active(name)["image"]["id"] == image["id"]


def test_launch_from_the_card_of_an_official_image(
    browser: Browser, machines: Machines, unique: Unique, make_image: MakeImage
) -> None:
    system = {"os_distro": "tiny", "os_version": "1", "architecture": "x86_64"}
    image = make_image(unique("official"), **system)
    browser.log_in("alice")
    browser.go(f"{PROJECT}catalogue/?search=tiny")
    browser.click(lambda: browser.one(".hip-cards .btn-launch"), "Launch")
    dialog = LaunchDialog(browser).wait_until_open()
    assert dialog.source() == image["name"]
    name = unique("instance")
    dialog.launch(name)
    assert machines.wait_until_active(name)["image"]["id"] == image["id"]


def test_create_volume_from_a_row(
    browser: Browser, machines: Machines, unique: Unique, make_image: MakeImage
) -> None:
    image = make_image(unique("for a volume"))
    browser.log_in("alice")
    ImagesPage(browser).open().row(image["name"]).actions.choose("Create Volume")
    dialog = CreateVolumeDialog(browser).wait_until_open()
    assert dialog.fields.value("image_source") == image["id"]
    name = unique("volume")
    dialog.create(name)
    volume = machines.wait_for_volume(name)
    assert volume["volume_image_metadata"]["image_id"] == image["id"]
    assert volume["bootable"] == "true"
