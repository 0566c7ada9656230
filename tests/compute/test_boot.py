# SPDX-License-Identifier: Apache-2.0
"""The boot checks against Nova: its own lists of values, and a launch before and after a fix."""

import json
import subprocess
from collections.abc import Callable
from typing import Any

import pytest
from keystoneauth1.exceptions import BadRequest

from demo.compute.cloud import FLAVOR
from demo.compute.environment import Environment
from helion_images_panel.core import nova_properties
from tests.browser.browser import Browser
from tests.browser.pages import ADMIN, PROJECT, DetailPage
from tests.compute.machines import Machines

Unique = Callable[[str], str]
MakeImage = Callable[..., Any]

#: Reads each value of {property: [value, …]}, and prints those that Nova refuses or changes.
READ = """
import json, sys
from nova import objects
objects.register_all()
from nova.objects.image_meta import ImageMetaProps
found = {}
for name, values in json.load(sys.stdin).items():
    found[name] = {}
    for value in values:
        try:
            (read,) = [
                getattr(properties, each)
                for properties in [ImageMetaProps.from_dict({name: value})]
                for each in properties.obj_what_changed()
            ]
        except ValueError:
            read = None
        found[name][value] = read
json.dump(found, sys.stdout)
"""


def test_nova_reads_values_as_the_checks_do(with_compute: bool) -> None:
    asked = {
        **{
            name: [
                *choices,
                *(choice.upper() for choice in choices),
                *("", " ", "nonsense", f" {choices[0]}"),
                *nova_properties._SPELLINGS.get(choices, {}),
                *nova_properties._MEANT.get(name, {}),
            ]
            for name, choices in nova_properties.CHOICES.items()
        },
        **{name: ["2", "two", "64M", " 3", ""] for name in nova_properties.NUMBERS},
        **{name: ["yes", "maybe", "On", "0"] for name in nova_properties.SWITCHES},
    }
    python = Environment().python
    answer = subprocess.run(
        [python, "-W", "ignore", "-c", READ],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
    )
    read = json.loads(answer.stdout)
    for name, values in asked.items():
        for value in values:
            wrong = nova_properties.wrong_values({name: value})
            assert bool(wrong) == (read[name][value] is None), (name, value)
            if name in nova_properties.CHOICES and not wrong:
                assert nova_properties.read({name: value}, name) == read[name][value]
            elif name in nova_properties.SWITCHES:
                assert nova_properties.is_on({name: value}, name) is read[name][value]


@pytest.mark.parametrize(
    ("properties", "sentence"),
    [
        ({"hw_disk_bus": "VirtIO"}, "hw_disk_bus is “VirtIO”"),
        ({"architecture": "x64"}, "architecture is “x64”"),
        ({"hw_cpu_cores": "two"}, "hw_cpu_cores is “two”"),
    ],
)
def test_an_image_launches_after_its_fix(
    browser: Browser,
    machines: Machines,
    unique: Unique,
    make_image: MakeImage,
    properties: dict[str, str],
    sentence: str,
) -> None:
    image = make_image(unique("wrong"), **properties)
    with pytest.raises(BadRequest):
        machines.launch(unique("refused"), image["id"])
    browser.log_in("alice")
    page = DetailPage(browser).open(image["id"])
    assert sentence in browser.one("[data-hip-boot]").text
    browser.click(lambda: browser.one("[data-hip-boot] .ajax-modal"), "Fix")
    browser.click(lambda: browser.one(".modal.in [type=submit]"), "Update Image")
    browser.wait(lambda: sentence not in browser.one("[data-hip-boot]").text, "the correction")
    assert page
    name = unique("launched")
    machines.launch(name, image["id"])
    assert machines.wait_until_active(name)["image"]["id"] == image["id"]


def test_the_architectures_of_the_hosts(
    browser: Browser, unique: Unique, make_image: MakeImage, with_compute: bool
) -> None:
    """Nova lists its hosts to the admin alone; what they are is then known to all."""
    image = make_image(unique("arm"), architecture="aarch64")
    sentence = "The cloud has no hosts of the architecture aarch64."
    for user, panel, is_known in (
        ("alice", PROJECT, False),
        ("admin", ADMIN, True),
        ("alice", PROJECT, True),
    ):
        browser.log_in(user)
        DetailPage(browser).open(image["id"], panel)
        assert (sentence in browser.one("[data-hip-boot]").text) is is_known, user
    assert "This cloud runs x86_64." in browser.one("[data-hip-boot]").get_attribute("textContent")


@pytest.mark.parametrize(
    ("minimum", "sentence"),
    [
        ({"min_ram": FLAVOR["ram"] + 1}, "no flavor with 1025 MB of memory"),
        ({"min_disk": FLAVOR["disk"] + 1}, "Launch instances with a new volume"),
    ],
)
def test_no_flavor_is_large_enough(
    browser: Browser,
    machines: Machines,
    unique: Unique,
    make_image: MakeImage,
    minimum: dict[str, int],
    sentence: str,
) -> None:
    """The demo's cloud has one flavor."""
    image = make_image(unique("large"), **minimum)
    with pytest.raises(BadRequest):
        machines.launch(unique("refused"), image["id"])
    browser.log_in("alice")
    DetailPage(browser).open(image["id"])
    assert sentence in browser.one("[data-hip-boot]").text
    fits = make_image(unique("fits"), min_ram=FLAVOR["ram"], min_disk=FLAVOR["disk"])
    DetailPage(browser).open(fits["id"])
    assert "keeps it from booting" in browser.one("[data-hip-boot]").text
