# SPDX-License-Identifier: Apache-2.0
"""A list without rows says why, and what to do then."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from helion_images_panel.ui.listing.table import ImagesTable
from helion_images_panel.ui.scopes.domain_scope import DOMAIN
from tests import factories
from tests.unit import fakes
from tests.unit.permissions import path
from tests.unit.ui.listing.test_rows import request_of

SENTENCES = {
    "failed": "The images could not be retrieved.",
    "no_match": "No images match the filter.",
    "empty": "No images yet",
    "empty_view": "Show all images",
}


def state(response: Any) -> str:
    """The state that the list is in; no sentence of another one is on the page."""
    html = response.content.decode()
    (found,) = re.findall(r'data-hip-empty="(\w+)"', html)
    assert [key for key, words in SENTENCES.items() if words in html] == [found]
    return str(found)


def link(response: Any, words: str) -> str | None:
    """Where the link of these words within the table leads."""
    html = response.content.decode().partition("data-hip-empty")[2]
    found = re.search(rf'(?s)href="([^"]*)"[^>]*>(?:<span[^>]*></span>)?\s*{words}<', html)
    return found[1] if found else None


@pytest.mark.parametrize("panel", ["project", "admin"])
@pytest.mark.parametrize("query", ["", "?name=x"])
def test_a_list_that_failed_says_nothing_of_its_images(browser, glance, panel, query):
    glance.failing["GET /v2/images"] = fakes.refusal(503, "Out to lunch.")
    response = browser.login_as(factories.domain_admin()).get(path(panel, "index") + query)
    assert state(response) == "failed"
    assert "Retry" in response.content.decode()
    assert link(response, "Create Image") is None
    assert link(response, "Clear filters") is None


@pytest.mark.parametrize("panel", ["project", "admin"])
@pytest.mark.parametrize(
    "query", ["name=x", "tag=a&amp;tag=b", "status=killed", "hidden=true&name=x"]
)
def test_without_a_match_the_filters_can_be_cleared(browser, glance, panel, query):
    response = browser.login_as(factories.domain_admin()).get(f"{path(panel, 'index')}?{query}")
    assert state(response) == "no_match"
    assert link(response, "Clear filters") == path(panel, "index")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("visibility=public", "This list has no public images."),
        ("visibility=community", "This list has no community images."),
        ("view=snapshots", "This list has no snapshots. They are created from instances."),
        ("view=unfinished", "No image of this list is in progress or has failed."),
        ("hidden=true", "This list has no hidden images."),
        (f"owner={factories.PROJECT}", "web has no images yet."),
    ],
)
def test_a_view_without_images_says_of_which_there_are_none(browser, glance, query, words):
    response = browser.login_as(factories.member()).get(f"{path('project', 'index')}?{query}")
    assert state(response) == "empty_view"
    assert words in response.content.decode()
    assert link(response, "Show all images") == path("project", "index")
    assert link(response, "Clear filters") is None
    # With a filter of the user's own there may be some.
    response = browser.get(f"{path('project', 'index')}?{query}&name=x")
    assert state(response) == "no_match"
    assert words not in response.content.decode()


@pytest.mark.parametrize(
    ("panel", "query", "community", "hidden"),
    [
        ("project", "name=x", True, True),
        ("project", "name=x&visibility=private", False, True),
        ("project", "name=x&hidden=true", True, False),
        # All images of the domain are in one list, but for the hidden ones.
        ("admin", "name=x", False, True),
    ],
)
def test_without_a_match_other_lists_are_offered(browser, glance, panel, query, community, hidden):
    browser.login_as(factories.domain_admin())
    response = browser.get(f"{path(panel, 'index')}?{query}")
    for is_offered, words, added in (
        (community, "Community", {"visibility": ["community"]}),
        (hidden, "Hidden", {"hidden": ["true"]}),
    ):
        url = link(response, words)
        assert (url is not None) == is_offered
        if url:
            assert parse_qs(urlsplit(unescape(url)).query) == {**parse_qs(query), **added}


def test_a_long_text_is_named_and_not_searched_for(browser, glance):
    """Glance has no longer names: no image would match."""
    browser.login_as(factories.member())
    response = browser.get(path("project", "index"), {"name": "x" * 256})
    html = response.content.decode()
    assert 'data-hip-empty="wrong_filter"' in html
    assert "Search:</strong> The value is too long. Enter at most 255 characters." in html
    response = browser.get(path("project", "index"), {"name": f" {'x' * 255} "})
    assert state(response) == "no_match"


def test_the_chosen_domain_stays_when_the_filters_are_cleared(browser, glance):
    url = f"{path('admin', 'index')}?domain=all&name=x"
    response = browser.login_as(factories.cloud_admin()).get(url)
    assert link(response, "Clear filters") == f"{path('admin', 'index')}?domain=all"


def test_an_empty_list_leads_to_the_first_image(browser, glance):
    response = browser.login_as(factories.member()).get(path("project", "index"))
    assert state(response) == "empty"
    assert link(response, "Create Image") == path("project", "create")
    assert link(response, "Shared with Me") == path("project", "shared")


def test_who_may_not_create_is_not_told_to(browser, glance):
    response = browser.login_as(factories.reader()).get(path("project", "index"))
    assert state(response) == "empty"
    assert link(response, "Create Image") is None
    assert "Select Create Image" not in response.content.decode()


def test_nor_where_nothing_is_created(glance, keystone):
    """A manager of a domain has the right, in a list that has no button for it."""
    message = ImagesTable(request_of(factories.member()), scope=DOMAIN).get_empty_message()
    assert 'data-hip-empty="empty"' in message
    assert "Create Image" not in message
