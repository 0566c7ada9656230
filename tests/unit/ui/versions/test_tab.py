# SPDX-License-Identifier: Apache-2.0
"""The tab Versions: the timeline of a family."""

import re
from html import unescape

import pytest

from helion_images_panel.core.family import FORMER, LATEST, NEW
from helion_images_panel.exceptions import ImageServiceUnavailable
from helion_images_panel.ui.base.page_urls import DETAIL_TABS
from tests import factories
from tests.unit.permissions import path
from tests.unit.ui.versions.test_views import add


def tab(browser, image, person="member", panel="project"):
    """The HTML of the tab alone."""
    browser.login_as(factories.PEOPLE[person]())
    url = f"{path(panel, 'detail', image['id'])}?tab={DETAIL_TABS}__versions"
    html = browser.get(url).content.decode()
    own, tabs = f'<div id="{DETAIL_TABS}__versions"', f'<div id="{DETAIL_TABS}__'
    return html.partition(own)[2].partition(tabs)[0]


def text_of(html):
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def test_an_image_without_a_family_leads_to_one(browser, glance):
    image = glance.add()
    html = tab(browser, image)
    assert "belongs to no family" in html
    assert path("project", "family", image["id"]) in html
    assert "new_version" not in html


def test_versions_are_a_timeline_with_their_actions(browser, glance):
    old = add(glance, FORMER, name="Ubuntu (old)", version="1", os_hidden=True)
    latest = add(glance, LATEST, name="Ubuntu", version="2", created_at="2026-11-02T08:00:00Z")
    new = add(glance, NEW, name="<b>", version="3", created_at="2026-11-03T08:00:00Z")
    add(glance, NEW, owner=factories.FOREIGN)
    html = tab(browser, latest)
    order = re.findall(r'data-hip-version="([^"]*)"', html)
    assert order == [latest["id"], new["id"], old["id"]]
    text = text_of(html)
    assert "Ubuntu Latest Version 2" in text
    assert "sha512 aaaaaaaaaaaa…" in text
    assert 'aria-label="Roll Back to This Version: Ubuntu (old)"' in html
    assert 'aria-label="Make It the Latest: &lt;b&gt;"' in html
    assert "Address of the latest version, for scripts: http" in text
    assert "/project/images/family/ubuntu/latest" in html
    assert path("project", "make_latest", latest["id"]) not in html
    assert path("project", "new_version", latest["id"]) in html


def test_the_rule_that_the_family_remembers(browser, glance):
    add(glance, LATEST, ends="0,1,90")
    new = add(glance, NEW)
    text = text_of(tab(browser, new, "reader"))
    sentences = "It is deprecated at once. It is obsolete after 1 day. It is deleted after 90 days."
    assert f"Make It the Latest suggests for the previous version: {sentences}" in text


@pytest.mark.parametrize(
    ("latest", "earlier", "expected"),
    [("30,-,-", "", ["It is deprecated after 30 days."]), ("", "1,2,3", []), ("1,x,3", "", [])],
)
def test_only_the_latest_version_has_the_rule(browser, glance, latest, earlier, expected):
    image = add(glance, LATEST, ends=latest)
    add(glance, FORMER, ends=earlier)
    text = text_of(tab(browser, image))
    assert re.findall(r"It is [^.]* (?:days?|once)\.", text) == expected
    assert ("suggests for the previous version" in text) == bool(expected)


def test_a_reader_changes_nothing(browser, glance):
    image = add(glance, LATEST)
    add(glance, NEW)
    html = tab(browser, image, "reader")
    assert "data-hip-version" in html
    assert "ajax-modal" not in html


def test_what_fails_is_said(browser, glance, monkeypatch):
    from helion_images_panel.api import families

    def fail(*_args):
        raise ImageServiceUnavailable("Down.")

    monkeypatch.setattr(families, "all_versions", fail)
    assert "Unable to retrieve the versions. Down." in text_of(tab(browser, add(glance, LATEST)))


def test_it_takes_two_requests_and_only_when_it_is_selected(browser, glance):
    image = add(glance, LATEST)
    browser.login_as(factories.member())
    browser.get(path("project", "detail", image["id"]))
    assert glance.listed() == []
    tab(browser, image)
    assert len(glance.listed()) == 2
