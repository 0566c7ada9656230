# SPDX-License-Identifier: Apache-2.0
"""Deleted images: what is said of them, what is refused, and who restores which."""

import re

import pytest

from helion_images_panel import conf, policy
from helion_images_panel.core.deletion import PROPERTY
from tests import factories
from tests.unit.permissions import path

OF_INSTANCES = (
    "Instances launched from it keep running, but cannot be rebuilt from it, and some clouds "
    "cannot resize or move them."
)


def post(browser, panel, action, *ids):
    data = {"action": f"images__{action}", "object_ids": list(ids)}
    html = browser.post(path(panel, "index"), data, follow=True).content.decode()
    return " ".join(html.split())


@pytest.mark.parametrize(
    "page",
    ["update", "metadata", "share", "upload_data", "change_owner", "upload", "verify", "end_dates"],
)
def test_no_page_changes_a_deleted_image(browser, glance, keystone, page):
    image = dict(glance.add(**factories.deleted()))
    browser.login_as(factories.domain_admin())
    url = path("admin", page, image["id"])
    for response in (browser.get(url), browser.post(url, {}), browser.put(url, b"x")):
        assert response.status_code in (302, 403, 405), page
    assert glance.images[image["id"]] == image
    assert glance.writes == []


def test_deleted_images_are_in_their_view_alone(browser, glance):
    image = glance.add(**factories.deleted(name="gone"))
    browser.login_as(factories.member())
    for query, is_there in (("", False), ("?hidden=true", False), ("?view=deleted", True)):
        html = browser.get(path("project", "index") + query).content.decode()
        assert (image["id"] in html) is is_there
    assert "Can be restored until" in html
    assert "1 deleted image has 20.4 MiB of data" in html


def test_the_list_leads_to_what_can_be_restored(browser, glance):
    image = glance.add(name="by mistake")
    browser.login_as(factories.member())
    html = post(browser, "project", "delete", image["id"])
    assert "Deleted Image: by mistake" in html
    assert re.search(r'<a class="alert-link" href="[^"]*\?view=deleted">Show deleted images', html)


def test_with_no_days_an_image_is_deleted_at_once(browser, glance, settings):
    setattr(settings, conf.RESTORE_DAYS.name, 0)
    image, deleted = glance.add(), glance.add(**factories.deleted())
    browser.login_as(factories.member())
    html = browser.get(path("project", "index")).content.decode()
    assert "cannot be recovered" in html
    assert "can be restored for" not in html
    assert "delete_permanently" not in html
    html = post(browser, "project", "delete", image["id"])
    assert "Show deleted images" not in html
    assert image["id"] not in glance.images
    # What was deleted before is restored.
    post(browser, "project", "restore", deleted["id"])
    assert PROPERTY not in glance.images[deleted["id"]]


@pytest.mark.parametrize("days", [1, 30])
def test_the_question_says_what_becomes_of_instances(browser, glance, settings, days):
    """Nova reads the image for more than a launch: by its driver, to resize and move, too."""
    setattr(settings, conf.RESTORE_DAYS.name, days)
    image = glance.add()
    browser.login_as(factories.member())
    for url in (path("project", "index"), path("project", "detail", image["id"])):
        assert OF_INSTANCES in browser.get(url).content.decode()


@pytest.mark.parametrize("rule", ["deactivate", "reactivate", "modify_image"])
def test_who_may_not_deactivate_deletes_at_once(browser, glance, monkeypatch, rule):
    image, allows = glance.add(), policy.allows
    monkeypatch.setattr(
        policy,
        "allows",
        lambda request, asked, *args: asked != rule and allows(request, asked, *args),
    )
    browser.login_as(factories.member())
    html = browser.get(path("project", "index")).content.decode()
    assert 'data-hip-restorable="false"' in html
    post(browser, "project", "delete", image["id"])
    assert image["id"] not in glance.images


@pytest.mark.parametrize(
    ("person", "visibility", "restorable"),
    [
        ("member", "private", "true"),
        ("member", "public", "admin"),
        ("member", "community", "true"),
        ("domain_admin", "public", "true"),
    ],
)
def test_the_question_knows_what_only_an_admin_restores(
    browser, glance, person, visibility, restorable
):
    image = glance.add(visibility=visibility)
    browser.login_as(getattr(factories, person)())
    for url in (path("project", "index"), path("project", "detail", image["id"])):
        html = browser.get(url).content.decode()
        assert f'data-hip-restorable="{restorable}"' in html


@pytest.mark.parametrize(
    ("person", "panel", "visibility", "reason"),
    [
        ("member", "project", "public", "you are not allowed to make images public"),
        ("domain_admin", "admin", "public", ""),
        ("member", "project", "community", ""),
        ("member", "project", "shared", ""),
        ("reader", "project", "private", "You are not allowed to change this image."),
    ],
)
def test_who_restores_which(browser, glance, person, panel, visibility, reason):
    image = glance.add(**factories.deleted(visibility))
    browser.login_as(factories.PEOPLE[person]())
    html = post(browser, panel, "restore", image["id"])
    if reason:
        assert reason in html
        assert glance.writes == []
    else:
        assert glance.images[image["id"]]["visibility"] == visibility
        assert glance.images[image["id"]]["status"] == "active"


def test_an_interrupted_deletion_is_said_and_finished(browser, glance):
    image = glance.add(**{**factories.deleted(name="half"), "status": "active"})
    browser.login_as(factories.member())
    html = browser.get(path("project", "detail", image["id"])).content.decode()
    assert "The deletion was interrupted" in html
    assert "Launch" not in re.findall(r">\s*(Launch)\s*<", html)
    post(browser, "project", "delete", image["id"])
    assert glance.images[image["id"]]["status"] == "deactivated"


@pytest.mark.parametrize("by", ["", "<script>alert(1)</script>", "{$ constructor $}"])
def test_the_details_say_who_has_deleted_it(browser, glance, by):
    image = glance.add()
    person = factories.member()
    person.username = by
    browser.login_as(person)
    post(browser, "project", "delete", image["id"])
    html = browser.get(path("project", "detail", image["id"])).content.decode()
    assert "It can be restored until" in html
    assert OF_INSTANCES in html
    assert "<script>alert" not in html
    assert ("This image was deleted on" in html) is not by


@pytest.mark.parametrize(
    ("person", "panel", "name", "others"),
    [
        ("member", "project", "web", ["", "shop", "WEB", "Acme"]),
        ("domain_admin", "admin", "Acme", ["", "web", "acme"]),
        # In several domains it is the user's own.
        ("cloud_admin", "admin?domain=all", None, ["", "Acme"]),
    ],
)
def test_several_are_deleted_permanently_only_with_the_name(
    browser, glance, keystone, person, panel, name, others
):
    """The server compares it, too: what the page asks for, anybody can leave out."""
    user = factories.PEOPLE[person]()
    panel, _question, query = panel.partition("?")
    url = f"{path(panel, 'index')}?{query}"
    ids = [glance.add(name="one")["id"], glance.add(**factories.deleted(name="two"))["id"]]
    browser.login_as(user)
    data = {"action": "images__delete_permanently", "object_ids": ids}
    for entered in (None, *others):
        sent = data if entered is None else {**data, "confirmed_name": entered}
        html = browser.post(url, sent, follow=True).content.decode()
        assert "Nothing was deleted: several images are deleted permanently only after" in html
        assert glance.writes == []
    # The page shows it with marks that nobody types.
    marked = f"\u2068 {name or user.username}\u2060\u2069 "
    browser.post(url, {**data, "confirmed_name": marked}, follow=True)
    assert glance.images == {}


@pytest.mark.parametrize("action", ["table", "selection"])
@pytest.mark.parametrize("reason", ["days", "status", "rules"])
def test_several_that_nobody_can_restore_take_the_name_in_any_deletion(
    browser, glance, settings, monkeypatch, action, reason
):
    status = "queued" if reason == "status" else "active"
    ids = [glance.add(status=status)["id"] for _ in range(2)]
    if reason == "days":
        settings.HELION_IMAGES_RESTORE_DAYS = 0
    if reason == "rules":
        monkeypatch.setattr("helion_images_panel.ui.actions.delete._may_restore", lambda *_: False)
    browser.login_as(factories.member())

    def delete(found, **fields):
        if action == "table":
            data = {"action": "images__delete", "object_ids": found, **fields}
            response = browser.post(path("project", "index"), data, follow=True)
        else:
            data = {"action": "delete", "id": found, **fields}
            response = browser.post(path("project", "selection"), data)
        return response.content.decode()

    for fields in ({}, {"confirmed_name": "shop"}):
        assert "several images are deleted permanently only after" in delete(ids, **fields)
        assert glance.writes == []
    one, restorable = ids[0], glance.add()["id"]
    if reason == "status":
        delete([one, restorable])
        assert one not in glance.images
        assert glance.images[restorable]["status"] == "deactivated"
        ids = [ids[1], glance.add(status="queued")["id"]]
    delete(ids, confirmed_name="web")
    assert not set(ids) & set(glance.images)


def test_one_image_takes_no_name(browser, glance):
    image = glance.add(**factories.deleted())
    browser.login_as(factories.member())
    post(browser, "project", "delete_permanently", image["id"], image["id"])
    assert glance.images == {}
