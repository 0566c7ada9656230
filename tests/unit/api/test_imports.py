# SPDX-License-Identifier: Apache-2.0
import dataclasses

import pytest

from helion_images_panel import exceptions
from helion_images_panel.api import imports
from helion_images_panel.api.imports import ImportTask
from tests import factories
from tests.unit import fakes


@pytest.fixture
def request_():
    return factories.request()


FROM_URL = imports.ImportTask(
    "failure", "", "", url="http://files.example/a", stores=("archive", "fast")
)


def task(**attributes):
    return {
        "status": "processing",
        "message": "",
        "updated_at": "2026-11-01T00:00:00Z",
    } | attributes


def test_import_methods(glance, request_):
    assert imports.import_methods(request_) == ["glance-direct", "web-download"]


@pytest.mark.parametrize("status", [403, 404])
def test_a_glance_without_imports_has_no_methods(glance, request_, status):
    glance.failing["GET /v2/info/import"] = fakes.refusal(status, "no")
    assert imports.import_methods(request_) == []


def test_other_failures_are_not_taken_for_no_imports(glance, request_):
    glance.failing["GET /v2/info/import"] = fakes.refusal(500, "no")
    with pytest.raises(exceptions.ImageServiceError):
        imports.import_methods(request_)


def test_import_from_url(glance, request_):
    image_id = glance.add(status="queued")["id"]
    imports.import_from_url(request_, image_id, "http://files.example/a.qcow2")
    (call,) = glance.writes
    assert call.path == f"/v2/images/{image_id}/import"
    assert call.body == {"method": {"name": "web-download", "uri": "http://files.example/a.qcow2"}}


def test_import_where_there_are_stores(glance, request_):
    """Glance takes back what it refuses by its content, but only if told so."""
    glance.stores = [{"id": "fast", "default": "true"}, {"id": "archive"}]
    image_id = glance.add(status="queued")["id"]
    imports.import_from_url(request_, image_id, "http://files.example/a.qcow2", "archive")
    assert glance.writes[0].body == {
        "method": {"name": "web-download", "uri": "http://files.example/a.qcow2"},
        "stores": ["archive"],
        "all_stores_must_succeed": False,
    }


def test_an_import_again_has_the_same_url_and_stores(glance, request_):
    glance.stores = [{"id": "fast", "default": "true"}, {"id": "archive"}]
    image_id = glance.add(status="queued")["id"]
    imports.import_again(request_, image_id, FROM_URL)
    assert glance.writes[0].body == {
        "method": {"name": "web-download", "uri": "http://files.example/a"},
        "stores": ["archive", "fast"],
    }


@pytest.mark.parametrize("unknown", [{"has_secrets": True}, {"url": ""}])
def test_a_url_that_is_not_known_is_not_sent_again(glance, request_, unknown):
    image_id = glance.add(status="queued")["id"]
    with pytest.raises(ValueError, match="not known"):
        imports.import_again(request_, image_id, dataclasses.replace(FROM_URL, **unknown))
    assert glance.writes == []


def test_tasks_come_newest_first(glance, request_):
    image_id = glance.add()["id"]
    glance.tasks[image_id] = [
        task(status="failure", updated_at="2026-11-01T00:00:00Z"),
        task(status="success", updated_at="2026-11-03T00:00:00Z"),
        task(status="processing", updated_at="2026-11-02T00:00:00Z"),
    ]
    found = imports.import_tasks(request_, image_id)
    assert [each.status for each in found] == ["success", "processing", "failure"]


def test_what_a_task_was_asked(glance, request_):
    image_id = glance.add()["id"]
    asked = {
        "method": {"name": "web-download", "uri": "http://files.example/a"},
        "all_stores_must_succeed": False,
    }
    glance.tasks[image_id] = [
        task(
            id="task-1",
            created_at="2026-10-31T23:59:00Z",
            input={"image_id": image_id, "import_req": asked, "backend": ["fast", "archive"]},
        ),
        task(created_at="2026-10-30T00:00:00Z", input={"import_req": {}, "backend": [None]}),
    ]
    newest, oldest = imports.import_tasks(request_, image_id)
    assert newest == ImportTask(
        status="processing",
        message="",
        updated_at="2026-11-01T00:00:00Z",
        created_at="2026-10-31T23:59:00Z",
        id="task-1",
        method="web-download",
        url="http://files.example/a",
        stores=("fast", "archive"),
        all_stores_must_succeed=False,
    )
    assert newest.is_running
    assert (oldest.method, oldest.stores, oldest.all_stores_must_succeed) == ("", (), True)


def test_a_task_without_message_or_time(glance, request_):
    image_id = glance.add()["id"]
    glance.tasks[image_id] = [{"status": "pending", "message": None, "updated_at": None}]
    assert imports.import_tasks(request_, image_id) == [ImportTask("pending", "", "")]


@pytest.mark.parametrize("status", [403, 404])
def test_tasks_that_glance_keeps_to_itself(glance, request_, status):
    image_id = glance.add()["id"]
    glance.failing[f"GET /v2/images/{image_id}/tasks"] = fakes.refusal(status, "no")
    assert imports.import_tasks(request_, image_id) == []
