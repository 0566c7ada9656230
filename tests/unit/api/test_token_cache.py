# SPDX-License-Identifier: Apache-2.0
"""Tokens of further projects: few, packed, and found by the session alone that made them."""

import datetime
from types import SimpleNamespace

import pytest
from openstack_auth.user import Token

from helion_images_panel.api import rescope
from helion_images_panel.api.token_cache import TOKENS, TokenCache
from tests import factories


def token(project_id, ends_in_s=3600):
    # An older Horizon makes one of Keystone's answer only.
    made = Token.__new__(Token)
    later = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=ends_in_s)
    made.__dict__.update(
        user={"id": "u1", "name": "kim", "password_expires_at": None},
        user_domain_id="d1",
        user_domain_name="Acme",
        id=f"token-{project_id}",
        unscoped_token="unscoped",
        expires=later,
        project={"id": project_id, "name": "web", "domain_id": "d1", "domain_name": "Acme"},
        domain={"id": None, "name": None},
        roles=[{"name": "member"}],
        serviceCatalog=factories.catalog(),
        system_scoped=False,
    )
    return made


@pytest.fixture(autouse=True)
def _empty():
    TOKENS.clear()
    yield
    TOKENS.clear()


def test_a_token_comes_back_whole():
    cache = TokenCache()
    cache.put("unscoped", "p1", token("p1"))
    found = cache.get("unscoped", "p1")
    assert (found.id, found.roles, found.project["id"]) == ("token-p1", [{"name": "member"}], "p1")
    assert found.serviceCatalog == factories.catalog()


def test_another_session_does_not_find_it():
    cache = TokenCache()
    cache.put("unscoped", "p1", token("p1"))
    assert cache.get("another", "p1") is None
    assert cache.get("unscoped", "p2") is None


def test_a_token_that_ends_is_dropped():
    cache = TokenCache()
    cache.put("unscoped", "p1", token("p1", ends_in_s=30))
    assert cache.get("unscoped", "p1") is None
    assert len(cache) == 0


def test_the_least_recently_used_one_goes_first():
    cache = TokenCache(max_tokens=2)
    cache.put("unscoped", "p1", token("p1"))
    cache.put("unscoped", "p2", token("p2"))
    assert cache.get("unscoped", "p1")
    cache.put("unscoped", "p3", token("p3"))
    assert len(cache) == 2
    assert cache.get("unscoped", "p2") is None
    assert cache.get("unscoped", "p1")


def test_the_session_does_not_grow_with_the_projects(monkeypatch):
    asked = []

    def new_token(_request, project_id):
        asked.append(project_id)
        return token(project_id)

    monkeypatch.setattr(rescope, "_new_token", new_token)
    monkeypatch.setattr(
        rescope, "_request_with_token", lambda _request, found: SimpleNamespace(token=found)
    )
    projects = [f"p{number}" for number in range(80)]
    # What an earlier version has left there goes.
    old = {rescope.OLD_SESSION_KEY: {"p1": "a whole token"}}
    request = factories.request(unscoped_token="unscoped", **old)
    before = {"unscoped_token": "unscoped"}
    assert list(rescope.in_projects(request, projects)) == projects
    assert request.session == before
    again = factories.request(unscoped_token="unscoped")
    assert rescope.in_projects(again, projects)["p79"].token.id == "token-p79"
    assert sorted(asked) == sorted(projects), "each was requested once"
    assert again.session == before


def test_a_session_without_an_unscoped_token_requests_each_anew(monkeypatch):
    asked = []

    def new_token(_request, project_id):
        asked.append(project_id)

    monkeypatch.setattr(rescope, "_new_token", new_token)
    for _number in range(2):
        assert rescope.in_projects(factories.request(), ["p1"]) == {}
    assert asked == ["p1", "p1"]
    assert len(TOKENS) == 0
