# SPDX-License-Identifier: Apache-2.0
"""The views above the list, and the filters that are set as pills."""

import html
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import QueryDict

from helion_images_panel.core.page import Page
from helion_images_panel.ui.listing.table import ImagesTable
from helion_images_panel.ui.scopes.scope import PROJECT
from tests import factories
from tests.unit.permissions import path
from tests.unit.ui.test_pages import rows

BLOCK = '[{"source_type": "snapshot"}]'


def links(response, css_class):
    """Label and URL of each link in the part of the page."""
    text = response.content.decode()
    found = re.search(rf'<ul class="[^"]*\b{css_class}\b.*?</ul>', text, re.DOTALL)
    pattern = r'<a\b[^>]*href="([^"]*)"[^>]*>(.*?)</a>'
    anchors = re.findall(pattern, found[0], re.DOTALL) if found else []
    return {
        " ".join(html.unescape(re.sub(r"<[^>]+>", "", label)).split()): html.unescape(url)
        for url, label in anchors
    }


def current(response):
    found = re.findall(r'aria-current="page">([^<]*)</a>', response.content.decode())
    return html.unescape(found[-1]) if found else ""


@pytest.fixture
def images(glance):
    ids = {
        glance.add(name="a own")["id"]: "own",
        glance.add(name="b public", visibility="public", owner=factories.FOREIGN)["id"]: "public",
        glance.add(name="c community", visibility="community")["id"]: "community",
        glance.add(name="d snapshot", image_type="snapshot")["id"]: "snapshot",
        glance.add(name="e of a volume", block_device_mapping=BLOCK)["id"]: "of a volume",
        glance.add(name="f queued", status="queued")["id"]: "queued",
        glance.add(name="g killed", status="killed")["id"]: "killed",
        glance.add(name="h deactivated", status="deactivated")["id"]: "deactivated",
        glance.add(name="i hidden", os_hidden=True)["id"]: "hidden",
        glance.add(**factories.deleted(name="j deleted"))["id"]: "deleted",
    }
    return lambda response: [ids[id_] for id_ in rows(response)]


VIEWS = {
    "Public": ["public"],
    "Community": ["community"],
    "Snapshots": ["snapshot", "of a volume"],
    "In progress or failed": ["queued", "killed"],
    "Hidden": ["hidden"],
    "Deleted": ["deleted"],
}


@pytest.mark.parametrize("label", VIEWS)
def test_views(browser, images, label):
    browser.login_as(factories.member())
    url = links(browser.get(path("project", "index")), "hip-quick-views")[label]
    response = browser.get(url)
    assert images(response) == VIEWS[label]
    assert current(response) == label


def test_the_own_project_and_all(browser, images):
    response = browser.login_as(factories.member()).get(path("project", "index"))
    found = links(response, "hip-quick-views")
    assert current(response) == "All"
    assert list(found)[:2] == ["All", "web"]
    response = browser.get(found["web"])
    assert "public" not in images(response)
    assert current(response) == "web"
    assert links(response, "hip-filters-pills") == {
        "Remove this filter: Owner: web": path("project", "index"),
        "Clear filters": path("project", "index"),
    }


def test_admins_have_no_project_among_them(browser, glance, keystone):
    response = browser.login_as(factories.domain_admin()).get(path("admin", "index"))
    assert list(links(response, "hip-quick-views")) == ["All", *VIEWS]


def test_views_keep_domain_and_order_and_nothing_else(browser, glance, keystone):
    browser.login_as(factories.cloud_admin())
    query = {"domain": "all", "name": "x", "status": "active", "sort": "-size"}
    found = links(browser.get(path("admin", "index"), query), "hip-quick-views")
    assert parse_qs(urlsplit(found["Public"]).query) == {
        "domain": ["all"],
        "visibility": ["public"],
        "sort": ["-size"],
    }


def test_each_filter_is_a_pill_that_leads_to_the_list_without_it(browser, glance):
    query = {
        "name": "x",
        "view": "snapshots",
        "status": "active",
        "format": "qcow2",
        "visibility": "private",
        "hidden": "true",
        "owner": factories.PROJECT,
        "tag": ["one", "<b>"],
    }
    response = browser.login_as(factories.member()).get(path("project", "index"), query)
    found = {
        label.removeprefix("Remove this filter: "): parse_qs(urlsplit(url).query)
        for label, url in links(response, "hip-filters-pills").items()
    }
    assert found.pop("Clear filters") == {}
    whole = {name: [v] if isinstance(v, str) else v for name, v in query.items()}
    expected = {
        "Search: x": "name",
        "Snapshots": "view",
        "Status: Active": "status",
        "Format: QCOW2": "format",
        "Visibility: Private": "visibility",
        "Hidden": "hidden",
        "Owner: web": "owner",
    }
    for label, name in expected.items():
        assert found.pop(label) == {k: v for k, v in whole.items() if k != name}
    assert found == {"Tag: one": {**whole, "tag": ["<b>"]}, "Tag: <b>": {**whole, "tag": ["one"]}}
    text = response.content.decode()
    for name, value in (("view", "snapshots"), ("owner", factories.PROJECT), ("tag", "one")):
        assert f'<input type="hidden" name="{name}" value="{value}">' in text


def test_no_pills_without_a_filter(browser, glance):
    response = browser.login_as(factories.member()).get(path("project", "index"))
    assert "hip-filters-pills" not in response.content.decode()


@pytest.mark.parametrize(("status", "found"), [("queued", ["queued"]), ("active", ["own"])])
def test_a_status_is_more_exact_than_unfinished(browser, images, status, found):
    browser.login_as(factories.member())
    response = browser.get(path("project", "index"), {"view": "unfinished", "status": status})
    assert images(response)[: len(found)] == found
    assert "In progress or failed" not in links(response, "hip-filters-pills")


def test_an_unknown_view_is_none(browser, images):
    response = browser.login_as(factories.member()).get(path("project", "index"), {"view": "x"})
    assert images(response) == []
    assert "“x” is not one of the choices." in response.content.decode()


@pytest.mark.parametrize("name", ["looked_at", "found"])
def test_a_number_of_any_length_is_one(browser, images, name):
    browser.login_as(factories.member())
    query = {"name": "a", name: "9" * 5000}
    assert browser.get(path("project", "index"), query).status_code == 200


def test_an_id_is_searched_for_in_the_domain_that_is_shown(browser, glance, keystone):
    foreign = glance.add(owner=factories.FOREIGN)["id"]
    browser.login_as(factories.cloud_admin())
    for domain, found in ((factories.DOMAIN, []), (factories.OTHER_DOMAIN, [foreign])):
        query = {"domain": domain, "name": foreign}
        assert rows(browser.get(path("admin", "index"), query)) == found


def test_a_part_of_the_list_that_was_reached_backwards_leads_on(browser, glance):
    request = factories.request(factories.member())
    request.GET = QueryDict("prev_marker=x")
    table = ImagesTable(request, scope=PROJECT)
    table.page = Page(has_next=True, is_partial=True)
    assert table.has_more_data()
    request.GET = QueryDict()
    table = ImagesTable(request, scope=PROJECT)
    table.page = Page(has_next=True, is_partial=True)
    assert not table.has_more_data()
