# SPDX-License-Identifier: Apache-2.0
"""Which failed imports are started again, and when."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache as django_cache

from helion_images_panel.api.imports import ImportTask
from helion_images_panel.api.lock import Lock
from helion_images_panel.api.web import Beginning, WebFailure
from helion_images_panel.core.image import Image
from helion_images_panel.core.system_of_file import System
from helion_images_panel.transfers import import_retry, source_state, url_check
from helion_images_panel.transfers.first_bytes import Detected
from helion_images_panel.transfers.url_check import CheckRefused, Report
from tests import factories
from tests.unit import fakes

URL = "https://files.example/a.qcow2"
INTERNAL = "Task failed due to Internal Error"


def at(seconds_ago):
    moment = datetime.now(UTC) - timedelta(seconds=seconds_ago)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f")


def glance_task(seconds_ago=60.0, took_s=1.0, status="failure", url=URL, **values):
    import_request = {
        "method": {"name": values.pop("method", "web-download"), "uri": url},
        "all_stores_must_succeed": values.pop("all_stores_must_succeed", False),
    }
    return {
        "id": "t1",
        "status": status,
        "message": INTERNAL if status == "failure" else "",
        "created_at": at(seconds_ago + took_s),
        "updated_at": at(seconds_ago),
        "input": {"import_req": import_request, "backend": ["archive"]},
        **values,
    }


def task(**values):
    return ImportTask.from_glance(glance_task(**values))


def queued(**attributes):
    return factories.image(status="queued", size=None, stores=None, **attributes)


PENDING = {"status": "pending", "seconds_ago": 3 * 3600}


@pytest.mark.parametrize(
    ("values", "attributes", "expected"),
    [
        ({}, {}, True),
        ({"all_stores_must_succeed": True}, {}, True),
        # What Glance has refused by its content holds the image.
        ({}, {"os_glance_import_task": "t1", "os_glance_failed_import": "fast"}, False),
        ({"message": "Project 1 is over a limit for [staging]"}, {}, False),
        ({"method": "glance-direct"}, {}, False),
        ({"url": f"{URL}?signature=x"}, {}, False),
        ({"url": "https://kim:word@files.example/a"}, {}, False),
        ({"seconds_ago": 25 * 3600}, {}, False),
        ({"status": "success"}, {}, False),
        ({"status": "processing"}, {}, False),
        # Glance was killed before it began; the lock of what has not begun lasts twice as long.
        (PENDING, {"os_glance_import_task": "t1"}, True),
        (PENDING | {"seconds_ago": 5400}, {"os_glance_import_task": "t1"}, False),
        (PENDING, {"os_glance_import_task": "another"}, False),
        ({"status": "processing", "seconds_ago": 5400}, {"os_glance_import_task": "t1"}, True),
    ],
)
def test_what_may_be_started_again(values, attributes, expected):
    assert import_retry.is_candidate(queued(**attributes), [task(**values)]) is expected


@pytest.mark.parametrize("status", ["importing", "active", "saving"])
def test_only_a_queued_image(status):
    """Glance accepts an import into no other."""
    image = factories.image(status=status, os_glance_import_task="t1")
    assert not import_retry.is_candidate(image, [task(status="processing", seconds_ago=7200)])
    assert not import_retry.is_candidate(image, [task()])


def test_not_without_a_task_and_not_if_it_is_off(settings):
    assert not import_retry.is_candidate(queued(), [])
    settings.HELION_IMAGES_IMPORT_RETRY_S = 0
    assert not import_retry.is_candidate(queued(), [task()])


def test_never_a_second_time():
    first, second = task(id="t1", seconds_ago=90), task(id="t2")
    assert import_retry.first_attempt([second, first]) == first
    assert not import_retry.is_candidate(queued(), [second, first])


@pytest.mark.parametrize(
    "values", [{"url": "https://files.example/b"}, {"status": "success"}, {"method": "copy-image"}]
)
def test_what_is_no_first_attempt(values):
    assert import_retry.first_attempt([task(id="t2"), task(**values)]) is None


@pytest.fixture
def source(monkeypatch):
    """Set `found` to what the check of the URL finds, or raises."""

    class Source:
        found = source_state.FINE
        asked = 0

        def state(self, *_args):
            self.asked += 1
            if isinstance(self.found, Exception):
                raise self.found
            return self.found

    made = Source()
    monkeypatch.setattr(source_state, "state_of_source", made.state)
    return made


@pytest.fixture
def failed(glance):
    """An image whose import has just failed: its ID, and its tasks in Glance."""
    image = glance.add(status="queued", size=None, stores=None, owner=factories.PROJECT)
    glance.tasks[image["id"]] = [glance_task()]
    return image["id"]


def advance(glance, image_id, may_check=True):
    request = factories.request()
    image = Image.from_glance(glance.images[image_id])
    newest = ImportTask.from_glance(glance.tasks[image_id][0])
    return import_retry.advance(request, image, newest, may_check)


CASES = [
    # What the dashboard finds, how long the import took, whether all stores had to succeed.
    ("fine", 1, False, True),
    ("fine", 1, True, False),
    ("broken", 1, False, True),
    ("broken", 1, True, True),
    ("wrong", 1, False, False),
    ("wrong", 60, False, False),
    ("unknown", 1, False, False),
    ("unknown", 60, False, True),
    ("unknown", 60, True, False),
]


@pytest.mark.parametrize(("found", "took_s", "all_stores", "expected"), CASES)
def test_by_what_is_found_at_the_source(
    glance, source, failed, found, took_s, all_stores, expected
):
    source.found = found
    values = {"took_s": took_s, "all_stores_must_succeed": all_stores}
    glance.tasks[failed] = [glance_task(**values)]
    assert advance(glance, failed) == (import_retry.STARTED if expected else import_retry.FINAL)
    imports = [call for call in glance.writes if call.path.endswith("/import")]
    assert len(imports) == expected


def test_it_is_the_same_import(glance, source, failed):
    advance(glance, failed)
    (call,) = glance.writes
    assert call.body == {
        "method": {"name": "web-download", "uri": URL},
        "stores": ["archive"],
        "all_stores_must_succeed": False,
    }


def test_not_before_its_time(glance, source, failed, settings):
    settings.HELION_IMAGES_IMPORT_RETRY_S = 600
    assert [advance(glance, failed) for _ in range(3)] == ["waiting"] * 3
    assert (source.asked, glance.writes) == (1, [])
    settings.HELION_IMAGES_IMPORT_RETRY_S = 30
    assert advance(glance, failed) == "started"
    assert (source.asked, len(glance.writes)) == (1, 1)


def test_what_does_not_pass_is_found_out_once(glance, source, failed):
    source.found = source_state.WRONG
    assert [advance(glance, failed) for _ in range(3)] == ["final"] * 3
    assert (source.asked, glance.writes) == (1, [])


def test_a_check_that_is_refused_is_made_later(glance, source, failed):
    source.found = CheckRefused(is_busy=True)
    assert advance(glance, failed) == "checking"
    source.found = source_state.FINE
    assert advance(glance, failed, may_check=False) == "checking"
    assert advance(glance, failed) == "started"


def test_one_page_at_a_time(glance, source, failed):
    key = import_retry._key(factories.request(), factories.image(id=failed))
    lock = Lock(key.replace("import_retry.", "import_retry_lock."))
    assert lock.acquire()
    assert advance(glance, failed) == "checking"
    assert (source.asked, glance.writes) == (0, [])
    lock.release()
    assert advance(glance, failed) == "started"


def test_once_it_was_started_nobody_starts_it_again(glance, source, failed):
    """Also while Glance does not list the new task yet."""
    assert [advance(glance, failed) for _ in range(3)] == ["started"] * 3
    assert len(glance.writes) == 1


def test_not_if_somebody_else_was_faster(glance, source, failed):
    image = Image.from_glance(glance.images[failed])
    stale = ImportTask.from_glance(glance.tasks[failed][0])
    glance.tasks[failed].append(glance_task(id="t2", seconds_ago=0, status="processing"))
    assert import_retry.advance(factories.request(), image, stale, True) == "started"
    assert glance.writes == []


@pytest.mark.parametrize(("status", "expected"), [(409, "started"), (400, "final"), (503, "final")])
def test_what_glance_refuses(glance, source, failed, status, expected):
    glance.failing[f"POST /v2/images/{failed}/import"] = fakes.refusal(status, "No.")
    assert advance(glance, failed) == expected


def test_without_a_cache_it_might_be_started_twice(glance, source, failed, monkeypatch):
    monkeypatch.setattr(django_cache, "add", lambda *_args: False)
    assert advance(glance, failed) == "final"
    assert glance.writes == []


def test_an_import_that_glance_has_not_begun_is_started_without_a_check(glance, source, failed):
    glance.images[failed]["os_glance_import_task"] = "t1"
    glance.tasks[failed] = [glance_task(**PENDING)]
    assert advance(glance, failed) == "started"
    assert source.asked == 0


def test_what_was_accepted_and_is_not_listed_is_over_after_a_minute(
    glance, source, failed, settings
):
    advance(glance, failed)
    key = import_retry._key(factories.request(), factories.image(id=failed))
    task_id, known, since = django_cache.get(key)
    django_cache.set(key, (task_id, known, since - 61))
    assert advance(glance, failed) == "final"
    assert len(glance.writes) == 1


def report(urls=(URL,), addresses=("192.0.2.1", "192.0.2.1"), data=b"x", **detected):
    beginning = Beginning(urls, addresses[: len(urls)], None, "", "", data)
    return Report(beginning, "a.qcow2", Detected(**detected), System())


def failure(kind, status=0):
    return WebFailure(kind, URL, status)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (report(format="qcow2"), "fine"),
        (report(packed="gzip"), "fine"),
        (report(format="iso", is_by_name=True), "fine"),
        (report(format="iso"), "wrong"),
        (report(is_web_page=True), "wrong"),
        (report(data=b""), "wrong"),
        (report((URL, "https://files.example/b"), format="qcow2"), "fine"),
        (report((URL, "https://other.example/b"), format="qcow2"), "fine"),
        (report((URL, "https://other.example:8443/b"), format="qcow2"), "wrong"),
        (report((URL, "https://other.example/b"), ("192.0.2.1", "127.0.0.1")), "wrong"),
        (failure("status", 404), "wrong"),
        (failure("status", 403), "wrong"),
        (failure("status", 429), "broken"),
        (failure("status", 503), "broken"),
        (failure("connection"), "broken"),
        (failure("timeout"), "broken"),
        (failure("tls"), "wrong"),
        (failure("redirects"), "wrong"),
        (failure("host"), "unknown"),
        (failure("port"), "unknown"),
    ],
)
def test_what_the_source_is_taken_for(monkeypatch, found, expected):
    def check(_url, _user_id, _allowed, with_checksum):
        assert not with_checksum
        if isinstance(found, Exception):
            raise found
        return found

    monkeypatch.setattr(url_check, "check", check)
    assert source_state.state_of_source(URL, "qcow2", "u1") == expected


def test_raw_may_be_anything(monkeypatch):
    monkeypatch.setattr(url_check, "check", lambda *_args, **_kwargs: report(format="iso"))
    assert source_state.state_of_source(URL, "raw", "u1") == "fine"


def test_nothing_is_asked_where_the_check_of_a_url_is_off(settings, monkeypatch):
    settings.HELION_IMAGES_URL_CHECK = False
    monkeypatch.setattr(url_check, "check", None)
    assert source_state.state_of_source(URL, "qcow2", "u1") == "unknown"
