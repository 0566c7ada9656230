# SPDX-License-Identifier: Apache-2.0
"""Change Owner: for admins, inside what they manage, and confirmed."""

import pytest

from helion_images_panel.api.lock import Lock
from helion_images_panel.core.publication import CLOUD, DOMAIN, Publication, publication_property
from helion_images_panel.ui.owner import views
from tests import factories
from tests.unit import fakes
from tests.unit.permissions import CHANGING, MISSING, PermissionMatrix, path

#: The Project panel has no such pages, for anybody.
ADMINS = {"project": dict.fromkeys(factories.PEOPLE, MISSING), "admin": CHANGING["admin"]}


class TestWhoMayOpenTheDialog(PermissionMatrix):
    page = "change_owner"
    expected = ADMINS


class TestWhoMaySearch(PermissionMatrix):
    page = "change_owner/search"
    expected = ADMINS


class TestWhoMayChange(PermissionMatrix):
    page = "change_owner"
    expected = {
        **ADMINS,
        "admin": {
            person: 302 if answer == 200 else answer for person, answer in CHANGING["admin"].items()
        },
    }

    def ask(self, browser, url):
        change = f"{factories.PROJECT}:{factories.SIBLING}"
        return browser.post(url, {"project": factories.SIBLING, "confirmed": change})


@pytest.fixture
def owner(browser, glance, keystone):
    class Owner:
        def open(self, person=None, **attributes):
            self.image = glance.add(**attributes)
            self.url = path("admin", "change_owner", self.image["id"])
            browser.login_as(person or factories.domain_admin())
            return self

        def ask(self, project, **fields):
            return browser.post(self.url, {"project": project, **fields}).content.decode()

        def change(self, project):
            confirmed = f"{self.image['owner']}:{project}"
            return browser.post(self.url, {"project": project, "confirmed": confirmed})

    return Owner()


def test_nothing_but_the_owner_is_sent(owner, glance):
    assert owner.open().change(factories.SIBLING).status_code == 302
    patch = [{"op": "replace", "path": "/owner", "value": factories.SIBLING}]
    assert [call.body for call in glance.writes] == [patch]


@pytest.mark.parametrize("project", [factories.SIBLING, "shop", " shop "])
def test_it_is_asked_first(owner, glance, project):
    html = owner.open().ask(project)
    assert "loses access to the image" in html
    assert f'name="confirmed" value="{factories.PROJECT}:{factories.SIBLING}"' in html
    assert glance.writes == []


@pytest.mark.parametrize(
    ("attributes", "words"),
    [
        ({"visibility": "public"}, "can still use the image, but no longer change it"),
        ({"visibility": "community"}, "can still use the image, but no longer change it"),
        ({"visibility": "shared"}, "Projects that the image is shared with keep access."),
        ({"owner": None}, "Members of shop (Acme) can change and delete the image."),
    ],
)
def test_what_it_means(owner, attributes, words):
    person = factories.cloud_admin() if "owner" in attributes else None
    assert words in owner.open(person, **attributes).ask(factories.SIBLING)


def test_memberships_are_spoken_of(owner, glance):
    owner.open(visibility="shared")
    glance.members[owner.image["id"]] = dict.fromkeys(
        (factories.PROJECT, factories.SIBLING), "accepted"
    )
    html = owner.ask(factories.SIBLING)
    assert "shop is already a member" in html
    assert "web is a member of the image and can still use it." in html


@pytest.mark.parametrize("project", [factories.FOREIGN, "lab", "nothing", "../projects", "a b"])
def test_what_is_not_in_the_domain_does_not_exist(owner, glance, project):
    html = owner.open().ask(project, confirmed=f"{factories.PROJECT}:{project}")
    assert "Project not found." in html
    assert "Globex" not in html
    assert glance.writes == []


def test_a_project_of_another_domain_with_the_name_of_an_own_one(owner, keystone, glance):
    keystone.projects["7" * 32] = ("shop", factories.OTHER_DOMAIN)
    assert "Several projects" not in owner.open().ask("shop")
    html = owner.open(factories.cloud_admin()).ask("shop")
    assert "Several projects have this name." in html
    assert glance.writes == []


def test_disabled(owner, keystone, glance):
    keystone.disabled.add(factories.SIBLING)
    assert "The project is disabled" in owner.open().ask(factories.SIBLING)
    assert owner.change(factories.SIBLING).status_code == 200
    assert glance.writes == []


def test_what_is_cached_of_projects_decides_nothing(owner, browser, keystone, glance):
    """A project that was disabled a moment ago is still known as it was."""
    owner.open()
    browser.get(owner.url + "search/")
    keystone.disabled.add(factories.SIBLING)
    assert owner.change(factories.SIBLING).status_code == 200
    assert glance.writes == []


def test_data_on_its_way_is_waited_for(owner, glance):
    html = owner.open(status="saving").ask(factories.SIBLING)
    assert "Data is being transferred into this image" in html
    assert owner.change(factories.SIBLING).status_code == 200
    assert glance.writes == []


@pytest.mark.parametrize(
    ("audience", "project", "refused"),
    [
        (DOMAIN, factories.FOREIGN, True),
        (DOMAIN, factories.SIBLING, False),
        (CLOUD, factories.FOREIGN, False),
    ],
)
def test_what_is_published_to_a_domain_stays_there(owner, glance, audience, project, refused):
    image_id = factories.image_id()
    noted = Publication(audience, "private", factories.DOMAIN if audience == DOMAIN else "")
    owner.open(factories.cloud_admin(), id=image_id, **publication_property(image_id, noted))
    response = owner.change(project)
    assert (response.status_code == 200) is refused
    assert bool(glance.writes) is not refused
    if refused:
        assert "Unpublish the image first." in response.content.decode()


def test_what_is_published_while_it_waits_keeps_its_owner(owner, glance, monkeypatch):
    """The step of publishing that holds the lock gives the image to the owner's domain."""
    hold = views.hold

    def hold_after_publishing(request, image):
        record = Publication(DOMAIN, "private", factories.DOMAIN)
        owner.image.update(publication_property(image.id, record))
        return hold(request, image)

    monkeypatch.setattr(views, "hold", hold_after_publishing)
    owner.open(factories.cloud_admin())
    html = owner.change(factories.FOREIGN).content.decode()
    assert "Unpublish the image first." in html
    assert owner.image["owner"] == factories.PROJECT


def test_without_its_lock_the_owner_stays(owner, glance, monkeypatch):
    """Another process has it now, and publishes the image to the domain of its owner."""
    owner.open()
    monkeypatch.setattr(Lock, "renew", lambda _lock: False)
    owner.change(factories.SIBLING)
    assert glance.writes == []


def test_a_refusal_of_glance_is_told(owner, glance):
    owner.open()
    key = f"PATCH /v2/images/{owner.image['id']}"
    glance.failing[key] = fakes.refusal(403, "Owner can't be updated by non admin.")
    html = owner.change(factories.SIBLING).content.decode()
    assert "The owner was not changed. Owner can&#x27;t be updated by non admin." in html


@pytest.mark.parametrize(
    ("person", "asked", "found"),
    [
        ("domain_admin", "", {"shop"}),
        ("domain_admin", "lab", set()),
        ("domain_admin", factories.SIBLING, {"shop"}),
        ("cloud_admin", "", {"shop (Acme)", "lab (Globex)", "operations (Default)"}),
        ("cloud_admin", "LA", {"lab (Globex)"}),
    ],
)
def test_search(owner, browser, person, asked, found):
    owner.open(factories.PEOPLE[person]())
    answer = browser.get(owner.url + "search/", {"q": asked}).json()["found"]
    assert {each["title"] for each in answer} == found


def test_names_are_text(owner, keystone):
    keystone.projects[factories.SIBLING] = (factories.HOSTILE_NAMES[0], factories.DOMAIN)
    html = owner.open().ask(factories.SIBLING)
    assert factories.HOSTILE_NAMES[0] not in html
    assert "Members of &lt;script&gt;alert(1)&lt;/script&gt; can change" in html
