# SPDX-License-Identifier: Apache-2.0
"""What the page gives to the script of saved views."""

import html
import re
from urllib.parse import parse_qs

from tests import factories
from tests.unit.permissions import path


def of(response):
    nav = re.search(r"<nav [^>]*data-hip-saved-views[^>]*>", response.content.decode())[0]
    attributes = {
        name: html.unescape(value) for name, value in re.findall(r'([\w-]+)="([^"]*)"', nav)
    }
    return (
        attributes["data-hip-saved-views"],
        attributes["data-hip-list-query"],
        ("data-hip-may-save" in nav),
    )


def test_another_key_for_each_person_and_panel(browser, glance):
    keys = []
    for person in (factories.member, factories.domain_admin):
        client = browser.login_as(person())
        keys.append(of(client.get(path("project", "index")))[0])
    keys.append(of(client.get(path("admin", "index")))[0])
    assert len(set(keys)) == 3
    assert not [key for key in keys if factories.member().id in key]


def test_the_parameters_of_the_list_without_its_page(browser, glance):
    for n in range(5):
        glance.add(name=f"x {n}")
    client = browser.login_as(factories.member())
    client.cookies["API_RESULT_PAGE_SIZE"] = "2"
    page = client.get(path("project", "index"), {"name": "x", "status": "active"})
    query = of(page)[1]
    assert parse_qs(query) == {"name": ["x"], "status": ["active"], "sort": ["name"]}
    url = re.search(r'href="(\?[^"]*marker=[^"]*)"', page.content.decode())[1]
    assert of(client.get(path("project", "index") + html.unescape(url)))[1] == query


def test_only_a_filter_or_an_order_makes_a_view(browser, glance):
    client = browser.login_as(factories.member())
    index = path("project", "index")
    assert not of(client.get(index))[2]
    assert not of(client.get(index, {"unknown": "x"}))[2]
    assert of(client.get(index, {"hidden": "true"}))[2]
    assert of(client.get(index, {"sort": "-size"}))[2]
