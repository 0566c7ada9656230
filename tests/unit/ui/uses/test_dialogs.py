# SPDX-License-Identifier: Apache-2.0
"""The places for uses in the dialogs that take an image away from those who use it."""

import json
import re
from html import unescape

import pytest

from helion_images_panel.core.family import FORMER, LATEST, NEW
from helion_images_panel.core.publication import DOMAIN, Publication, publication_property
from tests import factories
from tests.unit.permissions import path
from tests.unit.ui.versions.test_views import add as add_version


def places(html):
    """The images, the fields and their values, of each place."""
    found = re.findall(r'<div class="hip-uses-of" ([^>]*)>', html)
    attributes = [
        {name: unescape(value) for name, value in re.findall(r'([a-z-]+)="([^"]*)"', each)}
        for each in found
    ]
    for each in attributes:
        assert each["data-uses-url"].endswith("/uses/") or "/uses/?" in each["data-uses-url"]
    return [
        (
            json.loads(each["data-hip-uses-of"]),
            each.get("data-hip-uses-fields", "").split(),
            each.get("data-hip-uses-values", "").split(),
        )
        for each in attributes
    ]


def html_of(browser, panel, page, image, person="member", **query):
    browser.login_as(factories.PEOPLE[person]())
    return browser.get(path(panel, page, image["id"]), query).content.decode()


def test_set_end_dates(browser, glance, keystone):
    image = glance.add()
    fields = ["deprecate_on", "deactivate_on", "delete_on"]
    found = places(html_of(browser, "project", "end_dates", image))
    assert found == [({image["id"]: ""}, fields, [])]


@pytest.mark.parametrize("role", [NEW, FORMER])
def test_make_it_the_latest_and_roll_back_take_the_previous_version_away(
    browser, glance, keystone, role
):
    latest = add_version(glance, LATEST, name="Ubuntu <b>")
    image = add_version(glance, role, name="Ubuntu (1)")
    fields = ["hides", "deprecate_in", "deactivate_in", "delete_in"]
    (found,) = places(html_of(browser, "project", "make_latest", image))
    assert found[0].keys() == {latest["id"]}
    assert "Ubuntu <b>" in found[0][latest["id"]]
    assert found[1:] == (fields, [])


def test_a_first_version_takes_nothing_away(browser, glance, keystone):
    image = add_version(glance, NEW)
    assert places(html_of(browser, "project", "make_latest", image)) == []


def test_change_owner(browser, glance, keystone):
    image = glance.add()
    url = path("admin", "change_owner", image["id"])
    browser.login_as(factories.domain_admin())
    for html in (
        browser.get(url).content.decode(),
        browser.post(url, {"project": factories.SIBLING}).content.decode(),
    ):
        assert places(html) == [({image["id"]: ""}, [], [])]


@pytest.mark.parametrize(
    ("visibility", "narrower"),
    [
        ("private", None),
        ("shared", ["private"]),
        ("community", ["private", "shared", DOMAIN]),
        ("public", ["private", "shared", DOMAIN]),
        ("galactic", None),
    ],
)
def test_edit_with_fewer_projects(browser, glance, keystone, visibility, narrower):
    image = glance.add(visibility=visibility)
    found = places(html_of(browser, "admin", "update", image, "cloud_admin"))
    expected = [({image["id"]: ""}, ["visibility"], narrower)] if narrower else []
    assert found == expected


def test_edit_an_image_that_is_published_to_the_domain(browser, glance, keystone):
    id_ = factories.image_id()
    record = publication_property(id_, Publication(DOMAIN, "private", factories.DOMAIN))
    image = glance.add(id=id_, visibility="shared", **record)
    found = places(html_of(browser, "admin", "update", image, "domain_admin"))
    assert found == [({id_: ""}, ["visibility"], ["private", "shared"])]


def test_publish_to_fewer_projects(browser, glance, keystone):
    id_ = factories.image_id()
    record = publication_property(id_, Publication(DOMAIN, "private", factories.DOMAIN))
    of_domain = glance.add(id=id_, name="of domain", visibility="shared", **record)
    public = glance.add(name="for all", visibility="public")
    private = glance.add(name="own")
    browser.login_as(factories.cloud_admin())
    url = path("admin", "publish")

    def found(*images):
        query = {"id": [image["id"] for image in images], "domain": "all"}
        return [
            (set(names), fields, values)
            for names, fields, values in places(browser.get(url, query).content.decode())
        ]

    assert found(private) == []
    both = {public["id"], of_domain["id"]}
    assert found(public, of_domain, private) == [
        (both, ["audience"], ["own"]),
        ({public["id"]}, ["audience"], [DOMAIN]),
    ]


def test_dialogs_that_take_nothing_away(browser, glance, keystone):
    image = glance.add(visibility="shared")
    for page in ("share", "family", "metadata"):
        assert places(html_of(browser, "project", page, image)) == [], page
