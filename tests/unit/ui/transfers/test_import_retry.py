# SPDX-License-Identifier: Apache-2.0
"""What pages say of an import that is started again, and for whom it is."""

import pytest

from helion_images_panel.transfers import import_retry, import_size, source_state
from helion_images_panel.ui.transfers import import_standstill
from tests import factories
from tests.unit.permissions import path
from tests.unit.transfers.test_import_retry import PENDING, URL, glance_task, queued, task

GIB = 1024**3


@pytest.fixture(autouse=True)
def source(monkeypatch):
    """The URLs for which the source was checked; all of them are fine."""
    asked = []

    def state(url, *_args):
        asked.append(url)
        return source_state.FINE

    monkeypatch.setattr(source_state, "state_of_source", state)
    return asked


def failed(glance, owner=factories.PROJECT, **values):
    image = glance.add(status="queued", size=None, stores=None, owner=owner)
    glance.tasks[image["id"]] = [glance_task(**values)]
    return image["id"]


def state(browser, image_id, panel="project"):
    answer = browser.get(path(panel, "progress"), {"id": image_id}).json()
    return next((each for each in answer["images"] if each["id"] == image_id), None)


def imported(glance):
    return [call.path for call in glance.writes if call.path.endswith("/import")]


def test_from_failure_to_the_second_attempt(browser, glance, settings):
    settings.HELION_IMAGES_IMPORT_RETRY_S = 600
    image_id = failed(glance)
    browser.login_as(factories.member())
    said = state(browser, image_id)
    assert (said["retry"], said["in_progress"], said["failure"]) == ("waiting", True, "")
    assert "started again after 600 seconds while this page is open" in said["retry_note"]
    assert URL in said["retry_details"]
    assert imported(glance) == []

    settings.HELION_IMAGES_IMPORT_RETRY_S = 30
    said = state(browser, image_id)
    assert (said["retry"], said["in_progress"]) == ("started", True)
    assert said["retry_note"] == "The import failed and was started again."
    assert len(imported(glance)) == 1

    second = glance_task(id="t2", seconds_ago=0, status="processing")
    glance.tasks[image_id].append(second)
    glance.images[image_id]["status"] = "importing"
    said = state(browser, image_id)
    assert (said["retry"], said["retry_note"]) == (
        "started",
        "The import failed and was started again.",
    )
    assert URL in said["retry_details"]

    second.update(glance_task(id="t2", seconds_ago=0))
    glance.images[image_id]["status"] = "queued"
    said = state(browser, image_id)
    assert (said["retry"], said["in_progress"]) == ("", False)
    assert said["failure"].endswith("The import was tried twice.")
    assert len(imported(glance)) == 1


def test_a_file_that_a_user_has_chosen_since_goes_first(browser, glance, source, settings):
    """Its own failure is shown, and the URL is not downloaded again."""
    settings.HELION_IMAGES_IMPORT_RETRY_S = 30
    image_id = failed(glance)
    browser.login_as(factories.member())
    upload = path("project", "upload", image_id) + "?decompress=1"
    refused = browser.put(upload, b"no file", content_type="application/octet-stream").json()
    said = state(browser, image_id)
    assert (said["retry"], said["failure"]) == ("", refused["reason"])
    assert imported(glance) == []


def test_a_form_with_a_file_goes_first_too(browser, glance, source, settings):
    settings.HELION_IMAGES_IMPORT_RETRY_S = 30
    image_id = failed(glance)
    browser.login_as(factories.member())
    form = {"source": "file", "file_name": "a", "file_size": "5", "disk_format": "qcow2"}
    assert browser.post(path("project", "upload_data", image_id), form).status_code == 201
    assert state(browser, image_id)["retry"] == ""
    assert imported(glance) == []


def test_a_cause_that_does_not_pass_is_said_at_once(browser, glance, monkeypatch):
    monkeypatch.setattr(source_state, "state_of_source", lambda *_args: source_state.WRONG)
    said = state(browser.login_as(factories.member()), failed(glance))
    assert (said["retry"], said["in_progress"]) == ("", False)
    assert said["failure"].startswith("The download failed")
    assert imported(glance) == []


def test_one_source_is_checked_for_each_request(browser, glance, source, settings):
    settings.HELION_IMAGES_IMPORT_RETRY_S = 600
    ids = [failed(glance, url=f"{URL}{number}") for number in range(3)]
    browser.login_as(factories.member())
    for checked in (1, 2, 3):
        found = browser.get(path("project", "progress"), {"id": ids}).json()["images"]
        assert len(source) == checked
        assert sorted(each["retry"] for each in found).count("waiting") == checked


ALLOWED, REFUSED = True, False


@pytest.mark.parametrize(
    ("who", "panel", "owner", "expected"),
    [
        (factories.member, "project", factories.PROJECT, ALLOWED),
        (factories.reader, "project", factories.PROJECT, REFUSED),
        (factories.member, "project", factories.SIBLING, REFUSED),
        (factories.domain_admin, "admin", factories.SIBLING, ALLOWED),
        (factories.domain_admin, "admin", factories.FOREIGN, REFUSED),
        (factories.cloud_admin, "admin", factories.FOREIGN, ALLOWED),
    ],
)
def test_only_for_users_who_may_import(browser, glance, source, who, panel, owner, expected):
    image_id = failed(glance, owner=owner)
    said = state(browser.login_as(who()), image_id, panel)
    assert bool(said and said["retry"]) is expected
    assert (len(source), len(imported(glance))) == ((1, 1) if expected else (0, 0))


def test_not_against_the_policy_of_uploads(browser, glance, source, monkeypatch):
    from helion_images_panel import policy

    allows = policy.allows
    monkeypatch.setattr(
        policy,
        "allows",
        lambda request, rule, *more: rule != policy.UPLOAD_IMAGE and allows(request, rule, *more),
    )
    image_id = failed(glance)
    assert state(browser.login_as(factories.member()), image_id)["retry"] == ""
    assert (source, imported(glance)) == ([], [])


def test_not_where_glance_does_not_import_from_urls(browser, glance, source):
    glance.import_methods = ["glance-direct"]
    assert state(browser.login_as(factories.member()), failed(glance))["retry"] == ""
    assert (source, imported(glance)) == ([], [])


def test_it_can_be_turned_off(browser, glance, source, settings):
    settings.HELION_IMAGES_IMPORT_RETRY_S = 0
    said = state(browser.login_as(factories.member()), failed(glance))
    assert said["failure"].startswith("The download failed")
    assert (source, imported(glance)) == ([], [])


def test_the_details_say_how_it_goes_on_and_start_nothing(browser, glance, source):
    image_id = failed(glance)
    browser.login_as(factories.member())
    page = browser.get(path("project", "detail", image_id)).content.decode()
    assert "The import failed. The dashboard is checking its URL." in page
    assert 'data-hip-retry="checking"' in page
    assert f'data-hip-watch="{image_id}"' in page
    assert "Try Another URL" not in page
    assert (source, imported(glance)) == ([], [])
    # The page's script asks.
    assert state(browser, image_id)["retry"] == "started"


def test_the_second_attempt_of_a_user_has_no_cause(browser, glance):
    """What was wrong with the first one is not known any more."""
    image_id = failed(glance)
    glance.tasks[image_id].append(glance_task(id="t2", seconds_ago=0, status="processing"))
    said = state(browser.login_as(factories.member()), image_id)
    assert (said["retry"], said["retry_details"]) == ("started", "")


def test_how_long_it_took_is_said_where_it_broke_off(browser, glance):
    image_id = failed(glance, took_s=180)
    details = state(browser.login_as(factories.member()), image_id)["retry_details"]
    assert details.startswith("The download broke off after 3 minutes. The connection to https://")
    assert "not found" not in details


def test_an_import_that_glance_has_not_begun(browser, glance):
    image_id = failed(glance, **PENDING)
    glance.images[image_id]["os_glance_import_task"] = "t1"
    said = state(browser.login_as(factories.member()), image_id)
    assert (said["retry"], len(imported(glance))) == ("started", 1)
    assert "had stopped working" in said["retry_details"]


@pytest.mark.parametrize(
    ("status", "values", "words"),
    [
        ("importing", {"status": "processing", "seconds_ago": 3500}, ""),
        (
            "importing",
            {"status": "processing", "seconds_ago": 3700},
            "no progress of this import for 61 minutes",
        ),
        ("queued", {"status": "pending", "seconds_ago": 500}, ""),
        ("queued", {"status": "pending", "seconds_ago": 3610}, "into this image in 59 minutes"),
        ("queued", {"status": "pending", "seconds_ago": 7300}, ""),
        ("importing", {"status": "success", "seconds_ago": 7300}, ""),
        (
            "importing",
            {"status": "processing", "seconds_ago": 7300, "method": "glance-direct"},
            "no progress of this import for",
        ),
    ],
)
def test_an_import_that_does_not_go_on(status, values, words):
    found = import_standstill.of_standstill(factories.image(status=status), [task(**values)])
    assert (words in found) if words else (found == "")


def test_an_import_that_hangs_is_said_with_what_to_do(browser, glance):
    image_id = failed(glance, status="processing", seconds_ago=7200)
    glance.images[image_id].update(status="importing", os_glance_import_task="t1")
    browser.login_as(factories.member())
    said = state(browser, image_id)
    assert said["standstill"].endswith("delete it and create it again.")
    assert (said["in_progress"], said["retry"], imported(glance)) == (True, "", [])
    page = browser.get(path("project", "detail", image_id)).content.decode()
    assert said["standstill"] in page


def test_the_size_of_the_file_comes_from_the_check_of_its_url(browser, glance):
    request = factories.request()
    image_id = failed(glance, status="processing", seconds_ago=1, message="Copied 12 MiB")
    browser.login_as(factories.member())
    assert state(browser, image_id)["expected_bytes"] is None
    import_size.record_url(request.user.id, URL, GIB)
    import_size.record_url("another", f"{URL}2", 2 * GIB)
    import_size.record_image(request, image_id, URL)
    said = state(browser, image_id)
    assert (said["expected_bytes"], said["stored_bytes"]) == (GIB, 12 * 1024**2)
    assert said["stored_at_s"] > 0
    # Another URL, of which another user knows the size.
    import_size.record_image(request, image_id, f"{URL}2")
    assert import_size.of_image(request, image_id) is None
    import_size.record_image(request, image_id, f"{URL}2", 5)
    assert import_size.of_image(request, image_id) == 5


def test_a_server_that_sends_no_size():
    import_size.record_url("u1", URL, None)
    request = factories.request()
    import_size.record_image(request, factories.image_id(1), URL)
    assert import_size.of_image(request, factories.image_id(1)) is None


def test_queued_images_without_a_failure_are_left_alone(glance):
    assert not import_retry.is_candidate(queued(), [task(status="success")])
