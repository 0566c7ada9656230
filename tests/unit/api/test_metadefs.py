# SPDX-License-Identifier: Apache-2.0
import pytest

from helion_images_panel import exceptions
from helion_images_panel.api import metadefs
from tests import factories
from tests.unit import fakes

ONE = {"a": {"properties": {"p": {"title": "P"}}}}


@pytest.fixture
def request_():
    return factories.request()


def names(sections):
    return {each.name for section in sections for each in section.definitions}


@pytest.mark.parametrize("known", [{}, ONE])
def test_public_definitions_are_fetched_once_for_everybody(glance, request_, known):
    glance.metadefs = known
    first = metadefs.sections(request_)
    glance.calls.clear()
    assert metadefs.sections(factories.request(factories.cloud_admin())) == first
    assert [call.query["visibility"] for call in glance.calls] == ["private"]


def test_only_namespaces_for_images_are_asked_for(glance, request_):
    glance.metadefs = ONE
    metadefs.sections(request_)
    lists = [call for call in glance.calls if call.path == "/v2/metadefs/namespaces"]
    assert {call.query["resource_types"] for call in lists} == {"OS::Glance::Image"}
    shown = [call for call in glance.calls if call not in lists]
    assert [call.query["resource_type"] for call in shown] == ["OS::Glance::Image"]


@pytest.mark.parametrize("person", ["member", "domain_admin", "cloud_admin"])
def test_private_definitions_are_those_of_the_active_project(glance, person):
    """An admin's token lists those of every project."""
    of = (factories.PROJECT, factories.SIBLING, factories.FOREIGN)
    glance.metadefs = {
        f"of {owner}": {"visibility": "private", "owner": owner, "properties": {owner: {}}}
        for owner in of
    }
    user = factories.PEOPLE[person]()
    found = metadefs.sections(factories.request(user))
    assert names(found) == {user.project_id} & set(of)
    elsewhere = factories.member_elsewhere()
    assert names(metadefs.sections(factories.request(elsewhere))) == {elsewhere.project_id}


def test_a_failure_is_not_cached(glance, request_):
    glance.failing["GET /v2/metadefs/namespaces"] = fakes.refusal(500, "no")
    with pytest.raises(exceptions.ImageServiceError):
        metadefs.sections(request_)
    glance.failing.clear()
    glance.metadefs = ONE
    assert names(metadefs.sections(request_)) == {"p"}


def test_a_namespace_that_goes_meanwhile_is_left_out(glance, request_):
    glance.metadefs = {**ONE, "gone": {"properties": {"q": {}}}}
    glance.failing["GET /v2/metadefs/namespaces/gone"] = fakes.refusal(404, "gone")
    assert names(metadefs.sections(request_)) == {"p"}
