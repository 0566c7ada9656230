# SPDX-License-Identifier: Apache-2.0
import re

import pytest

from helion_images_panel.core.query import ImageQuery
from helion_images_panel.ui.listing.filters import FilterBar
from helion_images_panel.ui.scopes.scope import ADMIN, PROJECT
from tests import factories
from tests.unit.permissions import path
from tests.unit.ui.test_pages import rows


def bar(person, scope, parameters=None):
    request = factories.request(factories.PEOPLE[person]())
    request.GET = parameters or {}
    request.path = scope.url("index")
    return FilterBar(request, scope.bound(request), ImageQuery.from_url(request.GET))


def names(filter_bar):
    return [choice.name for choice in filter_bar.choices]


def test_everybodys_filters():
    assert names(bar("member", PROJECT)) == [
        "status", "format", "visibility", "hidden", "sort",
    ]  # fmt: skip


def test_domains_are_the_cloud_admins_to_choose(keystone):
    assert names(bar("cloud_admin", ADMIN))[0] == "domain"
    assert "domain" not in names(bar("domain_admin", ADMIN))
    assert "domain" not in names(bar("cloud_admin", PROJECT))


def test_the_domain_that_is_shown_is_the_one_chosen(keystone):
    choice = bar("cloud_admin", ADMIN, {"domain": factories.DOMAIN}).choices[0]
    assert choice.value == factories.DOMAIN
    assert [value for value, _label in choice.options] == [
        "all", factories.DOMAIN, factories.CLOUD_DOMAIN, factories.OTHER_DOMAIN,
    ]  # fmt: skip
    assert bar("cloud_admin", ADMIN, {"domain": "all"}).choices[0].value == "all"


def test_owners_that_the_operator_singles_out(keystone, settings):
    settings.IMAGES_LIST_FILTER_TENANTS = [{"text": "Official", "tenant": "t1"}]
    (owner,) = [c for c in bar("member", PROJECT).choices if c.name == "owner"]
    assert [value for value, _label in owner.options] == ["", factories.PROJECT, "t1"]
    assert "owner" not in names(bar("domain_admin", ADMIN))


def test_clearing_keeps_the_domain(keystone):
    filter_bar = bar("cloud_admin", ADMIN, {"domain": "all", "name": "x"})
    assert filter_bar.pills
    assert filter_bar.clear_url == "/admin/images/?domain=all"
    assert bar("member", PROJECT, {"name": "x"}).clear_url == "/project/images/"
    assert not bar("member", PROJECT).pills


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"name": "in:a,b"}, ["in:a,b"]),
        ({"name": "nothing"}, []),
        ({"status": "queued"}, ["queued"]),
        ({"format": "ova"}, ["ova"]),
        ({"visibility": "community"}, ["community"]),
        ({"owner": factories.FOREIGN}, ["foreign"]),
    ],
)
def test_filters_of_the_url(browser, glance, query, expected):
    ids = {
        glance.add(name="in:a,b")["id"]: "in:a,b",
        glance.add(name="q", status="queued")["id"]: "queued",
        glance.add(name="o", disk_format="vmdk", container_format="ova")["id"]: "ova",
        glance.add(name="c", visibility="community")["id"]: "community",
        glance.add(name="f", visibility="public", owner=factories.FOREIGN)["id"]: "foreign",
    }
    response = browser.login_as(factories.member()).get(path("project", "index"), query)
    assert [ids[id_] for id_ in rows(response)] == expected


@pytest.mark.parametrize(("panel", "person"), [("project", "member"), ("admin", "domain_admin")])
def test_hidden_images_are_listed_apart(browser, glance, panel, person):
    hidden = [glance.add(name=name, os_hidden=True)["id"] for name in "ab"]
    shown = glance.add(name="c")["id"]
    browser.login_as(factories.PEOPLE[person]())
    assert rows(browser.get(path(panel, "index"))) == [shown]
    assert rows(browser.get(path(panel, "index"), {"hidden": "true"})) == hidden


def test_a_filter_of_one_panel_does_not_leak_into_the_other(browser, glance):
    image_id = glance.add(name="x", owner=factories.SIBLING)["id"]
    browser.login_as(factories.domain_admin())
    assert rows(browser.get(path("admin", "index"), {"name": "nothing"})) == []
    assert rows(browser.get(path("project", "index"))) == [image_id]
    assert rows(browser.get(path("admin", "index"))) == [image_id]


def test_paging_keeps_the_filter_and_the_domain(browser, glance):
    for _ in range(25):
        glance.add(name="a&b=c")
    browser.login_as(factories.cloud_admin())
    query = {"name": "a&b=c", "domain": factories.DOMAIN}
    html = browser.get(path("admin", "index"), query).content.decode()
    links = re.findall(r'href="(\?[^"]*marker=[^"]*)"', html)
    assert links
    assert all("name=a%26b%3Dc" in link for link in links)
    assert all(f"domain={factories.DOMAIN}" in link for link in links)


@pytest.mark.parametrize("name", factories.HOSTILE_NAMES)
def test_what_was_searched_for_is_only_text(browser, name):
    browser.login_as(factories.member())
    html = browser.get(path("project", "index"), {"name": name}).content.decode()
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert re.search(r"<form[^>]*hip-filters[^>]*ng-non-bindable", html)
