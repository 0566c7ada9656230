# SPDX-License-Identifier: Apache-2.0
"""The stable address of the latest version."""

import pytest

from helion_images_panel.core.family import FORMER, LATEST, NEW
from tests import factories
from tests.unit.ui.versions.test_views import add


def url(panel="project", name="ubuntu"):
    return f"/{panel}/images/family/{name}/latest"


@pytest.fixture
def ask(browser):
    def get(person="member", panel="project", name="ubuntu", **query):
        browser.login_as(factories.PEOPLE[person]())
        return browser.get(url(panel, name), query)

    return get


def test_what_a_script_gets(ask, glance):
    image = add(glance, LATEST, name="Ubuntu", version="24.04.1")
    response = ask()
    assert response.status_code == 200
    assert response.json() == {
        "id": image["id"],
        "name": "Ubuntu",
        "family": "ubuntu",
        "version": "24.04.1",
        "project": factories.PROJECT,
        "checksum": {"algorithm": "sha512", "value": "a" * 128},
        "size": 21430272,
        "created_at": "2026-11-01T08:00:00Z",
    }
    assert len(glance.listed()) == len(glance.calls) == 1


def test_the_best_version_is_chosen(ask, glance):
    """A newer one that is not the latest yet, or was rolled back, does not count."""
    latest = add(glance, LATEST, created_at="2026-10-03T08:00:00Z")
    earlier = add(glance, FORMER, created_at="2026-10-02T08:00:00Z")
    add(glance, FORMER, created_at="2026-10-04T08:00:00Z")
    add(glance, NEW, created_at="2026-10-05T08:00:00Z")
    assert ask().json()["id"] == latest["id"]
    for change in ({"status": "deactivated"}, {"os_hidden": True}, {"os_hash_value": "b" * 128}):
        before = dict(glance.images[latest["id"]])
        glance.images[latest["id"]].update(change)
        found = ask().json()["id"]
        glance.images[latest["id"]] = before
        # A hidden one is not in the list, and the newest of the others counts then.
        assert found == earlier["id"] or "os_hidden" in change
    assert ask(name="debian").status_code == 404


def test_what_there_is_not(ask, glance):
    add(glance, LATEST, verified=False)
    add(glance, LATEST, owner=factories.FOREIGN)
    add(glance, NEW)
    for query in ({}, {"name": "debian"}, {"project": "no/project"}, {"name": "%0A"}):
        response = ask(**query)
        assert response.status_code == 404
        assert set(response.json()) == {"reason", "kind"}


@pytest.mark.parametrize(
    ("person", "panel", "status"),
    [
        ("anonymous", "project", 401),
        ("anonymous", "admin", 401),
        ("reader", "project", 200),
        ("member_elsewhere", "project", 404),
        ("domain_admin", "project", 404),
        ("reader", "admin", 403),
        ("member", "admin", 403),
        ("domain_admin", "admin", 200),
        ("other_domain_admin", "admin", 404),
        ("cloud_admin", "admin", 200),
    ],
)
def test_who_gets_the_version_of_a_project(ask, glance, person, panel, status):
    add(glance, LATEST)
    response = ask(person, panel, project=factories.PROJECT)
    assert response.status_code == status
    assert response["Content-Type"] == "application/json"


def test_a_project_that_has_the_image_gets_it(ask, glance):
    image = add(glance, LATEST, visibility="shared")
    glance.members[image["id"]] = {factories.SIBLING: "accepted"}
    assert ask("member_elsewhere", project=factories.PROJECT).json()["id"] == image["id"]
