# SPDX-License-Identifier: Apache-2.0
"""Where the database puts images without a value, and lists that depend on it."""

import pytest

from helion_images_panel import exceptions
from helion_images_panel.api import image_pages
from helion_images_panel.api.database_order import Nulls, NullsLast
from helion_images_panel.core.order import Order
from helion_images_panel.core.page import Cursor
from helion_images_panel.core.query import ImageQuery
from helion_images_panel.core.sources import Source
from tests import factories

ALL = (Source(visibility="all"),)


@pytest.fixture
def request_():
    return factories.request(factories.cloud_admin())


def are_last(request, key="name", is_seen=False, query=None):
    try:
        Nulls(request, Order(key), query or ImageQuery()).check(request, is_seen)
    except NullsLast:
        return True
    return False


@pytest.mark.parametrize("nulls_last", [False, True])
def test_it_is_found_out_once(glance, request_, nulls_last):
    glance.nulls_last = nulls_last
    for name in ("a", None):
        glance.add(name=name)
    assert are_last(request_, is_seen=True) is nulls_last
    asked = len(glance.calls)
    assert are_last(request_, "format") is nulls_last
    assert len(glance.calls) == asked


@pytest.mark.parametrize("nulls_last", [False, True])
@pytest.mark.parametrize("order", [Order("name"), Order("name", True)], ids=str)
def test_a_page_with_both_shows_it(glance, request_, nulls_last, order):
    """No request is needed to find it out, unless the page has to be read in other parts."""
    glance.nulls_last = nulls_last
    for name in ("a", None):
        glance.add(name=name)
    page = image_pages.image_list(request_, ALL, ImageQuery(), Cursor(), 20, order)
    assert len(page.images) == 2
    assert len(glance.calls) == (3 if nulls_last else 1)
    assert not [call for call in glance.calls if call.query["limit"] == "1"]
    assert are_last(request_) is nulls_last


@pytest.mark.parametrize("key", ["status", "size", "created", "updated"])
def test_other_orders_do_not_depend_on_it(glance, request_, key):
    assert not are_last(request_, key, is_seen=True)
    assert not glance.calls


@pytest.mark.parametrize("names", [(), ("a", "b"), (None, None)])
def test_it_is_not_known_where_images_do_not_show_it(glance, request_, names):
    """An image that comes later may."""
    glance.nulls_last = True
    for name in names:
        glance.add(name=name)
    assert not are_last(request_)
    for name in ("c", None):
        glance.add(name=name)
    assert are_last(request_)


def test_hidden_images_count_in_their_own_list(glance, request_):
    glance.nulls_last = True
    for name in ("a", None):
        glance.add(name=name, os_hidden=True)
    assert not are_last(request_)
    assert are_last(request_, query=ImageQuery(hidden="true"))


def test_either_format_shows_it(glance, request_):
    glance.nulls_last = True
    glance.add(name="a", disk_format="raw", container_format=None)
    glance.add(name="b", disk_format="raw", container_format="bare")
    assert are_last(request_, "format")


@pytest.mark.parametrize("limit", [3, 1000])
def test_more_images_without_a_name_than_a_response_holds(glance, request_, monkeypatch, limit):
    """They precede all others, whatever the marker: nothing is left out without a word."""
    monkeypatch.setattr("helion_images_panel.api.image_rows.ROWS_PER_CALL", 8)
    glance.nulls_last, glance.page_limit = True, limit
    for _ in range(9):
        glance.add(name=None)
    for name in ("a", "b"):
        glance.add(name=name)
    order, page = Order(descending=True), None
    for shown in (2, 2, 2, 2):
        cursor = Cursor(page.last_id, part=page.last_part) if page else Cursor()
        page = image_pages.image_list(request_, ALL, ImageQuery(), cursor, 2, order)
        assert [image.name for image in page.images] == [None] * shown
    cursor = Cursor(page.last_id, part=page.last_part)
    with pytest.raises(exceptions.ImageServiceError, match="another column"):
        image_pages.image_list(request_, ALL, ImageQuery(), cursor, 2, order)


def test_each_projects_own_token_finds_it_out(glance):
    """One project's token does not list the images of another."""
    glance.nulls_last = True
    requests = [
        factories.request(factories.member(project_id=project))
        for project in (factories.PROJECT, factories.SIBLING)
    ]
    glance.add(name="a", owner=factories.PROJECT)
    names = ["b", "c", None]
    for name in names:
        glance.add(name=name, owner=factories.SIBLING)
    found, page, start = [], None, 0
    while page is None or page.has_next:
        cursor = Cursor(page.last_id, part=page.last_part) if page else Cursor()
        page = image_pages.image_list_in_turn(requests, ImageQuery(), cursor, start, 1)
        start = [factories.PROJECT, factories.SIBLING].index(page.images[-1].owner)
        found += [image.name for image in page.images]
    assert found == ["a", *names]
