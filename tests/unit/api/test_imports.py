# SPDX-License-Identifier: Apache-2.0
import pytest

from helion_images_panel import exceptions
from helion_images_panel.api import imports
from helion_images_panel.api.imports import ImportTask
from tests import factories
from tests.unit import fakes


@pytest.fixture
def request_():
    return factories.request()


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
    (call,) = glance.calls
    assert call.path == f"/v2/images/{image_id}/import"
    assert call.body == {"method": {"name": "web-download", "uri": "http://files.example/a.qcow2"}}


def test_tasks_come_newest_first(glance, request_):
    image_id = glance.add()["id"]
    glance.tasks[image_id] = [
        task(status="failure", updated_at="2026-11-01T00:00:00Z"),
        task(status="success", updated_at="2026-11-03T00:00:00Z"),
        task(status="processing", updated_at="2026-11-02T00:00:00Z"),
    ]
    found = imports.import_tasks(request_, image_id)
    assert [each.status for each in found] == ["success", "processing", "failure"]


def test_a_task_without_message_or_time(glance, request_):
    image_id = glance.add()["id"]
    glance.tasks[image_id] = [{"status": "pending", "message": None, "updated_at": None}]
    assert imports.import_tasks(request_, image_id) == [ImportTask("pending", "", "")]


@pytest.mark.parametrize("status", [403, 404])
def test_tasks_that_glance_keeps_to_itself(glance, request_, status):
    image_id = glance.add()["id"]
    glance.failing[f"GET /v2/images/{image_id}/tasks"] = fakes.refusal(status, "no")
    assert imports.import_tasks(request_, image_id) == []
