# SPDX-License-Identifier: Apache-2.0
import pytest

from tests import factories
from tests.unit.permissions import path


def post(browser, panel, audience, *ids):
    data = {"audience": audience, "id": list(ids)}
    return browser.post(path(panel, "publish"), data, follow=True).content.decode()


@pytest.mark.parametrize("panel", ["project", "admin"])
@pytest.mark.parametrize("count", [1, 3])
def test_images_are_published_to_everyone_and_no_others(browser, glance, panel, count):
    images = [glance.add(visibility="shared") for _number in range(count)]
    other = glance.add(visibility="shared")
    owner = factories.domain_admin()
    for image in (*images, other):
        image["owner"] = owner.project_id
    browser.login_as(owner)
    post(browser, panel, "cloud", *[image["id"] for image in images])
    assert {glance.images[image["id"]]["visibility"] for image in images} == {"public"}
    assert glance.images[other["id"]]["visibility"] == "shared"


def test_publishing_again_asks_glance_for_no_change(browser, glance):
    owner = factories.domain_admin()
    image = glance.add(visibility="public", owner=owner.project_id)
    browser.login_as(owner)
    post(browser, "admin", "cloud", image["id"])
    assert glance.writes == []


@pytest.mark.parametrize("audience", ["own", "domain", "cloud", "galaxy", ""])
def test_a_member_publishes_nothing(browser, glance, audience):
    image = glance.add()
    browser.login_as(factories.member())
    html = post(browser, "project", audience, image["id"])
    assert "You are not allowed to publish this image to these." in html
    assert glance.writes == []


def test_what_the_panel_does_not_have_is_not_there(browser, glance):
    browser.login_as(factories.domain_admin())
    foreign = glance.add(owner="f" * 32)
    assert browser.get(path("admin", "publish"), {"id": foreign["id"]}).status_code == 404
    assert browser.get(path("admin", "publish")).status_code == 404
