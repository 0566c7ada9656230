# SPDX-License-Identifier: Apache-2.0
import pytest

from helion_images_panel.api.imports import ImportTask
from helion_images_panel.ui import importing


def task(status="processing", message=""):
    return ImportTask(status, message, "2026-11-01T00:00:00Z")


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
    assert importing.stored_bytes(tasks) == expected


@pytest.mark.parametrize(
    "tasks", [[], [task()], [task("success", "x")], [task("success"), task("failure", "old")]]
)
def test_no_failure(tasks):
    assert importing.failure(tasks) == ""


def test_glances_own_words_where_it_has_some():
    assert importing.failure([task("failure", "404 %s")]) == "The import failed: 404 %s"


@pytest.mark.parametrize("message", ["", "Task failed due to Internal Error"])
def test_the_likely_causes_where_it_has_none(message):
    assert "Check the address in a browser" in importing.failure([task("failure", message)])
