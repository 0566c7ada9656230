# SPDX-License-Identifier: Apache-2.0
"""Files that are staged and imported: what the page's script is told."""

import pytest

from helion_images_panel import conf
from helion_images_panel.core.image import IMPORT_TASK
from helion_images_panel.transfers import slots
from helion_images_panel.transfers.progress import Progress
from tests import factories
from tests.unit import fakes
from tests.unit.permissions import CHANGING, PermissionMatrix, path

DATA = b"bytes of the image"
ATTEMPT = "1" * 32


@pytest.fixture(autouse=True)
def _stage(settings):
    settings.HELION_IMAGES_UPLOAD_METHOD = conf.STAGE
    yield
    assert slots.UPLOADS.in_use == 0


def send(browser, url, data):
    return browser.put(
        url, data=data, content_type="application/octet-stream", CONTENT_LENGTH=str(len(data))
    )


def put(browser, image, query="", data=DATA):
    return send(browser, path("project", "upload", image["id"]) + query, data)


def resume(browser, image, query=""):
    return put(browser, image, f"?staged=1{query}", b"")


class TestResumePermissions(PermissionMatrix):
    page, expected, status = "upload", CHANGING, "uploading"

    def ask(self, browser, url):
        return send(browser, f"{url}?staged=1", b"")


@pytest.fixture
def queued(browser, glance):
    browser.login_as(factories.member())
    return glance.add(status="queued", name="new", disk_format="raw", size=None)


@pytest.fixture
def staged(glance, queued):
    queued.update(status="uploading", size=len(DATA))
    glance.staged[queued["id"]] = DATA
    return queued


def state(browser, image):
    answer = browser.get(path("project", "progress"), {"id": image["id"]}).json()
    return answer["images"][0]


def test_the_answer_comes_when_the_import_is_accepted(browser, glance, queued):
    response = put(browser, queued, f"?attempt={ATTEMPT}")
    assert response.json() == {
        "id": queued["id"],
        "verification": "",
        "warnings": [],
        "importing": True,
    }
    assert glance.uploads[queued["id"]] == DATA
    found = state(browser, queued)
    assert (found["status"], found["verification"]) == ("active", "verified")
    assert found["stored_attempt"] == ATTEMPT


def test_warnings_are_told_with_it(browser, glance, queued, settings):
    settings.HELION_IMAGES_CONTENT_WARNINGS = ["format"]
    queued["disk_format"] = "qcow2"
    warnings = put(browser, queued).json()["warnings"]
    assert len(warnings) == 1


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (fakes.refusal(409, "Store for identifier x not found"), "Store for identifier x"),
        (fakes.refusal(401, "over"), "your session ended"),
    ],
)
def test_a_refused_import_is_told_and_can_be_started_again(browser, glance, queued, error, words):
    glance.failing[f"POST /v2/images/{queued['id']}/import"] = error
    response = put(browser, queued)
    assert (response.status_code, response.json()["kind"]) == (400, "staged")
    assert words in response.json()["reason"]
    glance.failing.clear()
    found = state(browser, queued)
    assert (found["failure"], found["failure_kind"]) == (response.json()["reason"], "staged")
    assert found["in_progress"] is False
    details = browser.get(path("project", "detail", queued["id"])).content.decode()
    assert words in details

    assert resume(browser, queued, f"&attempt={ATTEMPT}").json()["importing"] is True
    found = state(browser, queued)
    assert (found["status"], found["verification"], found["failure"]) == ("active", "verified", "")
    assert found["stored_attempt"] == ATTEMPT


def test_a_file_that_glance_has_forgotten_keeps_the_next_one_out(browser, glance, queued):
    error = fakes.refusal(409, f"The image {queued['id']} has data on staging")
    glance.failing[f"PUT /v2/images/{queued['id']}/stage"] = error
    response = put(browser, queued)
    assert (response.status_code, response.json()["kind"]) == (415, "stuck")
    assert "earlier upload" in response.json()["reason"]
    assert state(browser, queued)["failure_kind"] == "stuck"


def test_it_may_be_refused_again(browser, glance, staged):
    glance.failing[f"POST /v2/images/{staged['id']}/import"] = fakes.refusal(503, "busy")
    for _time in range(2):
        response = resume(browser, staged)
        assert (response.json()["kind"], state(browser, staged)["failure_kind"]) == (
            "staged",
            "staged",
        )


@pytest.mark.parametrize("age", [{"minutes": 5}, {"minutes": 15}])
def test_staged_data_that_nobody_imports_is_told_after_a_while(browser, glance, staged, age):
    """A client may stage and import by two commands; a killed dashboard never goes on."""
    staged["updated_at"] = factories.ago(**age)
    found = state(browser, staged)
    is_old = age["minutes"] > 10
    assert bool(found["failure"]) is is_old
    assert found["in_progress"] is not is_old
    assert found["standstill"] == ""


def test_an_upload_that_runs_is_not_taken_for_it(browser, glance, staged):
    staged["updated_at"] = factories.ago(hours=1)
    with Progress(factories.request(), staged["id"]) as progress:
        progress.report(len(DATA), at_last=True)
        found = state(browser, staged)
    assert (found["failure"], found["in_progress"]) == ("", True)
    assert found["stored_bytes"] == len(DATA)


def test_an_import_that_was_accepted_is_not_either(browser, glance, staged):
    staged.update({"updated_at": factories.ago(hours=1), IMPORT_TASK: "t1"})
    found = state(browser, staged)
    assert (found["failure"], found["in_progress"]) == ("", True)


def test_an_image_that_glance_left_over_the_file(browser, glance, queued):
    queued.update(status="uploading", updated_at=factories.ago(hours=1))
    assert "delete it and create it again" in state(browser, queued)["standstill"]


@pytest.mark.parametrize("status", ["queued", "active", "importing", "saving"])
def test_without_staged_data_there_is_nothing_to_start(browser, glance, queued, status):
    queued["status"] = status
    response = resume(browser, queued)
    assert (response.status_code, response.json()["kind"]) == (409, "taken")
    assert glance.writes == []


def test_an_unknown_store_is_refused(browser, glance, staged):
    response = resume(browser, staged, "&store=cellar")
    assert (response.status_code, response.json()["kind"]) == (400, "invalid")
    assert glance.writes == []


def test_a_body_is_never_taken_for_the_staged_file(browser, glance, staged):
    assert put(browser, staged, "?staged=1").json()["kind"] == "taken"
    assert glance.writes == []


def test_an_import_that_was_seen_to_convert_has_files_staged(browser, glance, queued, settings):
    """In the way `auto`: what the page of an import from a URL has seen counts for files."""
    settings.HELION_IMAGES_UPLOAD_METHOD = conf.AUTO
    assert "importing" not in put(browser, queued).json()
    settings.HELION_IMAGES_UPLOAD_METHOD = conf.STAGE
    other = glance.add(status="queued", disk_format="raw", size=None)
    other["created_at"] = factories.ago(hours=1)
    glance.convert = lambda data: ({"disk_format": "qcow2"}, data + b"!")
    put(browser, other)
    assert state(browser, other)["verification"] == "converted"
    settings.HELION_IMAGES_UPLOAD_METHOD = conf.AUTO
    third = glance.add(status="queued", disk_format="raw", size=None)
    assert put(browser, third).json()["importing"] is True
