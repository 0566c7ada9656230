# SPDX-License-Identifier: Apache-2.0
from urllib.parse import parse_qs

import pytest
from django.http import HttpResponse

from helion_images_panel.core.order import BY_NAME, KEYS, Order
from helion_images_panel.ui.listing import ordering
from helion_images_panel.ui.listing.view_choice import user_key
from tests import factories


def request_with(url=None, cookie=None):
    request = factories.request()
    request.GET = {} if url is None else {"sort": url}
    request.COOKIES = {} if cookie is None else {f"hip_sort_{user_key(request)}": cookie}
    return request


@pytest.mark.parametrize(
    ("url", "cookie", "default", "expected"),
    [
        (None, None, "name", BY_NAME),
        (None, None, "-updated", Order("updated", True)),
        (None, "size", "-updated", Order("size")),
        ("status", "size", "name", Order("status")),
        ("owner", "-size", "name", Order("size", True)),
        ("x", "y", "z", BY_NAME),
    ],
)
def test_the_url_then_the_last_choice_then_the_setting(settings, url, cookie, default, expected):
    settings.HELION_IMAGES_DEFAULT_SORT = default
    assert ordering.order_of(request_with(url, cookie)) == expected


def test_only_an_order_is_remembered():
    response = HttpResponse()
    ordering.remember(request_with("<b>"), response)
    ordering.remember(request_with(), response)
    ordering.remember(request_with("size", "size"), response)
    assert not response.cookies
    ordering.remember(request_with("-size"), response)
    (cookie,) = response.cookies.values()
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == ("-size", True, "Lax")


def test_the_order_is_of_one_person(settings):
    """Of several in the same browser."""
    settings.HELION_IMAGES_DEFAULT_SORT = "-updated"
    response = HttpResponse()
    ordering.remember(request_with("size"), response)
    (cookie,) = response.cookies.values()
    other, same = (factories.request(user) for user in (factories.member(), factories.member()))
    other.user.id = "another"
    for request in (other, same):
        request.COOKIES = {cookie.key: cookie.value}
    assert ordering.order_of(other) == Order("updated", True)
    assert ordering.order_of(same) == Order("size")


def test_a_second_click_turns_the_order():
    def of_link(current):
        html = ordering.heading("<Size>", "size", current, {"tag": ["a", "b"]})
        assert "<Size>" not in html
        return parse_qs(html.split('href="?')[1].split('"')[0].replace("&amp;", "&"))

    assert of_link(BY_NAME) == {"tag": ["a", "b"], "sort": ["-size"]}
    assert of_link(Order("size", True))["sort"] == ["size"]
    assert of_link(Order("size"))["sort"] == ["-size"]


def test_every_order_has_a_label():
    assert {value for value, _label in ordering.LABELS} == {
        f"{sign}{key}" for key in KEYS for sign in ("", "-")
    }
