# SPDX-License-Identifier: Apache-2.0
"""Which images of how many a page shows, without a further request."""

import html
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from tests import factories
from tests.unit.permissions import path


@pytest.fixture
def client(browser, glance):
    for n in range(7):
        glance.add(name=f"image {n}")
    client = browser.login_as(factories.member())
    client.cookies["API_RESULT_PAGE_SIZE"] = "3"
    return client


def said(response):
    found = re.search(r'<p class="hip-position">(.*?)</p>', response.content.decode())
    return html.unescape(found[1]) if found else ""


def link(response, marker):
    urls = re.findall(r'href="(\?[^"]*)"', response.content.decode())
    return next(html.unescape(url) for url in urls if re.search(rf"[?&;]{marker}=", url))


def follow(client, response, marker):
    return client.get(path("project", "index") + link(response, marker))


def test_forth_and_back(client, glance):
    first = client.get(path("project", "index"))
    assert said(first) == "1–3 of more than 3 images"
    second = follow(client, first, "marker")
    assert said(second) == "4–6 of more than 6 images"
    third = follow(client, second, "marker")
    assert said(third) == "7–7 of 7 images"
    assert 'data-hip-total="7"' in third.content.decode()
    assert 'data-hip-total="' not in second.content.decode()
    back = follow(client, third, "prev_marker")
    assert said(back) == "4–6 of more than 6 images"
    assert said(follow(client, back, "prev_marker")) == "1–3 of more than 3 images"
    assert "up_to" in parse_qs(urlsplit(link(third, "prev_marker")).query)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_all_on_one_page(browser, glance, count):
    for n in range(count):
        glance.add(name=f"image {n}")
    client = browser.login_as(factories.member())
    client.cookies["API_RESULT_PAGE_SIZE"] = "3"
    expected = f"1–{count} of {count} image" + ("s" if count > 1 else "")
    assert said(client.get(path("project", "index"))) == expected


@pytest.mark.parametrize("before", ["", "0", "-3", "x", "9" * 30, "²"])
def test_what_is_no_number_is_not_shown(client, before):
    """The URL is the user's."""
    url = path("project", "index") + link(client.get(path("project", "index")), "marker")
    response = client.get(re.sub("before=3", f"before={before}", url))
    assert response.status_code == 200
    assert said(response) in ("", "1000000000–1000000002 of more than 1000000002 images")


def test_nothing_is_said_of_a_link_without_it(client):
    first = client.get(path("project", "index"))
    response = client.get(path("project", "index") + link(first, "marker").replace("before=3", ""))
    assert response.status_code == 200
    assert said(response) == ""


def test_an_empty_list_says_nothing(client):
    assert said(client.get(path("project", "index"), {"status": "killed"})) == ""


def test_a_list_that_begins_again_is_the_first_page(client, glance):
    first = client.get(path("project", "index"))
    url = path("project", "index") + link(first, "marker")
    for image_id in list(glance.images)[3:]:
        del glance.images[image_id]
    response = client.get(url, follow=True)
    assert said(response) == "1–3 of 3 images"
