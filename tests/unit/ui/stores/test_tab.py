# SPDX-License-Identifier: Apache-2.0
"""The Stores tab: who is offered what, and what is done behind the button."""

import datetime
import re

import pytest

from helion_images_panel.ui.stores.tab import StoresTable
from tests import factories
from tests.unit import fakes, permissions
from tests.unit.permissions import path

STORES = [
    {"id": "fast", "description": "On fast disks", "default": "true"},
    {"id": "archive", "description": "Slow and cheap"},
    {"id": "web", "description": "The web", "read-only": "true"},
]
COPY, REMOVE = "stores__copy__archive", "stores__remove__archive"


@pytest.fixture(autouse=True)
def _several_stores(glance):
    glance.stores = STORES
    glance.import_methods = ["web-download", "copy-image"]


def now():
    return datetime.datetime.now(datetime.UTC).isoformat()


def copying(glance, image, to="archive", **attributes):
    """As while Glance copies it."""
    image.update(os_glance_import_task="task-1", os_glance_importing_to_stores=to)
    asked = {"import_req": {"method": {"name": "copy-image"}}, "backend": [to]}
    task = {"id": "task-1", "status": "processing", "updated_at": now(), "input": asked}
    glance.tasks[image["id"]] = [{**task, **attributes}]


def page_of(browser, image, person="domain_admin", panel="admin"):
    browser.login_as(factories.PEOPLE[person]())
    return browser.get(path(panel, "detail", image["id"])).content.decode()


def offered(html):
    """Pairs of a store and an action that its row offers."""
    return set(re.findall(r'id="stores__row_(\w+)__action_(\w+)"', html))


def state(html, store):
    row = re.search(rf'(?s)<tr[^>]*data-object-id="{store}".*?</tr>', html)[0]
    return " ".join(re.sub(r"<[^>]*>", " ", row).split())


def post(browser, image, action, person="domain_admin", panel="admin", **fields):
    browser.login_as(factories.PEOPLE[person]())
    return browser.post(path(panel, "detail", image["id"]), {"action": action, **fields})


def said(browser):
    """The messages that the next page shows."""
    html = browser.get(path("project", "index")).content.decode()
    found = re.findall(r'(?s)<div class="alert[^"]*"[^>]*>.*?<p[^>]*>(.*?)</p>', html)
    texts = [" ".join(re.sub(r"<[^>]*>", " ", text).split()) for text in found]
    # The last is Horizon's template for messages that scripts make.
    return [text for text in texts if not text.startswith("{{")]


# Looking.


@pytest.mark.parametrize(
    ("known", "attributes", "shown"),
    [
        (STORES, {}, True),
        (STORES[:1], {}, False),
        (None, {}, False),
        (STORES, {"status": "queued", "stores": None}, False),
        (STORES, {"status": "deactivated"}, True),
    ],
)
def test_the_tab_is_there_for_data_and_several_stores(browser, glance, known, attributes, shown):
    glance.stores = known
    html = page_of(browser, glance.add(**attributes), "member", "project")
    assert ("image_details__stores" in html) is shown


def test_one_row_for_each_store(browser, glance):
    html = page_of(browser, glance.add(stores="fast,gone"), "reader", "project")
    assert state(html, "fast") == "fast (default) On fast disks Stored"
    assert state(html, "archive") == "archive Slow and cheap Not stored"
    assert state(html, "web") == "web The web (read-only) Not stored"
    assert state(html, "gone") == "gone Stored"
    assert offered(html) == set()


def test_while_it_is_copied(browser, glance):
    image = glance.add(size=40 * 1024 * 1024)
    copying(glance, image, message="Copied 10 MiB")
    html = page_of(browser, image)
    assert state(html, "archive").endswith("Copying, 10 MiB of 40 MiB")
    assert f'data-hip-watch="{image["id"]}" data-hip-store="archive"' in html
    assert offered(html) == set()


def test_a_copy_that_failed_can_be_tried_again(browser, glance):
    html = page_of(browser, glance.add(os_glance_failed_import="archive"))
    assert "Copy failed" in state(html, "archive")
    assert ("archive", "copy") in offered(html)


def test_a_copy_over_which_glance_was_killed_can_be_tried_again(browser, glance):
    image = glance.add()
    copying(glance, image, updated_at="2026-11-01T00:00:00")
    html = page_of(browser, image)
    assert "Copy failed" in state(html, "archive")
    assert ("archive", "copy") in offered(html)


@pytest.mark.parametrize(
    ("person", "panel", "attributes", "expected"),
    [
        ("domain_admin", "admin", {}, {("archive", "copy")}),
        (
            "domain_admin",
            "admin",
            {"stores": "fast,archive"},
            {("fast", "remove"), ("archive", "remove")},
        ),
        # Other copies stay: that is not to delete the image.
        (
            "cloud_admin",
            "admin",
            {"stores": "fast,archive", "protected": True},
            {("fast", "remove"), ("archive", "remove")},
        ),
        ("domain_admin", "admin", {"status": "deactivated"}, set()),
        ("member", "project", {"stores": "fast,archive"}, set()),
        ("reader", "project", {}, set()),
        ("domain_admin", "project", {"visibility": "public", "stores": "fast,archive"}, set()),
        ("domain_admin", "project", {"visibility": "public"}, set()),
    ],
)
def test_what_a_row_offers(browser, glance, person, panel, attributes, expected):
    assert offered(page_of(browser, glance.add(**attributes), person, panel)) == expected


def test_copies_need_their_import_method(browser, glance):
    glance.import_methods = ["web-download"]
    html = page_of(browser, glance.add())
    assert offered(html) == set()
    assert "stores__copy" not in html


def test_only_who_may_copy_costs_the_question_whether_glance_can(browser, glance):
    page_of(browser, glance.add(), "member", "project")
    assert "/v2/info/import" not in [call.path for call in glance.calls]


def test_cells_with_data_are_left_alone_by_angularjs(browser, glance):
    glance.stores = [{"id": "fast", "description": "{$ 7 * 7 $}"}, *STORES[1:]]
    html = page_of(browser, glance.add())
    rows = re.findall(r'(?s)<tr[^>]*id="stores__row__\w+".*?</tr>', html)
    for row in rows:
        cells = re.findall(r"(?s)<td[^>]*>", row)
        data = [
            cell for cell in cells if "actions_column" not in cell and "multi_select" not in cell
        ]
        assert all("ng-non-bindable" in cell for cell in data), data


# Acting.


class _Posting(permissions.PermissionMatrix):
    page = "detail"
    action: str

    def ask(self, browser, url):
        return browser.post(url, {"action": self.action})


#: A member of the project may see the image, and lacks the policy's leave.
ADMINS_ONLY = {
    "project": {**permissions.CHANGING["project"], "member": permissions.FORBIDDEN},
    "admin": {**permissions.READING["admin"], "domain_admin": 302, "cloud_admin": 302},
}


class TestCopyPermissions(_Posting):
    expected = ADMINS_ONLY
    action = COPY


class TestRemovePermissions(_Posting):
    expected = ADMINS_ONLY
    action = REMOVE


@pytest.mark.parametrize("action", [COPY, REMOVE])
def test_a_public_image_of_others_is_not_the_projects_to_change(browser, glance, action):
    image = glance.add(visibility="public", stores="fast,archive")
    assert post(browser, image, action, panel="project").status_code == 403
    assert glance.writes == []


def test_copy_to_store(browser, glance):
    image = glance.add()
    response = post(browser, image, COPY)
    assert response["location"] == f"/admin/images/{image['id']}/detail/?tab=image_details__stores"
    (call,) = glance.writes
    assert call.path == f"/v2/images/{image['id']}/import"
    assert call.body["stores"] == ["archive"]
    assert said(browser) == ["Success: Started to copy image cirros to archive."]


def test_copy_to_many_stores_is_one_task(browser, glance):
    glance.stores = [*STORES, {"id": "vault"}]
    image = glance.add()
    post(browser, image, "stores__copy_many", object_ids=["archive", "vault", "fast", "web", "no"])
    (call,) = glance.writes
    assert call.body["stores"] == ["archive", "vault"]
    done, failed = said(browser)
    assert "to archive, vault." in done
    assert "fast – The store already has the image;" in failed
    assert "web – The store is read-only;" in failed
    assert "no – Store not found" in failed


def test_a_copy_that_glance_refuses(browser, glance):
    image = glance.add()
    glance.failing[f"POST /v2/images/{image['id']}/import"] = fakes.refusal(
        409, "Image has active task"
    )
    post(browser, image, COPY)
    assert said(browser) == ["Error: Unable to copy image cirros: archive – Image has active task."]


def test_remove_from_store(browser, glance):
    image = glance.add(stores="fast,archive")
    post(browser, image, REMOVE)
    assert image["stores"] == "fast"
    assert said(browser) == ["Success: Removed image cirros from archive."]


def test_a_session_that_ends_between_two_stores_is_told(browser, glance):
    image = glance.add(stores="fast,archive,web")
    glance.failing[f"DELETE /v2/stores/archive/{image['id']}"] = fakes.refusal(401, "Token expired")
    post(browser, image, "stores__remove", object_ids=["fast", "archive"])
    assert image["stores"] == "archive,web"
    done, failed = said(browser)
    assert "from fast" in done
    assert "archive – Your session has ended. Log in again." in failed


def test_the_last_copy_is_never_removed(browser, glance):
    image = glance.add(stores="archive")
    post(browser, image, REMOVE)
    assert glance.writes == []
    assert "is the only copy" in said(browser)[0]


def test_not_by_ticking_all_of_them_either(browser, glance):
    image = glance.add(stores="fast,archive")
    post(browser, image, "stores__remove", object_ids=["fast", "archive"])
    assert image["stores"] == "archive"
    done, failed = said(browser)
    assert "from fast" in done
    assert "archive – This is the only copy" in failed


@pytest.mark.parametrize(
    ("attributes", "action", "reason"),
    [
        ({"stores": "fast,archive"}, COPY, "already has the image"),
        ({"status": "deactivated"}, COPY, "copied only while they are active"),
        ({}, "stores__copy__web", "read-only"),
        ({}, "stores__copy__nowhere", "Store not found"),
        ({"stores": "fast,web"}, REMOVE, "does not have the image"),
        (
            {"stores": "fast,archive", "status": "deactivated"},
            REMOVE,
            "removed only while the image is active",
        ),
    ],
)
def test_a_stale_action_is_refused_with_its_reason(browser, glance, attributes, action, reason):
    post(browser, glance.add(**attributes), action)
    assert glance.writes == []
    assert reason in said(browser)[0]


@pytest.mark.parametrize("action", ["stores__copy__vault", REMOVE])
def test_nothing_is_changed_while_it_is_copied(browser, glance, action):
    """Glance takes one task at a time, and may be reading the very copy."""
    glance.stores = [*STORES, {"id": "vault"}, {"id": "cellar"}]
    image = glance.add(stores="fast,archive")
    copying(glance, image, "cellar")
    post(browser, image, action)
    assert glance.writes == []
    assert "being copied" in said(browser)[0]


@pytest.mark.parametrize("name", factories.HOSTILE_NAMES)
def test_messages_show_hostile_names_as_text(browser, glance, name):
    image = glance.add(name=name)
    post(browser, image, COPY)
    html = browser.get(path("project", "index")).content.decode()
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "{$ constructor" not in html


def test_an_action_of_the_image_still_goes_to_the_image(browser, glance):
    image = glance.add()
    post(browser, image, f"images__protect__{image['id']}")
    assert image["protected"] is True


def test_the_table_handles_only_its_own_actions():
    def request(action):
        return type("Request", (), {"POST": {"action": action}})

    assert StoresTable.handles_post(request("stores__copy__fast"))
    assert not StoresTable.handles_post(request("images__delete__stores__x"))
    assert not StoresTable.handles_post(type("Request", (), {"POST": {}}))
