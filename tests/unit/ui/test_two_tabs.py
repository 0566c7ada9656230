# SPDX-License-Identifier: Apache-2.0
"""Requests of pages that another tab has outdated: another project, another user, another login."""

from dataclasses import replace

import pytest
from django.test import Client

from helion_images_panel.ui.base import page_session, reports
from helion_images_panel.ui.base.panel_view import PanelView
from tests import factories
from tests.unit.addresses import PACKAGE, filled, patterns, routes
from tests.unit.permissions import path

ADDRESSES = [filled(route, factories.image_id(1)) for route in routes()]


def page_of(person, **changes):
    user = person()
    opened = page_session.PageSession(
        user.id, user.username, user.project_id, user.project_name, user.services_region
    )
    return replace(opened, **changes).encoded


@pytest.mark.parametrize("dashboard", ["project", "admin"])
def test_every_view_is_one_that_checks_its_page(dashboard):
    found = patterns(dashboard)
    assert len(found) > 15
    for route, view in found:
        assert issubclass(view.view_class, PanelView), route
        # Else Django's own check comes first, and loses what was typed.
        assert view.csrf_exempt, route
        mro = view.view_class.__mro__
        first = next(each for each in mro if "dispatch" in vars(each))
        assert first.__module__.startswith(PACKAGE), f"{route}: {first} takes the request first"


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize(
    "changes",
    [
        {"project_id": "f" * 32, "project_name": "another"},
        {"user_id": "f" * 32, "user_name": "another"},
        {"region": "another"},
    ],
    ids=["project", "user", "region"],
)
def test_another_session_is_refused_before_anything_is_asked(browser, address, changes):
    """No address asks Glance or Keystone for it: neither is there for this test."""
    browser.login_as(factories.cloud_admin())
    outdated = page_of(factories.cloud_admin, **changes)
    script = {"x-requested-with": "XMLHttpRequest", page_session.HEADER: outdated}
    for method in ("post", "put", "patch", "delete"):
        response = getattr(browser, method)(address, headers=script)
        assert response.status_code == 409, f"{method} {address}"
        assert response.json()["kind"] == "elsewhere"
    if "project_id" not in changes:
        return  # The page of one kind is that of all.
    response = browser.post(address, {page_session.FIELD: outdated, "name": "typed <b>"})
    assert response.status_code == 409
    assert "another" in response.content.decode()


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_request_without_a_token_is_refused(browser, monkeypatch, address):
    browser.login_as(factories.cloud_admin())
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = browser.cookies
    for method in ("post", "put", "patch", "delete"):
        response = getattr(strict, method)(address, headers={"x-requested-with": "XMLHttpRequest"})
        assert response.status_code == 403, f"{method} {address}"


def test_the_page_of_now_is_no_hindrance(browser, glance):
    image = glance.add()
    browser.login_as(factories.member())
    own = page_of(factories.member)
    url = path("project", "index")
    fields = {"action": f"images__protect__{image['id']}", page_session.FIELD: own}
    assert browser.post(url, fields).status_code == 302
    assert browser.post(url, {**fields, page_session.FIELD: ""}).status_code == 302


def test_what_was_typed_is_in_the_page_and_text(browser):
    browser.login_as(factories.member())
    other = page_of(factories.member, project_id="f" * 32, project_name="<b>another</b>")
    for name in factories.HOSTILE_NAMES:
        response = browser.post(
            path("project", "create"), {page_session.FIELD: other, "name": name, "tags": ["a", "b"]}
        )
        html = response.content.decode()
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert "<b>another" not in html
        assert html.count('name="tags"') == 2


@pytest.mark.parametrize(
    ("origin", "offered"),
    [("http://testserver", True), ("https://evil.example", False), ("null", False), ("", False)],
)
def test_what_is_offered_again_is_only_what_came_from_here(browser, origin, offered):
    browser.login_as(factories.member())
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = browser.cookies
    headers = {"origin": origin} if origin else {}
    response = strict.post(path("project", "create"), {"name": "typed"}, headers=headers)
    assert response.status_code == 403
    assert ('value="typed"' in response.content.decode()) == offered


def test_horizons_dialog_stays_with_its_input_and_its_page(browser):
    """Horizon's own script, on the Instances page, closes a dialog on any error."""
    browser.login_as(factories.member())
    other = page_of(factories.member, project_id="f" * 32, project_name="another")
    response = browser.post(
        "/project/images/instance-1/create/",
        {page_session.FIELD: other, "name": "typed"},
        headers={"x-requested-with": "XMLHttpRequest"},
    )
    html = response.content.decode()
    assert response.status_code == 200
    assert 'value="typed"' in html
    assert "opened in project another" in html
    assert other.replace("&", "&amp;") in html


def test_a_page_without_messages_takes_none_away(browser, glance, settings):
    """Another tab's request may have received one in the meantime."""
    settings.MESSAGE_STORAGE = "django.contrib.messages.storage.fallback.FallbackStorage"
    browser.login_as(factories.member())
    assert "messages" not in browser.get(path("project", "index")).cookies


def test_what_became_of_an_action_is_told_once(browser, glance):
    browser.login_as(factories.member())
    image = glance.add(protected=True)
    index = path("project", "index")
    browser.post(index, {"action": f"images__delete__{image['id']}"})
    assert "The image is protected." in browser.get(index).content.decode()
    assert browser.get(index).content.decode().count("hip-outcome") == 0
    assert reports.SESSION_KEY not in browser.session
