# SPDX-License-Identifier: Apache-2.0
import time

import pytest

from helion_images_panel import exceptions
from helion_images_panel.api import members
from helion_images_panel.core.image import Member
from tests import factories
from tests.unit import fakes


@pytest.fixture
def shared(glance):
    image = glance.add(visibility="shared")
    glance.members[image["id"]] = {"p1": "pending", "p2": "accepted"}
    return image["id"]


def test_member_list(shared):
    assert members.member_list(factories.request(), shared) == [
        Member("p1", "pending"),
        Member("p2", "accepted"),
    ]


@pytest.mark.parametrize(("project", "expected"), [("p1", True), ("p2", True), ("p3", False)])
def test_is_member_whether_accepted_or_not(shared, project, expected):
    assert members.is_member(factories.request(), shared, project) is expected


def test_is_member_does_not_take_an_outage_for_no(glance, shared):
    glance.failing[f"GET /v2/images/{shared}/members/p1"] = fakes.refusal(503, "down")
    with pytest.raises(exceptions.ImageServiceUnavailable):
        members.is_member(factories.request(), shared, "p1")


def received_by_admin(glance):
    """The image IDs, and how many images were asked about."""
    glance.calls.clear()
    found = members.received_by_admin(factories.request(factories.domain_admin()), 200)
    asked = [call for call in glance.calls if "/members/" in call.path]
    return {image.id: member.status for image, member in found.images}, len(asked)


def test_an_admin_asks_again_only_about_what_is_shared_with_the_project(
    glance, shared, monkeypatch
):
    mine = glance.add(visibility="shared", owner=factories.FOREIGN)["id"]
    glance.members[mine] = {factories.SIBLING: "pending"}
    assert received_by_admin(glance) == ({mine: "pending"}, 2)
    glance.members[mine] = {factories.SIBLING: "accepted"}
    new = glance.add(visibility="shared", owner=factories.FOREIGN)["id"]
    glance.members[new] = {factories.SIBLING: "pending"}
    assert received_by_admin(glance) == ({mine: "accepted", new: "pending"}, 2)
    glance.members[shared] = {factories.SIBLING: "pending"}
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + members.SKIPPED_S + 1)
    found, _asked = received_by_admin(glance)
    assert set(found) == {mine, new, shared}
