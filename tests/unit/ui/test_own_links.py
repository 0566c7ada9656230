# SPDX-License-Identifier: Apache-2.0
"""Links to the page that shows them: AngularJS cancels the click on one without a target."""

from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin

import pytest

from tests import factories
from tests.unit import fakes
from tests.unit.permissions import path


class Links(HTMLParser):
    """The links of a page's content: the frame around it is Horizon's."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self._is_inside = False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self._is_inside = self._is_inside or attributes.get("id") == "content_body"
        if self._is_inside and tag == "a" and attributes.get("href"):
            self.found.append(attributes)


def cancelled(browser, url):
    response = browser.get(url)
    links = Links(response.content.decode()).found
    assert links, url
    own = [each for each in links if urldefrag(urljoin(url, each["href"]))[0] == urldefrag(url)[0]]
    # Of tabs, menus and dialogs a script takes the click.
    return [
        each
        for each in own
        if not each.get("target")
        and not each.get("data-toggle")
        and "ajax-modal" not in each.get("class", "")
    ]


PAGES = [
    ("project", "index", "", ""),
    ("project", "index", "", "?status=active"),
    ("admin", "index", "", ""),
    ("admin", "index", "", "?domain=all"),
    ("project", "shared", "", ""),
    ("project", "detail", "image", ""),
    ("admin", "detail", "image", ""),
    ("project", "update", "image", ""),
    ("project", "metadata", "image", ""),
    ("project", "share", "image", ""),
    ("project", "create", "", ""),
    ("admin", "publish", "", "?id=image"),
]


@pytest.mark.parametrize(("panel", "page", "image", "query"), PAGES)
@pytest.mark.parametrize("fails", [False, True])
def test_each_link_to_the_page_itself_works(browser, glance, panel, page, image, query, fails):
    image_id = glance.add(status="active", tags=["a"], visibility="shared")["id"]
    if fails:
        glance.failing["GET /v2/images"] = fakes.refusal(503, "Out to lunch.")
        glance.failing[f"GET /v2/images/{image_id}"] = fakes.refusal(503, "Out to lunch.")
    browser.login_as(factories.cloud_admin())
    url = path(panel, page, *([image_id] if image else []))
    assert cancelled(browser, url + query.replace("=image", f"={image_id}")) == []
