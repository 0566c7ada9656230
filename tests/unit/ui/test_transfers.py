# SPDX-License-Identifier: Apache-2.0
"""What the page's scripts ask: an upload's bytes, and how images come along."""

import io

import pytest

from tests import factories
from tests.unit import fakes
from tests.unit.permissions import CHANGING, PANEL, PermissionMatrix, path

MIB = 1024 * 1024


def put(browser, url, data=b"bytes of the image", **headers):
    return browser.put(url, data=data, content_type="application/octet-stream", **headers)


class TestUploadPermissions(PermissionMatrix):
    page, expected, status = "upload", CHANGING, "queued"

    def ask(self, browser, url):
        return put(browser, url)


class TestProgressPermissions(PermissionMatrix):
    page, expected, of_an_image = "progress", PANEL, False


@pytest.fixture
def queued(browser, glance):
    browser.login_as(factories.member())
    return glance.add(status="queued", name="new")


def upload_url(image):
    return path("project", "upload", image["id"])


def test_the_bytes_arrive(browser, glance, queued):
    response = put(browser, upload_url(queued), b"x" * (2 * MIB + 5))
    assert response.json() == {"id": queued["id"]}
    assert glance.uploads[queued["id"]] == b"x" * (2 * MIB + 5)
    assert "Created image new." in browser.get(path("project", "index")).content.decode()


@pytest.mark.parametrize("status", ["active", "saving", "deactivated", "importing"])
def test_data_that_is_there_never_changes(browser, glance, queued, status):
    queued["status"] = status
    response = put(browser, upload_url(queued))
    assert response.status_code == 409
    assert response.json()["reason"]
    assert glance.writes == []


@pytest.mark.parametrize("length", ["0", "-5"])
def test_an_empty_file(browser, glance, queued, length):
    response = put(browser, upload_url(queued), b"x", CONTENT_LENGTH=length)
    assert (response.status_code, response.json()["reason"]) == (400, "The file is empty.")
    assert glance.writes == []


@pytest.mark.parametrize("length", ["", "many", "1.5"])
def test_a_body_without_a_length(browser, glance, queued, length):
    response = put(browser, upload_url(queued), CONTENT_LENGTH=length)
    assert response.status_code == 411
    assert glance.writes == []


def test_uploads_may_be_switched_off(browser, glance, queued, settings):
    settings.HORIZON_IMAGES_UPLOAD_MODE = "off"
    assert put(browser, upload_url(queued)).status_code == 403
    assert glance.writes == []


@pytest.mark.parametrize("method", ["get", "post", "delete", "patch"])
def test_no_other_method(browser, glance, queued, method):
    assert getattr(browser, method)(upload_url(queued)).status_code == 405
    assert glance.writes == []


@pytest.mark.parametrize(
    ("status", "answer", "reason"),
    [
        (413, 413, "Over quota."),
        (415, 415, "Not a qcow2."),
        (409, 409, "Wrong state."),
        (503, 503, "No disk."),
        # A 401 would have Horizon's scripts leave the page, and the reason with it.
        (401, 400, "Your session ended during the upload. Log in again."),
    ],
)
def test_a_failure_has_its_reason_at_once_and_afterwards(
    browser, glance, queued, status, answer, reason
):
    key = f"PUT /v2/images/{queued['id']}/file"
    glance.failing[key] = fakes.refusal(status, reason)
    response = put(browser, upload_url(queued))
    assert response.status_code == answer
    told = response.json()["reason"]
    assert reason in told
    # A browser whose connection broke over the refusal asks here.
    (state,) = browser.get(path("project", "progress"), {"id": queued["id"]}).json()["images"]
    assert state["failure"] == told
    glance.failing.clear()
    put(browser, upload_url(queued))
    (state,) = browser.get(path("project", "progress"), {"id": queued["id"]}).json()["images"]
    assert (state["status"], state["failure"]) == ("active", "")


def test_a_browser_that_stops_early(browser, glance, queued):
    stream = {"wsgi.input": io.BytesIO(b"abc"), "CONTENT_LENGTH": "9"}
    response = put(browser, upload_url(queued), **stream)
    assert (response.status_code, response.json()["reason"]) == (400, "The upload was interrupted.")
    assert queued["status"] == "queued"


def test_a_glance_that_fails_before_the_upload(browser, glance, queued):
    glance.failing[f"GET /v2/images/{queued['id']}"] = fakes.refusal(503, "Down.")
    response = put(browser, upload_url(queued))
    assert (response.status_code, response.json()) == (503, {"reason": "Down."})


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


def test_nothing_asked_costs_nothing(browser, glance):
    browser.login_as(factories.member())
    assert states(browser) == {}
    assert glance.calls == []


def task(status, message=""):
    return {"status": status, "message": message, "updated_at": "2026-11-01T00:00:00Z"}


@pytest.mark.parametrize(
    ("image_status", "tasks", "in_progress", "stored", "failed"),
    [
        ("importing", [task("processing", "Copied 12 MiB")], True, 12 * MIB, False),
        ("queued", [task("processing")], True, None, False),
        ("queued", [task("failure", "Task failed due to Internal Error")], False, None, True),
        ("importing", [task("failure", "x")], True, None, False),
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
    assert (response.status_code, response.json()) == (503, {"reason": "Down."})
