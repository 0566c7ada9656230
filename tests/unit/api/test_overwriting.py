# SPDX-License-Identifier: Apache-2.0
"""No change is sent, or reported as made, that Glance undoes at the end of a transfer."""

import pytest

from helion_images_panel import exceptions
from helion_images_panel.api import images
from tests import factories

COPYING = {"os_glance_importing_to_stores": "archive", "os_glance_import_task": "task-1"}


@pytest.fixture
def request_():
    return factories.request(factories.cloud_admin())


def task(glance, image_id, status, updated_at):
    glance.tasks[image_id] = [
        {"id": "task-1", "status": status, "updated_at": updated_at, "type": "api_image_import"}
    ]


@pytest.mark.parametrize("status", ["saving", "uploading", "importing"])
def test_nothing_is_sent_during_a_transfer(glance, request_, status):
    image_id = glance.add(status=status, protected=True)["id"]
    images.image_get(request_, image_id)
    for changes in ({"name": "new"}, {"protected": True}, {"protected": False, "name": "new"}):
        with pytest.raises(exceptions.DataTransferred) as refused:
            images.image_update(request_, image_id, changes)
        assert not refused.value.is_changed
    assert glance.writes == []
    # An image whose transfer has died can be deleted.
    images.image_update(request_, image_id, {"protected": False})
    assert len(glance.writes) == 1


def test_a_transfer_that_has_just_begun(glance, request_):
    image = glance.add(status="queued")
    images.image_get(request_, image["id"])
    glance.images[image["id"]]["status"] = "saving"
    with pytest.raises(exceptions.DataTransferred) as told:
        images.image_update(request_, image["id"], {"name": "new"})
    assert told.value.is_changed


@pytest.mark.parametrize(
    ("status", "updated_at", "is_refused"),
    [
        ("processing", "2999-01-01T00:00:00", True),
        ("processing", "2020-01-01T00:00:00", False),
        ("success", "2999-01-01T00:00:00", False),
    ],
)
def test_a_copy_that_has_died_does_not_count(glance, request_, status, updated_at, is_refused):
    image_id = glance.add(status="active", **COPYING)["id"]
    task(glance, image_id, status, updated_at)
    images.image_get(request_, image_id)
    if is_refused:
        with pytest.raises(exceptions.DataTransferred):
            images.image_update(request_, image_id, {"name": "new"})
    else:
        assert images.image_update(request_, image_id, {"name": "new"}).name == "new"


def test_no_further_call_for_an_image_at_rest(glance, request_):
    image_id = glance.add(status="active")["id"]
    images.image_get(request_, image_id)
    glance.calls.clear()
    images.image_update(request_, image_id, {"name": "new"})
    assert [call.method for call in glance.calls] == ["PATCH"]
