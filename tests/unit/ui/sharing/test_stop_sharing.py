# SPDX-License-Identifier: Apache-2.0
"""Stop Sharing: nobody keeps the image, and nobody gets it back when it is shared again."""

import pytest

from helion_images_panel.api.lock import Lock
from helion_images_panel.core.publication import DOMAIN, Publication, publication_property
from helion_images_panel.ui.sharing import actions
from tests import factories
from tests.unit import fakes
from tests.unit.permissions import path

OTHER = "b" * 32


@pytest.fixture
def stop(browser):
    """Stops sharing an image as its project's member does, and returns what is said."""
    browser.login_as(factories.member())

    def act(image):
        data = {"action": "images__stop_sharing", "object_ids": [image["id"]]}
        return browser.post(path("project", "index"), data, follow=True).content.decode()

    return act


def shared(glance, **fields):
    image = glance.add(name="x", visibility="shared", **fields)
    glance.members[image["id"]] = {OTHER: "accepted"}
    return image


def test_the_image_is_private_and_has_no_members(glance, stop):
    image = shared(glance)
    html = stop(image)
    assert "Stopped Sharing Image" in html
    assert image["visibility"] == "private"
    assert glance.members[image["id"]] == {}


def test_a_member_that_stays_is_said_and_the_image_stays_shared(glance, stop):
    image = shared(glance)
    glance.failing[f"DELETE /v2/images/{image['id']}/members/{OTHER}"] = fakes.refusal(503, "No.")
    html = stop(image)
    assert "1 member could not be removed. Try again." in html
    assert image["visibility"] == "shared"


def test_what_is_published_is_unpublished_instead(glance, stop):
    image = shared(glance, id=factories.image_id())
    image |= publication_property(image["id"], Publication(DOMAIN, "private", "d", (OTHER,)))
    html = stop(image)
    assert "Unpublish it first." in html
    assert glance.members[image["id"]] == {OTHER: "accepted"}


def test_what_is_published_while_it_waits_keeps_its_members(glance, stop, monkeypatch):
    """The step of publishing that holds the lock has recorded who is given the image."""
    image = shared(glance, id=factories.image_id())
    hold = actions.hold

    def hold_after_publishing(request, seen):
        image.update(publication_property(image["id"], Publication(DOMAIN, "shared", "d")))
        return hold(request, seen)

    monkeypatch.setattr(actions, "hold", hold_after_publishing)
    html = stop(image)
    assert "Unpublish it first." in html
    assert (image["visibility"], glance.members[image["id"]]) == ("shared", {OTHER: "accepted"})


def test_without_its_lock_it_takes_nothing_away(glance, stop, monkeypatch):
    """Another process has it now, and gives the image to projects."""
    image = shared(glance)
    monkeypatch.setattr(Lock, "renew", lambda _lock: False)
    stop(image)
    assert (image["visibility"], glance.members[image["id"]]) == ("shared", {OTHER: "accepted"})
