# SPDX-License-Identifier: Apache-2.0
"""What is said when sharing, or the end of it, breaks off halfway."""

import pytest

from helion_images_panel.core.publication import Publication, publication_property
from tests import factories
from tests.unit import fakes
from tests.unit.permissions import path

OLD, NEW = "a" * 32, "b" * 32
REFUSED = fakes.refusal(503, "Not now.")


@pytest.fixture
def image(browser, glance):
    """A private image of the person, which was shared with OLD once."""
    person = factories.member()
    browser.login_as(person)
    found = glance.add(owner=person.project_id, visibility="private")
    glance.members[found["id"]] = {OLD: "accepted"}
    return found


def said(response):
    return response.content.decode().replace("&#x27;", "'")


def share(browser, image, **fields):
    url = path("project", "share", image["id"])
    return said(browser.post(url, {"projects": NEW, **fields}, follow=True))


def test_old_members_that_cannot_be_listed(browser, glance, image):
    glance.failing[f"GET /v2/images/{image['id']}/members"] = REFUSED
    html = share(browser, image, remove_old="on")
    assert "is now shared, possibly also with earlier members" in html
    assert "was not shared" not in html
    assert glance.members[image["id"]] == {OLD: "accepted", NEW: "pending"}


def test_nobody_could_be_added_but_the_image_is_shared(browser, glance, image):
    glance.failing[f"POST /v2/images/{image['id']}/members"] = REFUSED
    html = share(browser, image)
    assert "Image not shared with" in html
    assert "The visibility of the image is now Shared." in html
    assert f"is now shared again with {OLD}" in html


def make_private(browser, image):
    data = {
        "name": "x",
        "initial-name": "x",
        "visibility": "private",
        "initial-visibility": "shared",
        "initial-protected": "False",
        "remove_members": "on",
    }
    return said(browser.post(path("project", "update", image["id"]), data, follow=True))


def test_members_that_are_gone_though_the_image_could_not_be_changed(browser, glance, image):
    image["visibility"] = "shared"
    glance.failing[f"PATCH /v2/images/{image['id']}"] = REFUSED
    html = make_private(browser, image)
    assert "1 member of the image was removed." in html
    assert glance.members[image["id"]] == {}


def test_members_that_cannot_be_listed_are_told_in_the_form(browser, glance, image):
    image["visibility"] = "shared"
    glance.failing[f"GET /v2/images/{image['id']}/members"] = REFUSED
    assert "The image was not changed. Not now." in make_private(browser, image)
    assert glance.members[image["id"]] == {OLD: "accepted"}


def test_members_of_whom_some_stay(browser, glance, image):
    image["visibility"] = "shared"
    glance.members[image["id"]][NEW] = "accepted"
    glance.failing[f"DELETE /v2/images/{image['id']}/members/{NEW}"] = REFUSED
    html = make_private(browser, image)
    assert "The visibility was not changed: 1 member could not be removed." in html
    assert "1 member of the image was removed." in html
    assert image["visibility"] == "shared"


ENDED = fakes.refusal(401, "Token expired")


def test_a_session_that_ends_while_sharing_is_told(browser, glance, image):
    image["visibility"] = "shared"
    glance.members[image["id"]] = {}
    glance.failing[f"POST /v2/images/{image['id']}/members"] = ENDED
    html = share(browser, image)
    assert f"{NEW} – Your session has ended. Log in again." in html


def remove(browser, image, *project_ids):
    data = {"action": "members__remove", "object_ids": project_ids}
    return said(browser.post(path("project", "detail", image["id"]), data, follow=True))


def test_a_session_that_ends_while_members_are_removed_is_told(browser, glance, image):
    image["visibility"] = "shared"
    glance.members[image["id"]] = {OLD: "accepted", NEW: "pending"}
    glance.failing[f"DELETE /v2/images/{image['id']}/members/{NEW}"] = ENDED
    html = remove(browser, image, OLD, NEW)
    assert f"is no longer shared with {OLD}." in html
    assert f"{NEW} – Your session has ended. Log in again." in html
    assert glance.members[image["id"]] == {NEW: "pending"}


def test_members_whose_session_ends_are_told_to_stay(browser, glance, image):
    image["visibility"] = "shared"
    glance.failing[f"DELETE /v2/images/{image['id']}/members/{OLD}"] = ENDED
    html = make_private(browser, image)
    assert "The visibility was not changed: 1 member could not be removed." in html


def published(image, **fields):
    publication = Publication("domain", "private", factories.DOMAIN, **fields)
    return publication_property(image["id"], publication)


def test_a_member_that_publishing_gives_again(browser, glance, image):
    image["visibility"] = "shared"
    image |= published(image, given=(OLD,))
    glance.members[image["id"]] = {OLD: "accepted", NEW: "pending"}
    html = remove(browser, image, OLD, NEW)
    assert f"the next re-sync shares it again with {OLD}." in html
    assert glance.members[image["id"]] == {}


def test_a_member_that_publishing_did_not_give(browser, glance, image):
    image["visibility"] = "shared"
    image |= published(image, given=(OLD,))
    glance.members[image["id"]] = {NEW: "pending"}
    assert "the next re-sync shares it again" not in remove(browser, image, NEW)
    assert glance.members[image["id"]] == {}
