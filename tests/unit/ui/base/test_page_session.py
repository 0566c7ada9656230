# SPDX-License-Identifier: Apache-2.0
"""Which session a page was made for, and whether it is still that one."""

from dataclasses import replace

import pytest
from django.http import QueryDict
from django.test import RequestFactory

from helion_images_panel.ui.base import page_session
from helion_images_panel.ui.base.page_session import PageSession, decoded
from tests import factories

PAGE = PageSession("u1", "kim", "p1", "web", "one")


@pytest.mark.parametrize("name", [*factories.HOSTILE_NAMES, "a&b=c;d", "ümläut 日本", ""])
def test_it_comes_back_as_it_was(name):
    page = replace(PAGE, user_name=name, project_name=name)
    assert decoded(page.encoded) == page
    assert page.encoded.isascii()
    assert not set(page.encoded) & set("\"'<>\r\n")


@pytest.mark.parametrize("text", ["", "x", "user_id=1", "a=1&" * 100, "user_id=" + "x" * 9000])
def test_what_is_none(text):
    assert decoded(text) is None


def test_names_are_cut():
    assert len(decoded(replace(PAGE, project_name="x" * 4000).encoded).project_name) == 255


@pytest.mark.parametrize(
    ("changed", "words", "leads_back"),
    [
        ({"user_id": "u2", "user_name": "lee"}, ("kim", "lee"), False),
        ({"project_id": "p2", "project_name": "shop"}, ("web", "shop"), True),
        ({"region": "two"}, ("one", "two"), True),
        ({"user_id": "u2", "user_name": "lee", "project_id": "p2"}, ("kim", "lee"), False),
    ],
)
def test_a_change_names_both_and_the_way_back(changed, words, leads_back):
    change = PAGE.change_to(replace(PAGE, **changed))
    assert change is not None
    for word in words:
        assert word in change.reason
    assert bool(change.switch_url) == leads_back


def test_another_name_of_the_same_is_no_change():
    assert PAGE.change_to(replace(PAGE, project_name="renamed", user_name="Kim")) is None


def test_a_project_id_that_is_none_has_no_way_back():
    change = replace(PAGE, project_id="../../x").change_to(PAGE)
    assert change is not None
    assert change.switch_url == ""


def test_the_header_and_the_last_field_count():
    other = replace(PAGE, project_id="p2")
    request = RequestFactory().post(
        "/", {page_session.FIELD: [PAGE.encoded, other.encoded]}, headers={"X-Other": "1"}
    )
    request.user = factories.member()
    assert page_session.named_by(request) == [other.encoded]
    own = page_session.of_request(request).encoded
    request = RequestFactory().put("/", headers={page_session.HEADER: own})
    request.user = factories.member()
    assert page_session.change(request) is None
    request = RequestFactory().put("/", headers={page_session.HEADER: other.encoded})
    request.user = factories.member()
    assert page_session.change(request) is not None


def test_a_request_that_names_none_is_of_the_session():
    request = RequestFactory().post("/", {})
    request.user = factories.member()
    assert page_session.change(request) is None


def test_fields_are_repeated_but_for_those_that_are_made_anew():
    posted = QueryDict("a=1&a=2&b=&csrfmiddlewaretoken=x&hip_page=y")
    assert page_session.without_fields(posted) == [("a", "1"), ("a", "2"), ("b", "")]
