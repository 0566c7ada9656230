# SPDX-License-Identifier: Apache-2.0
import pytest

from helion_images_panel.api import quota
from helion_images_panel.core.quota import MIB, Quota, Resource
from tests import factories
from tests.unit import fakes


@pytest.fixture
def request_():
    return factories.request()


def test_room_in_bytes_and_numbers(glance, request_):
    glance.usage = {
        "image_size_total": {"usage": 70, "limit": 64},
        "image_stage_total": {"usage": 0, "limit": 20480},
        "image_count_total": {"usage": 7, "limit": 10},
        "image_count_uploading": {"usage": 1, "limit": 50},
    }
    assert quota.project_quota(request_) == Quota(
        size=Resource(70 * MIB, 64 * MIB),
        staging=Resource(0, 20480 * MIB),
        count=Resource(7, 10),
        uploading=Resource(1, 50),
    )


def test_minus_one_is_no_limit_and_zero_is_one(glance, request_):
    glance.usage = {
        "image_size_total": {"usage": 5, "limit": -1},
        "image_count_total": {"usage": 0, "limit": 0},
    }
    found = quota.project_quota(request_)
    assert found.size == Resource(5 * MIB, None)
    assert found.count == Resource(0, 0)
    assert found.staging == Resource(0, None)


def test_a_glance_without_limits(glance, request_):
    assert quota.project_quota(request_) is None


@pytest.mark.parametrize("status", [403, 404, 500, 503])
def test_a_glance_that_cannot_tell(glance, request_, status):
    """Such as one that does not reach Keystone's limits: no page fails over that."""
    glance.failing["GET /v2/info/usage"] = fakes.refusal(status, "no")
    assert quota.project_quota(request_) is None


def test_a_moment_ago_is_recent_enough(glance, request_):
    glance.usage = {"image_count_total": {"usage": 7, "limit": 10}}
    assert quota.recent_project_quota(request_).count == Resource(7, 10)
    glance.usage = {"image_count_total": {"usage": 8, "limit": 10}}
    assert quota.recent_project_quota(request_).count == Resource(7, 10)
    assert quota.project_quota(request_).count == Resource(8, 10)
    assert quota.recent_project_quota(request_).count == Resource(8, 10)


def test_each_project_has_its_own_room(glance, request_):
    glance.usage = {"image_count_total": {"usage": 7, "limit": 10}}
    quota.project_quota(request_)
    glance.usage = {"image_count_total": {"usage": 0, "limit": 10}}
    other = factories.request()
    other.user.project_id = "of-others"
    assert quota.recent_project_quota(other).count == Resource(0, 10)
