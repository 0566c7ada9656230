# SPDX-License-Identifier: Apache-2.0
"""What is done to images on their days."""

from datetime import UTC, datetime, timedelta

import pytest

from helion_images_panel import conf, exceptions
from helion_images_panel.core.image import Image
from helion_images_panel.core.rules import REASONS
from helion_images_panel.publishing import lifecycle
from tests import factories


def ended(dry_run=False):
    """What is due in a minute."""
    request = factories.request(factories.cloud_admin())
    now = datetime.now(UTC) + timedelta(minutes=1)
    return [(each.image.id, each) for each in lifecycle.run(request, now, (), dry_run)]


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
    monkeypatch.setattr(lifecycle.image_pages, "all_images", lambda *_args: iter(()))
    monkeypatch.setattr(lifecycle.image_pages, "hidden_images", lambda *_args: iter(listed))
    image["os_hidden"] = False
    ((_id, found),) = ended()
    assert found.kept
    assert image["id"] in glance.images
    del glance.images[image["id"]]
    ((_id, found),) = ended()
    assert (found.kept, found.error) == ("it has changed in the meantime", "")


@pytest.mark.parametrize(
    ("days", "attributes", "step"),
    [
        ({"deprecated": 0}, {}, lifecycle.HIDE),
        ({"obsolete": -1}, {"os_hidden": True}, lifecycle.DEACTIVATE),
        ({"gone": 0}, {}, lifecycle.DELETE),
        ({"gone": 0}, {"status": "queued"}, lifecycle.DELETE_PERMANENTLY),
        ({"gone": 0}, {"visibility": "community"}, lifecycle.DELETE),
    ],
)
def test_what_is_done_on_a_day(glance, days, attributes, step):
    image_id = glance.add(**factories.dated(**days), **attributes)["id"]
    for other in ({"deprecated": 1}, {"deprecated": -1, "done": "h"}):
        glance.add(**factories.dated(**other))
    ((found_id, found),) = ended(dry_run=True)
    assert (found_id, found.step) == (image_id, step)
    assert glance.writes == []
    ((_id, found),) = ended()
    assert (found.step, found.error, found.kept) == (step, "", "")
    assert ended() == []


def test_without_days_to_restore_an_image_is_deleted_permanently_on_its_day(glance, settings):
    setattr(settings, conf.RESTORE_DAYS.name, 0)
    glance.add(**factories.dated(gone=0))
    ((_id, found),) = ended()
    assert found.step == lifecycle.DELETE_PERMANENTLY
    assert glance.images == {}


def test_a_protected_image_is_kept_on_its_day(glance):
    glance.add(**factories.dated(gone=0), protected=True)
    ((_id, found),) = ended()
    assert (found.kept, found.error) == ("it is protected", "")
    ((_id, found),) = ended(dry_run=True)
    assert found.kept == "it is protected"


def test_an_image_is_deleted_when_its_protection_has_ended(glance):
    days = factories.dated(gone=-2, unprotected=-1)
    image_id = glance.add(**days, protected=True)["id"]
    steps = [lifecycle.UNPROTECT, lifecycle.DELETE]
    assert [(each.step, each.kept) for _id, each in ended(dry_run=True)] == [
        (step, "") for step in steps
    ]
    assert [each.step for _id, each in ended()] == steps
    assert glance.images[image_id]["status"] == "deactivated"


def test_every_reason_of_a_rule_has_words():
    assert lifecycle.KEPT_BY_RULES.keys() == set(REASONS)
