# SPDX-License-Identifier: Apache-2.0
import dataclasses
import datetime

import pytest

from helion_images_panel.api.imports import ImportTask
from helion_images_panel.ui.transfers import import_failures
from helion_images_panel.ui.transfers.import_failures import ImportFailure
from tests import factories

INTERNAL = "Task failed due to Internal Error"
URL = "http://files.example/a.qcow2"
OVER_STAGING = (
    "Project 0ef3 is over a limit for [Resource image_stage_total is over limit of 10 due to "
    "current usage 11 and delta 0]"
)


def task(status="processing", message="", **attributes):
    return ImportTask(status, message, attributes.pop("updated_at", ""), **attributes)


def ours(message=INTERNAL, seconds=1):
    """A failed task as this panel starts them, where there are stores."""
    began = datetime.datetime(2026, 11, 1, 12, tzinfo=datetime.UTC)
    return task(
        "failure",
        message,
        id="task-1",
        method="web-download",
        url=URL,
        all_stores_must_succeed=False,
        created_at=began.strftime("%Y-%m-%dT%H:%M:%S.%f"),
        updated_at=(began + datetime.timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S.%f"),
    )


def minutes_ago(minutes):
    moment = datetime.datetime.now(datetime.UTC) - datetime.timedelta(minutes=minutes)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f")


def queued(**attributes):
    return factories.image(status="queued", size=None, stores=None, **attributes)


def refused(**attributes):
    """As Glance leaves an image whose content it has refused."""
    return queued(os_glance_import_task="task-1", os_glance_failed_import="fast", **attributes)


def test_that_it_was_tried_twice_is_said():
    earlier = dataclasses.replace(ours(), id="task-0")
    failure = import_failures.failure(queued(), [ours(), earlier])
    assert failure.summary.endswith("connection lost. The import was tried twice.")
    other = dataclasses.replace(earlier, url="http://files.example/b")
    assert "twice" not in import_failures.failure(queued(), [ours(), other]).summary


def test_when_the_number_of_bytes_was_updated():
    assert import_failures.updated_at_s([]) is None
    assert import_failures.updated_at_s([task()]) is None
    moment = "2026-11-01T12:00:00.500000"
    assert import_failures.updated_at_s([task(updated_at=moment)]) == 1793534400.5


@pytest.mark.parametrize(
    ("tasks", "expected"),
    [
        ([], None),
        ([task()], None),
        ([task(message="Copied 0 MiB")], 0),
        ([task(message="Copied 128 MiB")], 128 * 1024 * 1024),
        ([task(), task(message="Copied 5 MiB")], None),
    ],
)
def test_stored_bytes_of_the_newest_task(tasks, expected):
    assert import_failures.stored_bytes(tasks) == expected


@pytest.mark.parametrize(
    "tasks", [[], [task()], [task("success", "x")], [task("success"), task("failure", "old")]]
)
def test_no_failure(tasks):
    assert import_failures.failure(queued(), tasks) is None


def test_glances_own_words_where_it_has_some():
    failure = import_failures.failure(queued(), [task("failure", "404 %s")])
    assert failure == ImportFailure("The import failed: 404 %s", takes_file=True)


def test_a_limit_is_named():
    failure = import_failures.failure(queued(), [ours(OVER_STAGING)])
    assert "10 MiB of the cloud's staging area" in failure.summary


@pytest.mark.parametrize("message", ["", INTERNAL])
def test_the_likely_causes_where_nothing_tells_more(message):
    """Such as an import that another client has started."""
    failure = import_failures.failure(queued(), [task("failure", message)])
    assert "Check the URL in a browser" in failure.details


@pytest.mark.parametrize(
    ("method", "words"),
    [
        ("glance-direct", "worker_self_reference_url"),
        ("copy-image", "Copy it again"),
        ("glance-download", "Check the image in that region"),
    ],
)
def test_a_method_without_a_url_names_none(method, words):
    failure = import_failures.failure(queued(), [task("failure", INTERNAL, method=method)])
    assert words in failure.details
    assert "URL in a browser" not in failure.details
    assert not failure.takes_url


@pytest.mark.parametrize(
    ("attributes", "method", "stopped"),
    [
        ({}, "glance-direct", True),
        ({}, "web-download", False),
        # The next task has begun.
        ({"os_glance_import_task": "task-2"}, "glance-direct", False),
    ],
)
def test_data_that_was_staged_elsewhere(attributes, method, stopped):
    image = factories.image(status="importing", **attributes)
    failure = import_failures.failure(image, [task("failure", INTERNAL, method=method)])
    assert bool(failure) == stopped
    if failure:
        assert "delete it" in failure.summary
        assert not failure.takes_file


def test_what_could_not_be_fetched():
    failure = import_failures.failure(queued(os_glance_failed_import="fast"), [ours()])
    assert failure.summary.startswith("The download failed: not found")
    assert f"no data from {URL}" in failure.details
    assert "format" not in str(failure)


@pytest.mark.parametrize(("seconds", "told"), [(60, "60 seconds"), (600, "10 minutes")])
def test_what_broke_off_after_a_while(seconds, told):
    failure = import_failures.failure(queued(), [ours(seconds=seconds)])
    assert f"broke off after {told}" in failure.summary
    assert URL in failure.details
    assert "not found" not in str(failure)


def test_content_that_was_not_kept():
    failure = import_failures.failure(refused(), [ours()])
    assert "downloaded but rejected" in failure.summary
    assert "not a QCOW2 image" in failure.summary
    assert URL in failure.details
    assert "not found" not in str(failure)


def test_raw_data_are_never_of_the_wrong_format():
    failure = import_failures.failure(refused(disk_format="raw"), [ours()])
    assert "could not be stored" in failure.summary
    assert "web page" not in str(failure)


@pytest.mark.parametrize("disk_format", ["raw", "qcow2"])
def test_data_that_were_too_large_for_an_image(disk_format):
    """Glance before 33.0 finds that after the download."""
    failure = import_failures.failure(refused(disk_format=disk_format), [ours()])
    assert "exceed" in failure.details
    assert "the maximum image size" in failure.details


@pytest.mark.parametrize("may_upload_files", [True, False])
def test_the_sources_that_are_left(may_upload_files):
    """Glance takes no other URL for an hour after it has refused the content of one."""
    fetched = dataclasses.replace(ours(), updated_at=minutes_ago(20))
    long_ago = dataclasses.replace(ours(), updated_at=minutes_ago(61))
    found = [
        import_failures.failure(image, [each], may_upload_files)
        for image, each in ((queued(), ours()), (refused(), fetched), (refused(), long_ago))
    ]
    assert [each.takes_url for each in found] == [True, False, True]
    assert {each.takes_file for each in found} == {may_upload_files}


def test_an_address_is_text_whatever_it_is():
    hostile = dataclasses.replace(ours(), url="http://x/%s%(no)s")
    assert "http://x/%s%(no)s" in import_failures.failure(queued(), [hostile]).details


def test_a_refused_image_is_not_on_its_way():
    """Glance leaves its mark of a task on it."""
    assert not refused().in_progress
    assert queued(os_glance_import_task="task-1").in_progress


def test_an_image_that_was_read_while_its_import_ran_is_read_again():
    assert import_failures.is_stale(refused(), [ours()])
    assert not import_failures.is_stale(queued(), [ours()])
    assert not import_failures.is_stale(queued(os_glance_import_task="task-1"), [task()])
    assert not import_failures.is_stale(queued(), None)


def test_another_import_is_blocked_for_an_hour():
    fresh = dataclasses.replace(ours(), updated_at=minutes_ago(20))
    assert "for an hour" in import_failures.blocked(refused(), [task(id="newer"), fresh])
    assert "in 39 minutes" in import_failures.blocked(refused(), [fresh])
    assert import_failures.blocked(queued(), [fresh]) == ""
    assert import_failures.blocked(queued(os_glance_import_task="task-1"), [fresh]) == ""
    assert import_failures.blocked(factories.image(os_glance_import_task="task-1"), [fresh]) == ""


def test_after_that_hour_glance_lets_go():
    old = dataclasses.replace(ours(), updated_at=minutes_ago(61))
    assert import_failures.blocked(refused(), [old]) == ""
    assert import_failures.blocked(refused(), [task(id="other", updated_at=minutes_ago(1))]) == ""
    assert import_failures.blocked(refused(), []) == ""


@pytest.mark.parametrize(
    ("status", "minutes_ago", "alive"),
    [
        ("processing", 1, True),
        # Glance waits twice as long for what it has not begun.
        ("pending", 119, True),
        ("pending", 121, False),
        ("processing", 61, False),
        ("success", 1, False),
    ],
)
def test_a_task_that_glance_was_killed_over_is_not_waited_for(status, minutes_ago, alive):
    moved = datetime.datetime.now(datetime.UTC) - datetime.timedelta(minutes=minutes_ago)
    assert task(status, updated_at=moved.isoformat()).is_alive is alive


def test_a_task_without_time_is_waited_for():
    assert task().is_alive
