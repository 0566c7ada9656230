# SPDX-License-Identifier: Apache-2.0
"""How images come along, as the page's scripts ask."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.verification import (
    Verified,
    expected_property,
    verified_property,
)
from helion_images_panel.transfers import failures
from helion_images_panel.transfers.progress import Progress
from helion_images_panel.ui.transfers import progress
from helion_images_panel.ui.transfers import verification as verified_words
from tests import factories
from tests.unit import fakes
from tests.unit.permissions import PANEL, PermissionMatrix, path

MIB = 1024 * 1024


class TestProgressPermissions(PermissionMatrix):
    page, expected, of_an_image = "progress", PANEL, False


def states(browser, *ids, panel="project"):
    answer = browser.get(path(panel, "progress"), {"id": list(ids)}).json()
    return {state["id"]: state for state in answer["images"]}


def test_all_images_in_one_call(browser, glance):
    ids = [glance.add(status=status)["id"] for status in ("active", "saving", "deactivated")]
    browser.login_as(factories.member())
    found = states(browser, *ids)
    assert [found[id_]["status_label"] for id_ in ids] == ["Active", "Saving", "Deactivated"]
    assert [found[id_]["in_progress"] for id_ in ids] == [False, True, False]
    assert len(glance.calls) == 1


def test_images_out_of_scope_and_no_ids_are_left_out(browser, glance):
    own = glance.add(owner=factories.SIBLING)["id"]
    foreign = glance.add(owner=factories.FOREIGN)["id"]
    browser.login_as(factories.domain_admin())
    for panel in ("project", "admin"):
        assert list(states(browser, own, foreign, "x,y", panel=panel)) == [own]


@pytest.mark.parametrize("page", ["progress", "access"])
def test_no_more_images_than_one_request_holds(browser, glance, page):
    """One that is left out would count as deleted."""
    browser.login_as(factories.member())
    ids = [glance.add(visibility="shared")["id"] for _ in range(80)]
    response = browser.get(path("project", page), {"id": ids})
    assert {each["id"] for each in response.json()["images"]} == set(ids)
    response = browser.get(path("project", page), {"id": [*ids, factories.image_id()]})
    assert (response.status_code, "80" in response.json()["reason"]) == (400, True)


def test_which_project_that_was_seen_from(browser, glance):
    """What it does not show may not be gone: the page compares it with its own."""
    foreign = glance.add(owner=factories.SIBLING)["id"]
    browser.login_as(factories.member())
    answer = browser.get(path("project", "progress"), {"id": foreign}).json()
    assert answer == {"images": [], "project": factories.PROJECT}


def test_nothing_asked_costs_nothing(browser, glance):
    browser.login_as(factories.member())
    assert states(browser) == {}
    assert glance.calls == []


def task(status, message=""):
    return {"status": status, "message": message, "updated_at": "2026-11-01T00:00:00Z"}


def staged(status, message=""):
    method = {"name": "glance-direct"}
    return task(status, message) | {"input": {"import_req": {"method": method}}}


@pytest.mark.parametrize(
    ("image_status", "tasks", "in_progress", "stored", "failed"),
    [
        ("importing", [task("processing", "Copied 12 MiB")], True, 12 * MIB, False),
        ("queued", [task("processing")], True, None, False),
        ("queued", [task("failure", "Task failed due to Internal Error")], False, None, True),
        ("importing", [task("failure", "x")], True, None, False),
        # The staged data is on another host: such an image stays so for good.
        ("importing", [staged("failure", "x")], False, None, True),
        ("importing", [staged("processing", "x")], True, None, False),
        ("queued", [], False, None, False),
    ],
)
def test_imports(browser, glance, image_status, tasks, in_progress, stored, failed):
    image_id = glance.add(status=image_status)["id"]
    glance.tasks[image_id] = tasks
    state = states(browser.login_as(factories.member()), image_id)[image_id]
    assert (state["in_progress"], state["stored_bytes"]) == (in_progress, stored)
    assert bool(state["failure"]) is failed


def test_whoever_may_not_change_the_image_is_not_shown_its_tasks(browser, glance):
    image_id = glance.add(status="importing")["id"]
    states(browser.login_as(factories.reader()), image_id)
    assert [call.path for call in glance.calls] == ["/v2/images"]


def test_a_glance_that_fails_is_told_to_the_script(browser, glance):
    glance.failing["GET /v2/images"] = fakes.refusal(503, "Down.")
    browser.login_as(factories.member())
    response = browser.get(path("project", "progress"), {"id": factories.image_id(1)})
    assert response.status_code == 503
    assert response.json() == {"reason": "Down.", "kind": "refused"}


def test_bytes_of_a_running_upload(browser, glance):
    image_id = glance.add(status="saving")["id"]
    browser.login_as(factories.member())
    assert states(browser, image_id)[image_id]["stored_bytes"] is None
    with Progress(factories.request(), image_id) as progress:
        progress.report(5 * MIB, at_last=True)
        assert states(browser, image_id)[image_id]["stored_bytes"] == 5 * MIB
    assert states(browser, image_id)[image_id]["stored_bytes"] is None


REFUSAL = {
    "reason": "The file is QCOW2, not Raw.",
    "kind": "format",
    "actual_format": "qcow2",
    "actual_label": "QCOW2",
}


def test_why_an_upload_failed(browser, glance):
    image_id = glance.add(status="queued")["id"]
    browser.login_as(factories.member())
    state = states(browser, image_id)[image_id]
    nothing = (state["failure"], state["failure_kind"], state["actual_format"])
    assert nothing == ("", "", "")
    failures.save(factories.request(), image_id, REFUSAL)
    state = states(browser, image_id)[image_id]
    assert (state["failure"], state["failure_kind"]) == (REFUSAL["reason"], "format")
    assert (state["actual_format"], state["actual_label"]) == ("qcow2", "QCOW2")
    assert "reason" not in state
    assert "kind" not in state


@pytest.mark.parametrize("status", ["active", "saving"])
def test_a_failure_is_over_when_a_later_upload_succeeds(browser, glance, status):
    image_id = glance.add(status=status)["id"]
    failures.save(factories.request(), image_id, REFUSAL)
    state = states(browser.login_as(factories.member()), image_id)[image_id]
    assert (state["failure"], state["failure_kind"]) == ("", "")


def test_whoever_may_not_change_the_image_is_not_told_why_it_failed(browser, glance):
    image_id = glance.add(status="queued")["id"]
    failures.save(factories.request(), image_id, REFUSAL)
    state = states(browser.login_as(factories.reader()), image_id)[image_id]
    assert (state["failure"], state["failure_kind"]) == ("", "")


SHA256 = Checksum("sha256", hashlib.sha256(b"").hexdigest())


@pytest.mark.parametrize(
    ("expected", "verified", "status", "state", "label"),
    [
        (None, None, "active", "", ""),
        (SHA256, None, "active", "pending", "Not verified"),
        (SHA256, None, "queued", "", ""),
        (None, Checksum("sha512", "a" * 128), "active", "verified", "Verified"),
        (None, Checksum("sha512", "b" * 128), "active", "mismatch", "Checksum mismatch"),
    ],
)
def test_verification(browser, glance, expected, verified, status, state, label):
    image = glance.add(status=status)
    if expected:
        image.update(expected_property(image["id"], expected))
    if verified:
        record = Verified((verified,), "2026-11-01T00:00:00Z", "kim")
        image.update(verified_property(image["id"], record))
    found = states(browser.login_as(factories.member()), image["id"])[image["id"]]
    assert (found["verification"], verified_words.state_label(state)) == (state, label)
    assert found["check_due"] is (state == "pending")
    assert found["verify_url"] == path("project", "verify", image["id"])


@pytest.mark.parametrize(
    ("person", "panel", "due"),
    [
        ("member", "project", True),
        ("reader", "project", False),
        ("domain_admin", "admin", False),
        ("cloud_admin", "admin", False),
    ],
)
def test_only_the_owners_own_view_has_data_checked_by_itself(browser, glance, person, panel, due):
    image = glance.add()
    image.update(expected_property(image["id"], SHA256))
    browser.login_as(factories.PEOPLE[person]())
    state = states(browser, image["id"], panel=panel)[image["id"]]
    assert state["check_due"] is due
    # Who has entered the checksum there has a page of their own that waits for it.
    assert state["may_check"] is (person != "reader")


def test_a_public_image_of_another_project_is_not_checked_here(browser, glance):
    image = glance.add(visibility="public", owner=factories.SIBLING)
    image.update(expected_property(image["id"], SHA256))
    browser.login_as(factories.member())
    assert states(browser, image["id"])[image["id"]]["check_due"] is False


def test_a_snapshot_is_not_checked_for_its_base_image(browser, glance):
    snapshot = glance.add(image_type="snapshot")
    snapshot.update(expected_property(factories.image_id(), SHA256))
    browser.login_as(factories.member())
    state = states(browser, snapshot["id"])[snapshot["id"]]
    assert (state["verification"], state["check_due"]) == ("", False)


def test_stores_on_their_way(browser, glance):
    image_id = glance.add(
        os_glance_import_task="task-1",
        os_glance_importing_to_stores="archive,far",
        os_glance_failed_import="near",
    )["id"]
    state = states(browser.login_as(factories.member()), image_id)[image_id]
    assert (state["copying_to"], state["failed_stores"]) == (["archive", "far"], ["near"])
    image_id = glance.add(os_glance_importing_to_stores="", os_glance_failed_import="")["id"]
    state = states(browser, image_id)[image_id]
    assert (state["copying_to"], state["failed_stores"]) == ([], [])


def minutes_ago(minutes):
    moment = datetime.now(UTC) - timedelta(minutes=minutes)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize(("person", "is_told"), [("member", True), ("reader", False)])
def test_an_image_that_saves_with_nobody_at_it(browser, glance, person, is_told):
    """As a Glance leaves it that was killed, when what was kept of the upload is gone."""
    image_id = glance.add(status="saving", updated_at=minutes_ago(11))["id"]
    state = states(browser.login_as(factories.PEOPLE[person]()), image_id)[image_id]
    assert ("delete it and create it again" in state["standstill"]) is is_told
    # It may be on its way all the same.
    assert (state["in_progress"], state["failure"]) == (True, "")
    html = browser.get(path("project", "detail", image_id)).content.decode()
    assert ("If no other program is uploading into this image" in html) is is_told
    assert f'data-hip-watch="{image_id}"' in html


def test_an_image_that_somebody_uploads_into(browser, glance):
    browser.login_as(factories.member())
    begun = glance.add(status="saving", updated_at=minutes_ago(9))["id"]
    there = glance.add(status="active", updated_at=minutes_ago(11))["id"]
    running = glance.add(status="saving", updated_at=minutes_ago(11))["id"]
    with Progress(factories.request(), running):
        found = states(browser, begun, there, running)
        assert [state["standstill"] for state in found.values()] == ["", "", ""]


def test_what_keeps_the_session_alive_undoes_nothing_in_it(browser, glance, monkeypatch):
    """The person switches project while a page asks how far an upload has come."""
    browser.login_as(factories.member(), region_endpoint="one", waiting="for the page")
    found = progress.ProgressView.get

    def get_while_the_person_works(view, request, *args, **kwargs):
        store = browser.session
        store["region_endpoint"] = "two"
        del store["waiting"]
        store.save()
        return found(view, request, *args, **kwargs)

    monkeypatch.setattr(progress.ProgressView, "get", get_while_the_person_works)
    assert browser.get(path("project", "progress")).status_code == 200
    assert browser.session["region_endpoint"] == "two"
    assert "waiting" not in browser.session
    assert browser.cookies["sessionid"].value


def test_one_image_whose_tasks_are_not_known_is_followed_on(browser, glance):
    """And so are the others, which are told as ever."""
    waits, other = glance.add(status="queued", size=None), glance.add()
    glance.failing[f"GET /v2/images/{waits['id']}/tasks"] = fakes.refusal(503, "No.")
    browser.login_as(factories.member())
    query = {"id": [waits["id"], other["id"]]}
    told = browser.get(path("project", "progress"), query).json()["images"]
    states = {image["id"]: (image["in_progress"], image["failure"]) for image in told}
    assert states == {waits["id"]: (True, ""), other["id"]: (False, "")}
