# SPDX-License-Identifier: Apache-2.0
"""Rows per page, chosen beside the columns, and stored as Horizon does."""

import re

import pytest

from tests import factories
from tests.unit.permissions import PANEL, PermissionMatrix, path


class TestPermissions(PermissionMatrix):
    page = "page_size"
    of_an_image = False
    expected = PANEL

    def ask(self, browser, url):
        return browser.post(url, {"size": "5"})


def rows(response):
    return len(re.findall(r"<tr[^>]* data-object-id=", response.content.decode()))


def offered(response):
    found = re.findall(r"<option( selected)?>(\d+)</option>", response.content.decode())
    return [int(size) for _selected, size in found], [int(s) for mark, s in found if mark]


def test_it_holds_for_horizon_and_for_the_list(browser, glance):
    for n in range(7):
        glance.add(name=f"image {n}")
    client = browser.login_as(factories.member())
    assert rows(client.get(path("project", "index"))) == 7
    response = client.post(path("project", "page_size"), {"size": "5"})
    assert response.status_code == 200
    assert response.cookies["API_RESULT_PAGE_SIZE"].value == "5"
    assert client.session["API_RESULT_PAGE_SIZE"] == 5
    page = client.get(path("project", "index"))
    assert rows(page) == 5
    assert offered(page) == ([5, 10, 20, 50, 100, 200, 500, 1000], [5])


@pytest.mark.parametrize("size", ["", "0", "-1", "1001", "1e3", "²", "9" * 5000, "{{7*7}}"])
def test_another_number_is_refused(browser, glance, size):
    client = browser.login_as(factories.member())
    response = client.post(path("project", "page_size"), {"size": size})
    assert response.status_code == 400
    assert response.json()["reason"] == "Choose between 1 and 1000 rows per page."
    assert "API_RESULT_PAGE_SIZE" not in response.cookies


@pytest.mark.parametrize(("cookie", "shown"), [("0", 1), ("-5", 1), ("99999999", 1000), ("7", 7)])
def test_a_cookie_has_any_number(browser, glance, cookie, shown):
    for n in range(9):
        glance.add(name=f"image {n}")
    client = browser.login_as(factories.member())
    client.cookies["API_RESULT_PAGE_SIZE"] = cookie
    page = client.get(path("project", "index"))
    assert rows(page) == min(shown, 9)
    assert offered(page)[1] == [shown]


def test_the_cloud_may_have_another_limit(browser, glance, settings):
    settings.API_RESULT_LIMIT = 50
    client = browser.login_as(factories.member())
    assert offered(client.get(path("project", "index")))[0] == [5, 10, 20, 50]
    assert client.post(path("project", "page_size"), {"size": "51"}).status_code == 400


def test_a_page_has_as_many_rows_as_horizon_allows(browser, glance, settings):
    settings.API_RESULT_LIMIT = glance.page_limit = 4
    for n in range(6):
        glance.add(name=f"image {n}")
    client = browser.login_as(factories.member())
    client.cookies["API_RESULT_PAGE_SIZE"] = "4"
    page = client.get(path("project", "index"))
    assert rows(page) == 4
    assert "1–4 of more than 4 images" in page.content.decode()


def test_what_is_missing_of_a_page_is_all_that_is_asked_for(browser, glance):
    glance.page_limit = 200
    for n in range(350):
        glance.add(name=f"image {n:03}")
    client = browser.login_as(factories.member())
    client.cookies["API_RESULT_PAGE_SIZE"] = "300"
    assert rows(client.get(path("project", "index"))) == 300
    lists = [call for call in glance.calls if call.path == "/v2/images"]
    assert [int(call.query["limit"]) for call in lists] == [301, 101]
