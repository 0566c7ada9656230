# SPDX-License-Identifier: Apache-2.0
"""What the details of a snapshot show of its origin, and of the volumes that hold its data."""

import json
import re
from html import escape

import pytest
from django.urls import NoReverseMatch

from helion_images_panel.ui.scopes import horizon_pages
from tests import factories
from tests.unit.permissions import path
from tests.unit.ui.detail.test_tabs import details

INSTANCE = "3f2a9f0c-52d5-4e0f-8d0b-7d9f0f6a1b11"
SNAPSHOT = "5b8bd86a-1c54-4d3c-9a3e-5a3f5a0f3f10"
INSTANCE_URL = f'href="/project/instances/{INSTANCE}/"'
SNAPSHOT_URL = f'href="/project/snapshots/{SNAPSHOT}"'


def of_volumes(glance, *devices, **attributes):
    return glance.add(size=0, block_device_mapping=json.dumps(devices), **attributes)


def volume(name="/dev/vda", size=20, **attributes):
    return {"source_type": "snapshot", "device_name": name, "volume_size": size, **attributes}


def test_volumes_with_their_sizes(browser, glance):
    devices = (
        volume(snapshot_id=SNAPSHOT),
        volume("/dev/vdb", 1),
        {"source_type": "blank", "device_name": "/dev/vdc", "volume_size": 7},
    )
    found, html = details(browser, of_volumes(glance, *devices))
    assert found["Size"] == ["0 B"]
    assert found["Data in Volumes"] == [
        "21 GiB in 2 volumes",
        f"/dev/vda: 20 GiB {SNAPSHOT}",
        "/dev/vdb: 1 GiB",
    ]
    assert SNAPSHOT_URL in html
    assert "__action_download" not in html


def test_an_unknown_size_is_shown_as_unknown(browser, glance):
    image = of_volumes(glance, volume(), volume("", None), volume("\u200b", 1))
    found, _html = details(browser, image)
    assert found["Data in Volumes"] == [
        "3 volumes",
        "/dev/vda: 20 GiB",
        "Volume: Unknown",
        "Volume: 1 GiB",
    ]


@pytest.mark.parametrize("name", factories.HOSTILE_NAMES)
def test_names_of_devices_are_text(browser, glance, name):
    _found, html = details(browser, of_volumes(glance, volume(name)))
    shown = re.search(r'(?s)<div class="hip-overview" ng-non-bindable>.*', html)[0]
    # Horizon replaces the marks of AngularJS's expressions.
    assert f"{escape(name)}: 20 GiB".replace("{$", "{%").replace("$}", "%}") in shown


@pytest.mark.parametrize("mapping", ["[]", "", "{", "7", "null", '["x"]', "[" * 100_000])
def test_another_mapping_shows_no_volumes(browser, glance, mapping):
    found, _html = details(browser, glance.add(size=0, block_device_mapping=mapping))
    assert "Data in Volumes" not in found


def test_an_image_with_data_shows_no_volumes(browser, glance):
    found, _html = details(browser, glance.add(block_device_mapping=json.dumps([volume()])))
    assert "Data in Volumes" not in found


def test_the_instance_is_linked(browser, glance):
    found, html = details(browser, glance.add(image_type="snapshot", instance_uuid=INSTANCE))
    assert found["Instance"] == [INSTANCE]
    assert INSTANCE_URL in html


@pytest.mark.parametrize(
    ("person", "panel"), [("member_elsewhere", "project"), ("domain_admin", "admin")]
)
def test_no_link_leads_to_another_project(browser, glance, person, panel):
    """Horizon's page of an instance, and of a volume snapshot, is of the present project."""
    image = of_volumes(
        glance, volume(snapshot_id=SNAPSHOT), instance_uuid=INSTANCE, visibility="public"
    )
    found, html = details(browser, image, person, panel)
    assert found["Instance"] == [INSTANCE]
    assert found["Data in Volumes"][1].endswith(SNAPSHOT)
    assert INSTANCE_URL not in html
    assert SNAPSHOT_URL not in html


def test_no_link_without_the_services(browser, glance):
    image = of_volumes(glance, volume(snapshot_id=SNAPSHOT), instance_uuid=INSTANCE)
    browser.login_as(factories.member(services=("image", "identity")))
    html = browser.get(path("project", "detail", image["id"])).content.decode()
    assert INSTANCE in html
    assert SNAPSHOT in html
    assert INSTANCE_URL not in html
    assert SNAPSHOT_URL not in html


@pytest.mark.parametrize("instance", ["../../../admin", f"{INSTANCE}\n", "javascript:alert(1)"])
def test_an_id_that_is_none_is_not_linked(browser, glance, instance):
    _found, html = details(browser, glance.add(instance_uuid=instance))
    assert "/project/instances/" not in html.split('class="hip-overview"')[1].split("<script")[0]


def test_a_panel_that_the_operator_has_removed_is_not_linked(browser, glance, monkeypatch):
    def removed(name, args):
        raise NoReverseMatch(name)

    monkeypatch.setattr(horizon_pages, "reverse", removed)
    image = of_volumes(glance, volume(snapshot_id=SNAPSHOT), instance_uuid=INSTANCE)
    found, html = details(browser, image)
    assert found["Data in Volumes"] == ["20 GiB in 1 volume", f"/dev/vda: 20 GiB {SNAPSHOT}"]
    assert SNAPSHOT_URL not in html
