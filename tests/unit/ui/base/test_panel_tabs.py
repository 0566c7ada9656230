# SPDX-License-Identifier: Apache-2.0
"""The lists of the Project panel, as tabs above each of them."""

import re

import pytest

from tests import factories
from tests.unit.permissions import path


def tabs_of(html):
    """Each tab: its address, whether it is the current one, whether it has a badge."""
    (nav,) = re.findall(r'(?s)<ul class="[^"]*hip-pills.*?</ul>', html)
    items = re.findall(r"(?s)<li.*?</li>", nav)
    return [
        (re.search('href="([^"]*)"', item)[1], "aria-current" in item, "data-hip-pending" in item)
        for item in items
    ]


@pytest.mark.parametrize("current", ["index", "shared", "storage", "rules"])
def test_the_lists_of_a_project(browser, current):
    browser.login_as(factories.member())
    html = browser.get(path("project", current)).content.decode()
    assert tabs_of(html) == [
        ("/project/images/", current == "index", False),
        ("/project/images/shared/", current == "shared", True),
        ("/project/images/storage/", current == "storage", False),
        ("/project/images/rules/", current == "rules", False),
    ]


@pytest.mark.parametrize("current", ["index", "storage", "rules"])
@pytest.mark.parametrize("query", ["", "?domain=all"])
def test_the_admin_panel_keeps_the_domain(browser, current, query):
    browser.login_as(factories.cloud_admin())
    html = browser.get(path("admin", current) + query).content.decode()
    assert tabs_of(html) == [
        (f"/admin/images/{query}", current == "index", False),
        (f"/admin/images/storage/{query}", current == "storage", False),
        (f"/admin/images/rules/{query}", current == "rules", False),
    ]
    # Nobody shares images with the panel.
    assert "data-hip-pending-url" not in html
