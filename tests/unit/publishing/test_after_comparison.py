# SPDX-License-Identifier: Apache-2.0
"""An official image is published by a page of the user who wanted it, once, with its own data."""

import pytest

from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.image import Image
from helion_images_panel.core.planned_publication import PLANNED_PROPERTY, planned_property
from helion_images_panel.core.requested import OFFICIAL_URL, Requested
from helion_images_panel.core.verification import (
    VERIFIED_PROPERTY,
    Verified,
    expected_property,
    verified_property,
)
from helion_images_panel.publishing.after_comparison import due_audience
from helion_images_panel.publishing.held_image import hold
from tests import factories

#: That of Glance.
STORED = Checksum("md5", "0" * 32)
SHA256 = Checksum("sha256", "a" * 64)
OTHER = Checksum("sha256", "b" * 64)
AT = "2026-12-01T00:00:00Z"


@pytest.fixture
def request_():
    return factories.request(factories.domain_admin())


@pytest.fixture
def body(glance, request_):
    """An image that was compared, and is to be public."""
    body = glance.add(
        owner=factories.PROJECT, visibility="private", created_at=factories.ago(minutes=5)
    )
    id_ = body["id"]
    body.update(
        planned_property(id_, "cloud", SHA256, str(request_.user.id)),
        **expected_property(id_, SHA256, Requested(OFFICIAL_URL, "qcow2/bare")),
        **verified_property(id_, Verified((STORED, SHA256), AT, "anna")),
    )
    return body


def due(request, body):
    return due_audience(request, Image.from_glance(body))


def test_it_is_due_for_the_user_who_wanted_it(request_, body):
    assert due(request_, body) == "cloud"


def test_no_page_of_another_user_publishes_it(request_, body):
    body.update(planned_property(body["id"], "cloud", SHA256, "another user"))
    assert due(request_, body) == ""


def test_data_that_was_not_compared_is_not_published(request_, body):
    """A member can have the cloud convert other data, and expect other data of the image."""
    for disk_format in ("qcow2", "raw"):
        changed = {**body, "disk_format": disk_format}
        del changed[VERIFIED_PROPERTY]
        assert due(request_, changed) == ""
    id_ = body["id"]
    for expected in (OTHER, SHA256):
        other = {
            **body,
            **expected_property(id_, expected, Requested(OFFICIAL_URL, "qcow2/bare")),
            **verified_property(id_, Verified((STORED, OTHER), AT, "anna")),
        }
        assert due(request_, other) == ""
    assert due(request_, {**body, "status": "deactivated"}) == ""
    assert due(request_, {**body, "created_at": "2026-01-01T00:00:00Z"}) == ""


def test_a_plan_that_was_kept_counts_for_nothing_later(glance, request_, body):
    plan = body[PLANNED_PROPERTY]
    for visibility in ("public", "private"):
        with hold(request_, Image.from_glance(glance.images[body["id"]])) as held:
            held.change_visibility(visibility)
    assert PLANNED_PROPERTY not in glance.images[body["id"]]
    glance.images[body["id"]][PLANNED_PROPERTY] = plan
    assert due(request_, glance.images[body["id"]]) == ""


def test_a_change_of_something_else_leaves_the_plan(glance, request_, body):
    with hold(request_, Image.from_glance(glance.images[body["id"]])) as held:
        held.write("private", held.current.publication, {"os_distro": "debian"})
    assert due(request_, glance.images[body["id"]]) == "cloud"
