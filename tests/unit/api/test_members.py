# SPDX-License-Identifier: Apache-2.0
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
