# SPDX-License-Identifier: Apache-2.0
from types import SimpleNamespace

import pytest
import requests
from keystoneauth1 import exceptions as keystone_exc
from openstack_dashboard.api import keystone as horizon_keystone

from helion_images_panel import exceptions
from helion_images_panel.api import projects
from helion_images_panel.api.bounded import BoundedAdapter
from helion_images_panel.api.projects import Domain, Project
from tests import factories


@pytest.fixture
def request_():
    return factories.request(factories.cloud_admin())


def test_projects_of_a_domain(keystone, request_):
    assert projects.project_list(request_, factories.DOMAIN) == [
        Project(factories.PROJECT, "web", factories.DOMAIN),
        Project(factories.SIBLING, "shop", factories.DOMAIN),
    ]


def test_domains_by_name(keystone, request_):
    keystone.domains = {"2": "beta", "1": "Alpha", "3": "Gamma"}
    assert projects.domain_list(request_) == [
        Domain("1", "Alpha"),
        Domain("2", "beta"),
        Domain("3", "Gamma"),
    ]


def test_answers_are_cached(keystone, request_):
    first = projects.project_list(request_, factories.DOMAIN)
    keystone.projects.clear()
    assert projects.project_list(request_, factories.DOMAIN) == first
    assert len(keystone.calls) == 1


def test_each_domain_is_cached_on_its_own(keystone, request_):
    projects.project_list(request_, factories.DOMAIN)
    (foreign,) = projects.project_list(request_, factories.OTHER_DOMAIN)
    assert foreign.id == factories.FOREIGN


def test_zero_seconds_remember_nothing(keystone, request_, settings):
    settings.HELION_IMAGES_PROJECT_CACHE_S = 0
    projects.project_list(request_, factories.DOMAIN)
    keystone.projects.clear()
    assert projects.project_list(request_, factories.DOMAIN) == []


def test_a_project_that_is_gone_is_none_and_cached(keystone, request_):
    assert projects.project_get(request_, "gone") is None
    assert projects.project_get(request_, "gone") is None
    assert len(keystone.calls) == 1


@pytest.mark.parametrize("project_id", ["../domains/x", "x?y", "", "a" * 65])
def test_what_cannot_be_an_id_is_not_asked_for(keystone, request_, project_id):
    assert projects.project_get(request_, project_id) is None
    assert not keystone.calls


def test_names_leave_out_projects_that_are_gone_and_ask_once_for_each(keystone, request_):
    wanted = [factories.PROJECT, factories.FOREIGN, factories.PROJECT, "gone"]
    assert projects.project_names(request_, wanted) == {
        factories.PROJECT: "web",
        factories.FOREIGN: "lab",
    }
    assert len(keystone.calls) == 3


def test_where_somebody_is_admin(keystone, request_):
    keystone.admins = {
        (request_.user.id, factories.DOMAIN),
        (request_.user.id, factories.FOREIGN),
        ("somebody-else", factories.OTHER_DOMAIN),
    }
    roles = projects.admin_roles(request_)
    assert roles.domains == {factories.DOMAIN}
    assert roles.projects_of == {keystone.projects[factories.FOREIGN][1]}


def test_a_role_that_is_taken_away_counts_at_once(keystone, request_):
    keystone.admins = {(request_.user.id, factories.DOMAIN)}
    assert projects.admin_roles(request_).domains
    keystone.admins = set()
    assert not projects.admin_roles(request_).domains


@pytest.mark.parametrize("cache_s", [0, 60])
@pytest.mark.parametrize("error", [keystone_exc.ConnectFailure, keystone_exc.ServiceUnavailable])
def test_a_keystone_that_does_not_answer_is_said_so(keystone, request_, settings, error, cache_s):
    settings.HELION_IMAGES_PROJECT_CACHE_S = cache_s
    keystone.failing = error()
    with pytest.raises(exceptions.ImageServiceUnavailable, match="identity service"):
        projects.project_list(request_, factories.DOMAIN)


def test_a_keystone_that_refuses_is_said_so(keystone, request_):
    keystone.failing = keystone_exc.Forbidden()
    with pytest.raises(exceptions.ImageForbidden, match="identity service"):
        projects.project_list(request_, factories.DOMAIN)


def test_a_token_that_keystone_does_not_know_any_more_ends_the_session(keystone, request_):
    keystone.failing = keystone_exc.Unauthorized()
    with pytest.raises(exceptions.SessionEnded):
        projects.project_list(request_, factories.DOMAIN)


def test_a_failure_is_not_cached(keystone, request_):
    keystone.failing = keystone_exc.ConnectFailure()
    with pytest.raises(exceptions.ImageServiceUnavailable):
        projects.domain_list(request_)
    keystone.failing = None
    assert len(projects.domain_list(request_)) == 3


def test_keystone_is_asked_with_the_admin_rights_of_the_project(monkeypatch, request_):
    asked = {}

    def keystoneclient(request, **kwargs):
        asked.update(kwargs, request=request)
        return connection

    session = requests.Session()
    connection = SimpleNamespace(session=SimpleNamespace(session=session))
    monkeypatch.setattr(horizon_keystone, "keystoneclient", keystoneclient)
    assert projects._keystone(request_) is connection
    assert isinstance(session.get_adapter("http://x"), BoundedAdapter)
    assert asked == {"request": request_, "admin": True, "force_scoped": True}
