# SPDX-License-Identifier: Apache-2.0
import re

import pytest
from django.core.cache import cache

from helion_images_panel import policy
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
    assert "You are not allowed to publish this image with this visibility." in html
    assert glance.writes == []


def test_what_the_panel_does_not_have_is_not_there(browser, glance):
    browser.login_as(factories.domain_admin())
    foreign = glance.add(owner="f" * 32)
    assert browser.get(path("admin", "publish"), {"id": foreign["id"]}).status_code == 404
    assert browser.get(path("admin", "publish")).status_code == 404


def offered(browser, *ids, panel="admin"):
    """The audiences on the page that asks to whom; those that nobody can choose in brackets."""
    html = browser.get(path(panel, "publish"), {"id": list(ids)}).content.decode()
    inputs = re.findall(r'<input type="radio" name="audience" value="(\w+)"([^>]*)>', html)
    return [f"({value})" if "disabled" in more else value for value, more in inputs]


def preselected(browser, image, **query):
    html = browser.get(path("admin", "publish"), {"id": image["id"], **query}).content.decode()
    return re.findall(r'name="audience" value="(\w+)" checked', html)


@pytest.mark.parametrize("quota", [0, 128])
@pytest.mark.parametrize("query", [{}, {"audience": "domain"}])
def test_the_whole_cloud_takes_no_other_audiences_place(browser, glance, settings, query, quota):
    """Such as that of a domain with too many projects."""
    settings.HELION_IMAGES_MEMBERS_QUOTA = quota
    image = glance.add(owner=factories.PROJECT, visibility="private")
    browser.login_as(factories.domain_admin())
    assert preselected(browser, image, **query) == (["domain"] if quota else [])
    assert preselected(browser, image, audience="cloud") == ["cloud"]


@pytest.mark.parametrize(
    ("person", "expected"),
    [(factories.domain_admin, []), (factories.cloud_admin, ["cloud"])],
)
def test_an_admin_of_one_domain_chooses_the_whole_cloud(
    browser, glance, keystone, person, expected
):
    """The only audience of a cloud with one domain."""
    keystone.disabled = set(keystone.domains) - {factories.DOMAIN}
    browser.login_as(person())
    assert preselected(browser, glance.add(owner=factories.PROJECT)) == expected


@pytest.fixture
def domain_admin(browser):
    person = factories.domain_admin()
    browser.login_as(person)
    return person


def test_a_cloud_with_one_domain_is_not_asked_about_domains(
    browser, glance, keystone, domain_admin
):
    image = glance.add(owner=factories.PROJECT)
    assert offered(browser, image["id"]) == ["domain", "cloud"]
    cache.clear()
    keystone.disabled = set(keystone.domains) - {factories.DOMAIN}
    assert offered(browser, image["id"]) == ["cloud"]


def test_too_many_members_are_told_of_each_image(browser, glance, settings, domain_admin):
    """The first of several images does not speak for the others."""
    settings.HELION_IMAGES_MEMBERS_QUOTA = 2
    free = glance.add(name="free", owner=factories.PROJECT, visibility="private")
    full = glance.add(name="full", owner=factories.PROJECT, visibility="shared")
    glance.members[full["id"]] = {number * 32: "accepted" for number in ("8", "9")}
    assert offered(browser, full["id"], free["id"]) == ["domain", "cloud"]
    page = browser.get(path("admin", "publish"), {"id": [full["id"], free["id"]]})
    html = page.content.decode()
    assert "Not published, because they would exceed the limit of members per image: full." in html
    assert offered(browser, full["id"]) == ["(domain)", "cloud"]
    for quota, words in ((2, "2 members"), (1, "1 member")):
        settings.HELION_IMAGES_MEMBERS_QUOTA = quota
        page = browser.get(path("admin", "publish"), {"id": full["id"]})
        assert f"This exceeds the limit of {words} per image." in page.content.decode()


def test_nothing_is_applied_where_nothing_can_be_chosen(
    browser, glance, settings, domain_admin, monkeypatch
):
    settings.HELION_IMAGES_MEMBERS_QUOTA = 0
    image = glance.add(owner=factories.PROJECT, visibility="private")
    page = browser.get(path("admin", "publish"), {"id": image["id"]}).content.decode()
    assert '<button type="submit" class="btn btn-primary">' in page
    allows = policy.allows
    monkeypatch.setattr(
        policy,
        "allows",
        lambda request, rule, *args: (
            rule != policy.PUBLICIZE_IMAGE and allows(request, rule, *args)
        ),
    )
    page = browser.get(path("admin", "publish"), {"id": image["id"]}).content.decode()
    assert '<button type="submit" class="btn btn-primary" disabled>' in page


def test_a_domain_with_more_projects_than_can_be_recorded_cannot_be_chosen(
    browser, glance, keystone, settings
):
    settings.HELION_IMAGES_MEMBERS_QUOTA = -1
    more = {f"{number:032x}": (f"p{number}", factories.DOMAIN) for number in range(3100)}
    keystone.projects |= more
    browser.login_as(factories.domain_admin())
    image = glance.add(visibility="private")
    html = browser.get(path("admin", "publish"), {"id": image["id"]}).content.decode()
    assert "the image cannot record that many" in html
    glance.calls.clear()
    answer = browser.post(path("admin", "publish", image["id"]), {"audience": "domain"})
    assert answer.status_code == 409
    assert "the image cannot record that many" in answer.json()["reason"]
    assert glance.writes == []
