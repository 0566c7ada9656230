# SPDX-License-Identifier: Apache-2.0
"""Versions in the list: below the latest one on the same page, or with the name of the family."""

import re
from html import unescape

from helion_images_panel.core.family import FORMER, LATEST, NEW
from helion_images_panel.core.image import Image
from helion_images_panel.ui.listing.versions import fold
from tests import factories
from tests.unit.permissions import path
from tests.unit.ui.versions.test_views import add


def rows(browser, query=""):
    """The ID of each row, the latest version that it is below, and the number of others."""
    html = browser.get(path("project", "index") + query).content.decode()
    found = []
    for row in re.findall(r"<tr[^>]*data-hip-image=[^>]*>", html):
        values = [
            re.search(rf'{name}="([^"]*)"', row)[1]
            for name in ("data-hip-image", "data-hip-version-of", "data-hip-versions")
        ]
        found.append(tuple(values))
    return found


def test_versions_are_below_the_latest_one(browser, glance):
    first = glance.add(name="a")
    former = add(glance, FORMER, name="b", created_at="2026-10-01T08:00:00Z")
    between = glance.add(name="c")
    latest = add(glance, LATEST, name="d")
    new = add(glance, NEW, name="e", created_at="2026-11-20T08:00:00Z")
    browser.login_as(factories.member())
    assert rows(browser) == [
        (first["id"], "", ""),
        (between["id"], "", ""),
        (latest["id"], "", "2"),
        (new["id"], latest["id"], ""),
        (former["id"], latest["id"], ""),
    ]
    assert len(glance.listed()) == 1


def test_what_is_searched_for_stays_at_its_place(browser, glance):
    former, latest = add(glance, FORMER, name="b"), add(glance, LATEST, name="d")
    browser.login_as(factories.member())
    expected = [(former["id"], "", ""), (latest["id"], "", "")]
    assert rows(browser, "?visibility=private") == expected
    assert rows(browser, "?property=helion_images_family_name%3Dubuntu") == expected
    # Glance itself filters by the name of the family.
    assert glance.listed()[-1].query["helion_images_family_name"] == "ubuntu"


def test_without_the_latest_version_on_the_page_the_row_names_the_family(browser, glance):
    former, new = add(glance, FORMER, name="b"), add(glance, NEW, name="c", family="<i>")
    browser.login_as(factories.member())
    assert rows(browser) == [(former["id"], "", ""), (new["id"], "", "")]
    html = browser.get(path("project", "index")).content.decode()
    found = re.findall(r'<a class="hip-family" href="([^"]*)"[^>]*>([^<]*)</a>', html)
    assert [(unescape(url), unescape(text)) for url, text in found] == [
        (
            "/project/images/?property=helion_images_family_name%3Dubuntu",
            "Earlier version of ubuntu",
        ),
        ("/project/images/?property=helion_images_family_name%3D%3Ci%3E", "New version of <i>"),
    ]


def test_families_of_two_projects_are_two(glance):
    own = Image.from_glance(add(glance, LATEST))
    foreign = Image.from_glance(add(glance, FORMER, owner=factories.FOREIGN))
    folded = fold([foreign, own])
    assert folded.images == (foreign, own)
    assert not folded.latest
