# SPDX-License-Identifier: Apache-2.0
import json
import re
from html import unescape

import pytest

from helion_images_panel.core.publication import DOMAIN, Publication, publication_property
from helion_images_panel.ui.base import image_badges
from tests import factories
from tests.unit.permissions import path


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({}, []),
        ({"visibility": "shared"}, []),
        ({"visibility": "public", "protected": True}, ["Public", "Protected"]),
        ({"visibility": "community"}, ["Community"]),
        ({"os_hidden": True, "status": "deactivated"}, ["Hidden", "Deactivated"]),
    ],
)
def test_what_stands_beside_the_name(attributes, expected):
    assert image_badges.notes_of(factories.image(**attributes)) == expected


def test_an_image_that_is_published_to_a_domain():
    image_id = factories.image_id()
    noted = publication_property(image_id, Publication(DOMAIN, "private", "d"))
    image = factories.image(id=image_id, visibility="shared", **noted)
    assert image_badges.notes_of(image) == ["Published to a domain"]


@pytest.mark.parametrize("page", ["index", "detail"])
@pytest.mark.parametrize("name", factories.HOSTILE_NAMES)
def test_pages_carry_names_and_notes_as_text(browser, glance, page, name):
    image = glance.add(name=name, protected=True)
    browser.login_as(factories.member())
    html = browser.get(
        path("project", page, image["id"] if page == "detail" else "")
    ).content.decode()
    (element,) = re.findall(rf'<[^>]*data-hip-image="{image["id"]}"[^>]*>', html)
    found = dict(re.findall(r'(data-hip-\w+)="([^"]*)"', element))
    assert unescape(found["data-hip-name"]).replace("\u2060", "") == name
    assert json.loads(unescape(found["data-hip-notes"])) == ["Protected"]
    assert "{$ c" not in unescape(found["data-hip-name"])
