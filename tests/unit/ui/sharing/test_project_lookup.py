# SPDX-License-Identifier: Apache-2.0
import pytest

from helion_images_panel import exceptions
from helion_images_panel.api import projects
from helion_images_panel.api.projects import Project
from helion_images_panel.ui.scopes import domain_scope
from helion_images_panel.ui.scopes.admin_scope import ADMIN
from helion_images_panel.ui.scopes.scope import PROJECT
from helion_images_panel.ui.sharing import project_lookup
from helion_images_panel.ui.sharing.project_lookup import ProjectChoice
from tests import factories


def test_a_cloud_admin_costs_two_calls_however_many_domains_there_are(keystone):
    keystone.domains |= {f"d{n}": f"Domain {n}" for n in range(20)}
    keystone.disabled = {factories.SIBLING}
    request = factories.request(factories.cloud_admin())
    assert project_lookup.listable_projects(request, ADMIN, factories.FOREIGN) == [
        ProjectChoice(factories.FOREIGN, "lab", "Globex"),
        ProjectChoice(factories.PROJECT, "web", "Acme"),
        ProjectChoice(factories.CLOUD_PROJECT, "operations", "Default"),
    ]
    assert sorted(keystone.calls) == [("domains", None), ("projects", None)]


@pytest.fixture
def manager(monkeypatch):
    """Manages the domain, and has a role in one of its projects."""
    own = Project(factories.PROJECT, "web", factories.DOMAIN)
    managed = [
        own,
        Project(factories.SIBLING, "shop", factories.DOMAIN),
        Project("closed", "closed", factories.DOMAIN, enabled=False),
    ]
    monkeypatch.setattr(projects, "own_projects", lambda _request: [own])
    monkeypatch.setattr(projects, "managed_project_list", lambda _request: managed)
    monkeypatch.setattr(project_lookup, "manages_domain", lambda _request: True)
    return factories.request()


def test_a_manager_finds_the_domains_projects(manager):
    for scope in (PROJECT, domain_scope.DOMAIN):
        found = project_lookup.listable_projects(manager, scope)
        assert [choice.name for choice in found] == ["shop", "web"]


def test_a_manager_finds_their_own_where_the_domains_token_has_ended(manager, monkeypatch):
    def ended(_request):
        raise exceptions.SessionEnded()

    monkeypatch.setattr(projects, "managed_project_list", ended)
    assert [choice.name for choice in project_lookup.listable_projects(manager, PROJECT)] == ["web"]


@pytest.mark.parametrize(
    ("scope", "written", "words"),
    [
        (ADMIN, "shop", "could not be looked up"),
        (ADMIN, factories.FOREIGN, "could not be looked up"),
        (PROJECT, "shop", "could not be looked up"),
        (PROJECT, factories.FOREIGN, ""),
    ],
)
def test_nothing_is_said_of_a_project_that_keystone_did_not_return(
    keystone, caplog, scope, written, words
):
    """The domain may have it; an ID is taken as that of a member would be."""
    request = factories.request(factories.domain_admin())
    keystone.failing = exceptions.identity_does_not_answer()
    found = [project_lookup.look_up_project(request, scope, (), written) for _ in range(2)]
    assert all(words in each.refusal for each in found)
    assert [bool(each.project_id) for each in found] == [not words] * 2
    assert len([text for text in caplog.messages if "that are disabled" in text]) == 1


def test_a_project_that_is_not_in_the_domain_is_not_found(keystone):
    request = factories.request(factories.domain_admin())
    found = project_lookup.look_up_project(request, ADMIN, (), factories.FOREIGN)
    assert "Not found in your domain" in found.refusal
