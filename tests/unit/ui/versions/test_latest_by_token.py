# SPDX-License-Identifier: Apache-2.0
"""The latest version for a script that sends a token, beside a session of another user or none."""

from types import SimpleNamespace

import pytest
from django.conf import settings
from keystoneauth1 import exceptions as keystone_exc

from helion_images_panel.api import token_user
from helion_images_panel.core.family import LATEST
from tests import factories
from tests.unit import fakes
from tests.unit.ui.versions.test_latest import url
from tests.unit.ui.versions.test_views import add

TOKEN = "gAAAAAB-of-a-script"


def issued(
    project=factories.PROJECT,
    roles=factories.MEMBER,
    regions=("RegionOne",),
    expires="2999-01-01T00:00:00Z",
):
    """The response of Keystone to whose token it is."""
    domain = {"id": factories.PROJECTS[project or factories.PROJECT][1], "name": "Domain"}
    token = {
        "user": {"id": "robot", "name": "robot", "domain": domain},
        "methods": ["password"],
        "issued_at": "2026-01-01T00:00:00Z",
        "expires_at": expires,
        "audit_ids": ["a"],
    }
    if project:
        token |= {
            "project": {"id": project, "name": "Project", "domain": domain},
            "roles": [{"id": role, "name": role} for role in roles],
            "catalog": [
                service("image", regions),
                service("identity", ("RegionOne",)),
            ],
        }
    return {"token": token}


def service(kind, regions):
    endpoints = [
        {
            "id": f"{kind}-{region}",
            "interface": "public",
            "region": region,
            "region_id": region,
            "url": f"http://{kind}.{region}.example",
        }
        for region in regions
    ]
    return {"type": kind, "name": kind, "id": kind, "endpoints": endpoints}


class Keystone:
    """Answers whose token it is, and counts."""

    def __init__(self):
        self.answer = issued()
        self.asked = []

    def client(self, session):
        def get_token_data(token):
            self.asked.append((session.auth.endpoint, token))
            if isinstance(self.answer, Exception):
                raise self.answer
            return self.answer

        return SimpleNamespace(tokens=SimpleNamespace(get_token_data=get_token_data))


@pytest.fixture
def identity(monkeypatch):
    fake = Keystone()
    monkeypatch.setattr(token_user.keystone, "Client", fake.client)
    return fake


@pytest.fixture
def ask(browser, identity, monkeypatch):
    """:param person: has logged in with the browser's cookie"""

    def get(token=TOKEN, panel="project", person="anonymous", method="get", **query):
        browser.login_as(factories.PEOPLE[person](), mark="of the session")
        monkeypatch.setattr(
            "openstack_auth.utils.get_user",
            lambda request: getattr(request, "_cached_user", None) or factories.PEOPLE[person](),
        )
        headers = {} if token is None else {"x-auth-token": token}
        return getattr(browser, method)(url(panel), query, headers=headers)

    return get


def test_the_user_of_the_token_gets_it(ask, glance, identity):
    image = add(glance, LATEST)
    response = ask()
    assert response.status_code == 200, response.content
    assert response.json()["id"] == image["id"]
    assert response["Cache-Control"] == "no-store"
    keystone_url = settings.OPENSTACK_KEYSTONE_URL
    assert identity.asked == [(keystone_url, TOKEN)]
    assert len(glance.calls) == 1


def test_the_token_wins_over_a_session(ask, glance, identity, browser):
    add(glance, LATEST)
    identity.answer = issued(factories.SIBLING)
    before = dict(browser.session)
    response = ask(person="member")
    assert response.status_code == 404
    assert not response.cookies
    assert dict(browser.session) == {**before, "mark": "of the session"}
    assert ask(None, person="member").status_code == 200


@pytest.mark.parametrize(
    "refusal", [keystone_exc.Unauthorized(), keystone_exc.NotFound(), keystone_exc.Forbidden()]
)
@pytest.mark.parametrize("person", ["anonymous", "member"])
def test_a_token_that_keystone_refuses(ask, glance, identity, refusal, person):
    identity.answer = refusal
    response = ask(person=person)
    assert response.status_code == 401
    assert "does not accept the token" in response.json()["reason"]
    assert not response.cookies
    assert glance.calls == []


@pytest.mark.parametrize("token", ["", "a b", "x" * 5000, "\xe9"])
def test_what_can_be_no_token_is_not_sent_to_keystone(ask, identity, token):
    assert ask(token, person="member").status_code == 401
    assert identity.asked == []


def test_an_expired_token(ask, identity):
    identity.answer = issued(expires="2026-01-01T00:00:00Z")
    assert ask().status_code == 401


def test_without_a_token_or_a_session(ask, identity):
    response = ask(None)
    assert response.status_code == 401
    assert "X-Auth-Token" in response.json()["reason"]
    assert response["WWW-Authenticate"] == "Keystone"
    assert identity.asked == []


def test_a_token_for_no_project(ask, identity):
    identity.answer = issued(project=None)
    response = ask()
    assert (response.status_code, "no project" in response.json()["reason"]) == (403, True)


@pytest.mark.parametrize("scope", [{"domain": {"id": "d", "name": "D"}}, {"system": {"all": True}}])
def test_a_token_for_a_domain_or_the_system_is_for_no_project(ask, glance, identity, scope):
    """Keystone gives it the catalog of a project."""
    answer = issued()
    del answer["token"]["project"]
    answer["token"] |= scope
    identity.answer = answer
    response = ask()
    assert (response.status_code, "no project" in response.json()["reason"]) == (403, True)
    assert glance.calls == []


@pytest.mark.parametrize(
    ("token", "reason"), [(TOKEN, "does not accept the token"), (None, "Log in to the dashboard")]
)
def test_a_token_that_glance_rejects(ask, glance, token, reason):
    """It may be revoked between the two requests."""
    glance.failing["GET /v2/images"] = fakes.refusal(401, "no")
    response = ask(token, person="member")
    assert response.status_code == 401, response.content
    assert reason in response.json()["reason"]
    assert response["WWW-Authenticate"] == "Keystone"


def without(name, **changed):
    """A token that lacks a part, or has it in another shape."""
    token = {**issued()["token"], **changed}
    token.pop(name, None)
    return {"token": token}


@pytest.mark.parametrize(
    "body",
    [
        {"token": {}},
        {"token": []},
        {},
        [],
        without("expires_at"),
        without("user"),
        without("", user={"id": "robot", "domain": {"id": "d"}}),
        without("", user={"id": None, "name": "robot", "domain": {"id": "d"}}),
        without("", roles=[{}]),
        without("", roles=[{"id": "r", "name": None}]),
        without("", roles="member"),
        without("", expires_at="tomorrow"),
        without("", catalog=["image"]),
        without("", catalog=[service("image", [7])]),
        without("", project="shop"),
    ],
    ids=str,
)
def test_what_is_no_response_of_keystone(ask, glance, identity, body):
    identity.answer = body
    response = ask()
    assert response.status_code in (502, 503), response.content
    assert response.json()["reason"]
    assert glance.calls == []


def test_only_get(ask, glance, identity):
    add(glance, LATEST)
    for method in ("post", "put", "delete", "head"):
        assert ask(method=method).status_code == 405
    assert identity.asked == []


def test_the_region_is_chosen(ask, glance, identity):
    add(glance, LATEST)
    identity.answer = issued(regions=("RegionOne", "RegionTwo"))
    assert ask(region="RegionTwo").status_code == 200
    response = ask(region="Nowhere")
    assert response.status_code == 404
    assert "RegionOne, RegionTwo" in response.json()["reason"]


def test_each_keystone_of_a_dashboard_of_several(ask, identity, settings):
    settings.AVAILABLE_REGIONS = [("http://one/v3", "One"), ("http://two/v3", "Two")]
    ask()
    ask(region="Two")
    assert [endpoint for endpoint, _token in identity.asked] == ["http://one/v3", "http://two/v3"]


@pytest.mark.parametrize(
    ("project", "roles", "status"),
    [
        (factories.PROJECT, factories.MEMBER, 403),
        (factories.SIBLING, factories.ADMIN, 200),
        (factories.FOREIGN, factories.ADMIN, 404),
    ],
)
def test_the_admin_panel_is_that_of_the_token(ask, glance, identity, project, roles, status):
    """Whoever has the session: the roles and the domain are those of the token."""
    add(glance, LATEST)
    identity.answer = issued(project, roles)
    response = ask(panel="admin", person="cloud_admin", project=factories.PROJECT)
    assert response.status_code == status


def test_a_failing_keystone(ask, identity):
    identity.answer = keystone_exc.ConnectFailure("secret detail")
    response = ask()
    assert response.status_code in (502, 503)
    assert "secret detail" not in response.json()["reason"]
