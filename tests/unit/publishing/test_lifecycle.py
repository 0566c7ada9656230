# SPDX-License-Identifier: Apache-2.0
"""Images that are deleted permanently by date."""

from datetime import UTC, datetime, timedelta

from helion_images_panel import exceptions
from helion_images_panel.core.image import Image
from helion_images_panel.publishing import lifecycle
from tests import factories


def ended(dry_run=False):
    """What is over in a minute."""
    request = factories.request(factories.cloud_admin())
    now = datetime.now(UTC) + timedelta(minutes=1)
    return [(each.image.id, each) for each in lifecycle.end(request, now, (), dry_run)]


def test_what_is_over_is_deleted_and_nothing_else(glance):
    due = [glance.add(**factories.deleted(days=0))["id"] for _ in range(2)]
    later = glance.add(**factories.deleted(days=1))["id"]
    hidden = glance.add(os_hidden=True, status="deactivated")["id"]
    plain = glance.add()["id"]
    found = ended(dry_run=True)
    assert sorted(id_ for id_, _each in found) == sorted(due)
    assert glance.writes == []
    assert sorted(id_ for id_, _each in ended()) == sorted(due)
    assert set(glance.images) == {later, hidden, plain}
    assert ended() == []


def test_an_image_that_cannot_be_deleted_stops_no_other(glance):
    bad, good = (glance.add(**factories.deleted(days=0))["id"] for _ in range(2))
    glance.failing[f"DELETE /v2/images/{bad}"] = exceptions.ImageServiceError("In use.", 409)
    found = dict(ended())
    assert (found[bad].error, found[good].error) == ("In use.", "")
    assert list(glance.images) == [bad]


def test_an_image_that_is_restored_meanwhile_is_kept(glance, monkeypatch):
    image = glance.add(**factories.deleted(days=0))
    listed = [Image.from_glance(image)]
    monkeypatch.setattr(lifecycle.image_pages, "hidden_images", lambda *_args: iter(listed))
    image["os_hidden"] = False
    ((_id, found),) = ended()
    assert found.kept
    assert image["id"] in glance.images
    del glance.images[image["id"]]
    ((_id, found),) = ended()
    assert (found.kept, found.error) == (True, "")
