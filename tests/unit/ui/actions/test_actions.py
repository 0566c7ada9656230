# SPDX-License-Identifier: Apache-2.0
"""Buttons are offered, and refused behind the button, by the same rules."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest

from helion_images_panel import policy
from helion_images_panel.core.deletion import is_deleted
from helion_images_panel.core.glance_time import TIME_FORMAT
from helion_images_panel.core.image import Image
from helion_images_panel.core.publication import PROPERTY
from helion_images_panel.ui.listing import columns
from helion_images_panel.ui.listing.table import BATCH_ACTIONS
from tests import factories
from tests.unit.permissions import path

CHANGES = {"communitize", "uncommunitize", "hide", "unhide", "deactivate", "reactivate"}
#: Of these the tests below say one by one where they are offered. Each action on rows is
#: tried by what it declares as well, those that come later too.
EVERYTHING = {
    "launch", "create_volume", "edit", "update_metadata", "upload_data", "download",
    "protect", "unprotect", "publish", "unpublish", "delete", *CHANGES,
}  # fmt: skip
DEPLOYMENT = {"launch", "create_volume"}
NO_DEPLOYMENT = EVERYTHING - DEPLOYMENT - CHANGES


def offered(html, image_id):
    """The names of the row's actions."""
    row = re.search(rf'(?s)<tr[^>]*data-object-id="{image_id}".*?</tr>', html)[0]
    return set(re.findall(r'images__row_[0-9a-f-]+__action_(\w+)"', row))


def page_of(browser, person, panel="project", **kwargs):
    browser.login_as(factories.PEOPLE[person](**kwargs))
    return browser.get(path(panel, "index")).content.decode()


@pytest.mark.parametrize(
    ("person", "panel", "attributes", "expected"),
    [
        ("member", "project", {}, {"edit", "download", "update_metadata", "protect", "delete"}),
        (
            "member",
            "project",
            {"status": "queued"},
            {"upload_data", "edit", "update_metadata", "protect", "delete"},
        ),
        (
            "member",
            "project",
            {"status": "deactivated"},
            {"edit", "update_metadata", "protect", "delete"},
        ),
        (
            "member",
            "project",
            {"protected": True},
            {"edit", "download", "update_metadata", "unprotect"},
        ),
        ("reader", "project", {}, set()),
        ("member", "project", {"status": "pending_delete"}, set()),
        ("member_elsewhere", "project", {"visibility": "public"}, {"download"}),
        ("domain_admin", "project", {"visibility": "public"}, {"download"}),
        (
            "domain_admin",
            "admin",
            {},
            {"edit", "download", "update_metadata", "protect", "publish", "delete"},
        ),
        (
            "domain_admin",
            "admin",
            {"status": "deactivated"},
            {"edit", "download", "update_metadata", "protect", "publish", "delete"},
        ),
        (
            "domain_admin",
            "admin",
            {"visibility": "public", "protected": True},
            {"edit", "download", "update_metadata", "unprotect", "publish", "unpublish"},
        ),
    ],
)
def test_actions_of_a_row(browser, glance, person, panel, attributes, expected):
    image = glance.add(**attributes)
    html = page_of(browser, person, panel)
    assert offered(html, image["id"]) & NO_DEPLOYMENT == expected


@pytest.mark.parametrize(
    ("person", "panel", "attributes", "expected"),
    [
        ("member", "project", {}, {"communitize", "hide", "deactivate"}),
        ("member", "project", {"visibility": "community"}, {"uncommunitize", "hide", "deactivate"}),
        ("member", "project", {"os_hidden": True}, {"communitize", "unhide", "deactivate"}),
        ("member", "project", {"status": "deactivated"}, {"communitize", "hide", "reactivate"}),
        ("member", "project", {"status": "queued"}, {"communitize", "hide"}),
        ("reader", "project", {}, set()),
        ("member_elsewhere", "project", {"visibility": "public"}, set()),
        ("domain_admin", "admin", {"visibility": "public"}, {"hide", "deactivate"}),
        ("domain_admin", "admin", {"status": "deactivated"}, {"communitize", "hide", "reactivate"}),
    ],
)
def test_community_hidden_and_deactivated_are_set_and_unset(
    browser, glance, person, panel, attributes, expected
):
    image = glance.add(**attributes)
    browser.login_as(factories.PEOPLE[person]())
    query = "?hidden=true" if attributes.get("os_hidden") else ""
    html = browser.get(path(panel, "index") + query).content.decode()
    assert offered(html, image["id"]) & CHANGES == expected


@pytest.mark.parametrize(
    ("services", "expected"),
    [
        (("image",), set()),
        (("image", "compute"), {"launch"}),
        (("image", "volumev3"), {"create_volume"}),
        (("image", "compute", "block-storage"), {"launch", "create_volume"}),
    ],
)
def test_launch_and_create_volume_need_their_service(browser, glance, services, expected):
    image = glance.add()
    html = page_of(browser, "member", services=services)
    assert offered(html, image["id"]) & DEPLOYMENT == expected


@pytest.mark.parametrize(
    ("person", "attributes", "expected"),
    [
        ("member", {}, True),
        ("member", {"visibility": "public", "owner": factories.FOREIGN}, True),
        ("reader", {}, False),
        ("member", {"status": "queued"}, False),
        ("member", {"status": "deactivated"}, False),
        ("member", {"disk_format": "aki", "container_format": "aki"}, False),
        ("member", {"disk_format": "ari", "container_format": "ari"}, False),
    ],
)
def test_what_can_be_launched(browser, glance, person, attributes, expected):
    image = glance.add(**attributes)
    found = offered(page_of(browser, person), image["id"])
    assert found & DEPLOYMENT == (DEPLOYMENT if expected else set())


def test_a_snapshot_of_volumes_can_be_launched_and_no_more(browser, glance):
    """Cinder would make an empty volume of it."""
    image = glance.add(size=0, block_device_mapping='[{"source_type": "snapshot"}]')
    found = offered(page_of(browser, "member"), image["id"])
    assert found & {*DEPLOYMENT, "download"} == {"launch"}


def test_a_snapshot_that_nova_still_uploads_is_followed_and_takes_no_other_data(browser, glance):
    snapshot = {"image_type": "snapshot", "instance_uuid": "3f2a9f0c-52d5-4e0f-8d0b-7d9f0f6a1b11"}
    now = datetime.now(UTC).strftime(TIME_FORMAT)
    image = glance.add(status="queued", size=None, created_at=now, **snapshot)
    html = page_of(browser, "member")
    assert f'data-hip-watch="{image["id"]}"' in html
    assert "upload_data" not in offered(html, image["id"])
    refused = browser.get(path("project", "upload_data", image["id"]))
    assert refused.status_code == 302
    assert "delete" in offered(html, image["id"])


def test_each_row_links_to_its_own_image(browser, glance):
    ids = [glance.add(name=f"n{n}")["id"] for n in range(3)]
    html = unescape(page_of(browser, "member"))
    for image_id in ids:
        row = re.search(rf'(?s)<tr[^>]*data-object-id="{image_id}".*?</tr>', html)[0]
        assert f"/project/volumes/create/?image_id={image_id}" in row
        assert f"{{successUrl: '/project/images/', imageId: '{image_id}'}}" in row
        assert f"/project/images/{image_id}/update/" in row
        others = [other for other in ids if other != image_id]
        assert not any(other in row for other in others)


@pytest.mark.parametrize(("status", "first"), [("active", "launch"), ("queued", "upload_data")])
def test_the_next_step_comes_first(browser, glance, status, first):
    image = glance.add(status=status)
    row = re.search(
        rf'(?s)<tr[^>]*data-object-id="{image["id"]}".*?</tr>', page_of(browser, "member")
    )[0]
    assert re.findall(r'images__row_[0-9a-f-]+__action_(\w+)"', row)[0] == first


@pytest.mark.parametrize(
    ("person", "mode", "expected"),
    [
        ("member", "legacy", True),
        ("member", "direct", True),
        ("member", "off", False),
        ("reader", "legacy", False),
    ],
)
def test_files_may_be_dropped_by_who_may_create_from_them(
    browser, glance, settings, person, mode, expected
):
    settings.HORIZON_IMAGES_UPLOAD_MODE = mode
    html = page_of(browser, person)
    assert ('data-create-url="/project/images/create/"' in html) is expected
    assert 'data-progress-url="/project/images/progress/"' in html


@pytest.mark.parametrize(
    ("person", "expected"),
    [("reader", False), ("member", True)],
)
def test_create_image_is_offered_by_policy(browser, person, expected):
    html = page_of(browser, person)
    assert ('href="/project/images/create/"' in html) is expected


def post(browser, panel, action, *ids):
    name = "Acme" if panel == "admin" else "web"
    data = {"action": f"images__{action}", "object_ids": list(ids), "confirmed_name": name}
    html = browser.post(path(panel, "index"), data, follow=True).content.decode()
    return " ".join(html.split())


DONE = {
    "delete": (
        {"status": "queued"},
        lambda glance, id_: id_ not in glance.images,
    ),
    "delete_permanently": ({}, lambda glance, id_: id_ not in glance.images),
    "protect": ({}, lambda glance, id_: glance.images[id_]["protected"] is True),
    "unprotect": (
        {"protected": True},
        lambda glance, id_: glance.images[id_]["protected"] is False,
    ),
    "unpublish": (
        {"visibility": "public", PROPERTY: "of another dashboard"},
        lambda glance, id_: (
            glance.images[id_]["visibility"] == "private" and PROPERTY not in glance.images[id_]
        ),
    ),
}


@pytest.mark.parametrize("action", DONE)
@pytest.mark.parametrize("count", [1, 3])
def test_ticked_images_are_acted_on_and_no_others(browser, glance, action, count):
    attributes, is_done = DONE[action]
    ids = [glance.add(name=f"n{n}", **attributes)["id"] for n in range(count)]
    other = dict(glance.add(name="not ticked", **attributes))
    browser.login_as(factories.domain_admin())
    html = post(browser, "admin", action, *ids)
    assert all(is_done(glance, id_) for id_ in ids)
    assert glance.images[other["id"]] == other
    assert len(glance.writes) == count
    assert "failed:" not in html
    assert ", ".join(f"n{n}" for n in range(count)) in html


#: Stands for the attributes of such an image, which are new each time.
DELETED = {"is": "deleted"}


def attributes_of(state):
    return factories.deleted() if state == DELETED else state


#: States that an image can be in, one of which each action is for.
STATES = [
    {},
    {"protected": True},
    {"visibility": "shared"},
    {"visibility": "public"},
    {"visibility": "community"},
    {"os_hidden": True},
    {"status": "deactivated"},
    {"status": "queued"},
    DELETED,
]


def is_for(action, state):
    """Whether the action declares that it can be done to an image in this state."""
    if state == DELETED and not action.is_for_deleted:
        return False
    return action().state_refusal(factories.image(**attributes_of(state))) is None


@pytest.mark.parametrize("action", BATCH_ACTIONS, ids=lambda action: action.name)
@pytest.mark.parametrize(
    ("person", "panel"),
    [
        ("reader", "project"),
        ("member_elsewhere", "project"),
        ("other_domain_admin", "admin"),
        ("domain_admin", "project"),
        ("member", "admin"),
        ("anonymous", "project"),
    ],
)
def test_a_forged_action_is_refused(browser, glance, action, person, panel):
    state = next(state for state in STATES if is_for(action, state))
    image = dict(glance.add(**attributes_of(state)))
    before = dict(image)
    browser.login_as(factories.PEOPLE[person]())
    data = {"action": f"images__{action.name}", "object_ids": [image["id"]]}
    browser.post(path(panel, "index"), data)
    browser.post(path(panel, "index"), {"action": f"images__{action.name}__{image['id']}"})
    assert glance.images[image["id"]] == before
    assert glance.writes == []


@pytest.mark.parametrize("state", STATES, ids=str)
def test_an_action_is_offered_in_the_states_that_it_declares(browser, glance, state):
    image = glance.add(**attributes_of(state))
    browser.login_as(factories.domain_admin())
    query = "?hidden=true" if state.get("os_hidden") else ""
    query = "?view=deleted" if state == DELETED else query
    html = browser.get(path("admin", "index") + query).content.decode()
    declared = {action.name for action in BATCH_ACTIONS if is_for(action, state)}
    assert offered(html, image["id"]) & {action.name for action in BATCH_ACTIONS} == declared


@pytest.mark.parametrize("action", BATCH_ACTIONS, ids=lambda action: action.name)
def test_an_action_declares_its_names_and_a_rule_of_glance(action):
    made = action()
    labels = [made.action_present(1), made.action_present(2), made.action_past(1)]
    assert all(labels)
    assert labels[0] != labels[2]
    assert action.rule in vars(policy).values()


@pytest.mark.parametrize("action", ["publish", "unpublish"])
def test_a_member_does_not_publish(browser, glance, action):
    image = glance.add(visibility="public" if action == "unpublish" else "private")
    browser.login_as(factories.member())
    post(browser, "project", action, image["id"])
    assert glance.writes == []


@pytest.mark.parametrize(
    ("action", "attributes", "reason"),
    [
        ("delete", {"protected": True}, "The image is protected. Unprotect it first."),
        ("protect", {"protected": True}, "The image is already protected."),
        ("unprotect", {}, "The image is not protected."),
        ("unpublish", {}, "The image is not published."),
        ("communitize", {"visibility": "community"}, "The image is already a community image."),
        ("communitize", {"visibility": "public"}, "The image is public: every project can use it."),
        ("uncommunitize", {}, "The image is not a community image."),
        ("hide", {"os_hidden": True}, "The image is already hidden."),
        ("unhide", {}, "The image is not hidden."),
        ("restore", {}, "The image is not deleted."),
        ("delete", DELETED, "The image is deleted. Restore it first."),
        ("unhide", DELETED, "The image is deleted. Restore it first."),
        ("unpublish", DELETED, "The image is deleted. Restore it first."),
        ("delete_permanently", {"protected": True}, "The image is protected. Unprotect it first."),
        (
            "delete_permanently",
            {"status": "queued"},
            "Delete Image deletes this image permanently.",
        ),
        ("deactivate", {"status": "deactivated"}, "The image is already deactivated."),
        ("deactivate", {"status": "queued"}, "Only an active image can be deactivated."),
        ("reactivate", {}, "The image is not deactivated."),
        ("delete", {"status": "pending_delete"}, "The image is being deleted."),
    ],
)
def test_a_stale_action_is_refused_with_its_reason(browser, glance, action, attributes, reason):
    stale = glance.add(**{**attributes_of(attributes), "name": "stale"})
    browser.login_as(factories.domain_admin())
    html = post(browser, "admin", action, stale["id"])
    assert f"stale – {reason}" in html
    assert glance.writes == []


def test_one_failure_does_not_hide_the_others_success(browser, glance):
    ids = [glance.add(name="kept", protected=True)["id"], glance.add(name="gone")["id"]]
    browser.login_as(factories.member())
    html = post(browser, "project", "delete", *ids)
    assert "Deleted Image: gone" in html
    assert "Delete Image failed: kept – The image is protected." in html
    assert [is_deleted(Image.from_glance(glance.images[id_])) for id_ in ids] == [False, True]


@pytest.mark.parametrize("name", factories.HOSTILE_NAMES)
def test_messages_show_hostile_names_as_text(browser, glance, name):
    image = glance.add(name=name)
    browser.login_as(factories.member())
    html = post(browser, "project", "delete", image["id"])
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "{$ constructor" not in html


def test_the_words_of_confirmations_are_inert(browser, glance):
    glance.add(name="{$ constructor $}\"'><b>")
    html = page_of(browser, "member")
    (shown,) = set(re.findall(r'data-display="([^"]*)"', html))
    assert "{$" not in unescape(shown)
    assert "<" not in shown


def test_every_cell_with_data_is_left_alone_by_angularjs(browser, glance):
    image = glance.add(name="x")
    html = page_of(browser, "domain_admin", "admin")
    row = re.search(rf'(?s)<tr[^>]*data-object-id="{image["id"]}".*?</tr>', html)[0]
    cells = re.findall(r"<td[^>]*>", row)
    of_data = [c for c in cells if "multi_select_column" not in c and "actions_column" not in c]
    assert len(of_data) == 8
    assert all("ng-non-bindable" in cell for cell in of_data)


@pytest.mark.parametrize("status", ["active", "saving"])
@pytest.mark.parametrize("hidden", [False, True])
def test_the_status_cell(status, hidden):
    image = factories.image(id="an-id", status=status, os_hidden=hidden)
    cell = str(columns.status_cell(image))
    assert ("(hidden)" in cell) is hidden
    assert ('data-hip-watch="an-id"' in cell) is (status == "saving")


def test_the_list_stays_where_it_was_after_an_action(browser, glance):
    image = glance.add()
    browser.login_as(factories.member())
    url = path("project", "index") + "?name=cirros"
    data = {"action": "images__protect", "object_ids": [image["id"]]}
    assert browser.post(url, data)["location"] == url
