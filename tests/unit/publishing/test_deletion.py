# SPDX-License-Identifier: Apache-2.0
"""Deleted, restored, and both again after an interruption at each call to Glance."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import hypothesis
import pytest
from hypothesis import strategies as st

from helion_images_panel import exceptions
from helion_images_panel.api import images, lock
from helion_images_panel.core.deletion import RESTORABLE_STATUSES, is_deleted, is_interrupted
from helion_images_panel.core.image import VISIBILITIES, Image
from helion_images_panel.core.publication import (
    CLOUD,
    COMMUNITY,
    DOMAIN,
    Publication,
    publication_property,
)
from helion_images_panel.publishing import deletion, refusals
from helion_images_panel.publishing.held_image import hold
from tests import factories
from tests.unit.publishing.killed import Killed, killing


@pytest.fixture
def request_(glance):
    return factories.request(factories.member())


def current(glance, image_id):
    return Image.from_glance(glance.images[image_id])


def delete(glance, request_, image_id):
    deletion.delete(request_, current(glance, image_id), "alice", 30)


def restore(glance, request_, image_id):
    deletion.restore(request_, current(glance, image_id))


#: What changes an image at Glance.
CHANGING = [(images, name) for name in ("image_update", "image_deactivate", "image_reactivate")]

STATES = [
    {},
    {"status": "deactivated"},
    {"visibility": "shared"},
    {"visibility": "community", "os_hidden": True},
    {"os_hidden": True, "status": "deactivated"},
]


@pytest.mark.parametrize("state", STATES, ids=str)
def test_a_restored_image_is_as_it_was(glance, request_, state):
    before = dict(glance.add(**state, hw_disk_bus="virtio"))
    delete(glance, request_, before["id"])
    deleted = current(glance, before["id"])
    assert is_deleted(deleted)
    assert (deleted.status, deleted.visibility) == ("deactivated", "private")
    restore(glance, request_, before["id"])
    assert unchanging(glance.images[before["id"]]) == unchanging(before)


def unchanging(image):
    return {name: value for name, value in image.items() if name != "updated_at"}


@pytest.mark.parametrize("done", [False, True], ids=["before the call", "after the call"])
@pytest.mark.parametrize("call", range(2))
@pytest.mark.parametrize("step", [delete, restore])
@pytest.mark.parametrize("state", STATES, ids=str)
def test_an_interrupted_step_is_finished_by_the_next(
    glance, request_, monkeypatch, state, step, call, done
):
    before = dict(glance.add(**state))
    if step is restore:
        delete(glance, request_, before["id"])
    at_first = unchanging(glance.images[before["id"]])
    with monkeypatch.context() as patched:
        killing(patched, call, done, *CHANGING)
        try:
            step(glance, request_, before["id"])
        except Killed:
            found = current(glance, before["id"])
            is_begun = unchanging(glance.images[before["id"]]) != at_first
            is_over = step is restore and not is_deleted(found)
            # Half of a step is never an image that nobody finds.
            assert is_deleted(found) or not is_begun or is_over
            # It is given back to nobody before it is whole.
            assert not is_deleted(found) or found.visibility == "private"
    if step is delete:
        delete(glance, request_, before["id"])
        assert is_deleted(current(glance, before["id"]))
        assert not is_interrupted(current(glance, before["id"]))
    if is_deleted(current(glance, before["id"])):
        restore(glance, request_, before["id"])
    assert unchanging(glance.images[before["id"]]) == unchanging(before)


@pytest.mark.parametrize(("status", "is_as_before"), [(403, True), (409, True), (500, False)])
def test_what_glance_does_not_deactivate(glance, request_, status, is_as_before):
    before = dict(glance.add(visibility="shared"))
    path = f"POST /v2/images/{before['id']}/actions/deactivate"
    glance.failing[path] = exceptions.ImageServiceError("No.", status)
    with pytest.raises(exceptions.ImageServiceError, match=r"No\."):
        delete(glance, request_, before["id"])
    assert (unchanging(glance.images[before["id"]]) == unchanging(before)) is is_as_before
    # It may have been deactivated, and can be restored.
    assert is_deleted(current(glance, before["id"])) is not is_as_before


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"protected": True}, deletion.Protected),
        ({"status": "queued"}, deletion.NotRestorable),
        ({"owner": factories.FOREIGN}, refusals.OwnerChanged),
    ],
)
def test_an_image_that_has_changed_is_not_deleted(glance, change, error):
    request_ = factories.request(factories.cloud_admin())
    image = glance.add()
    seen = Image.from_glance(image)
    image.update(change)
    with pytest.raises(error):
        deletion.delete(request_, seen, "alice", 30)
    assert glance.writes == []


def test_an_image_that_is_not_deleted_is_not_restored(glance, request_):
    image = factories.deleted()
    seen = Image.from_glance(glance.add(**image))
    glance.images[image["id"]]["os_hidden"] = False
    for step in (
        lambda: deletion.restore(request_, seen),
        lambda: deletion.delete_when_due(request_, seen, datetime.now(UTC) + timedelta(days=60)),
    ):
        with pytest.raises(deletion.NotDeleted):
            step()
    assert glance.writes == []


def test_deleted_permanently_when_the_time_is_over(glance, request_):
    image = factories.deleted()
    seen = Image.from_glance(glance.add(**image))
    with pytest.raises(deletion.NotDeleted):
        deletion.delete_when_due(request_, seen, datetime.now(UTC) + timedelta(days=29))
    assert image["id"] in glance.images
    deletion.delete_when_due(request_, seen, datetime.now(UTC) + timedelta(days=31))
    assert image["id"] not in glance.images


def test_while_it_is_published_nothing_is_deleted(glance, request_, monkeypatch):
    monkeypatch.setattr(deletion, "SHORT_WAIT_S", 0)
    image = Image.from_glance(glance.add())
    with hold(request_, image), pytest.raises(refusals.BeingPublished):
        deletion.delete(request_, image, "alice", 30)
    assert glance.writes == []


def test_a_deleted_image_is_not_published(glance, request_):
    image = Image.from_glance(glance.add())
    delete(glance, request_, image.id)
    with pytest.raises(refusals.Deleted), hold(request_, image):
        pass
    assert lock.HELD_S  # The lock was given back: the image can be restored at once.
    restore(glance, request_, image.id)


MEMBERS = st.dictionaries(
    st.sampled_from([factories.SIBLING, factories.FOREIGN]),
    st.sampled_from(["pending", "accepted", "rejected"]),
)

#: At which call a step is killed, and whether Glance still gets that call. A step has no third.
KILLED_AT = st.tuples(st.integers(0, 2), st.booleans())


def published(image_id, visibility):
    """The record of an image with this visibility: every other one has a domain as its audience."""
    audience = {"public": CLOUD, "community": COMMUNITY}.get(visibility, DOMAIN)
    given = (factories.SIBLING,) if audience == DOMAIN else ()
    publication = Publication(audience, "private", factories.DOMAIN, given)
    return publication_property(image_id, publication)


@hypothesis.settings(
    max_examples=40, suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture]
)
@hypothesis.given(
    visibility=st.sampled_from(VISIBILITIES),
    hidden=st.booleans(),
    status=st.sampled_from(RESTORABLE_STATUSES),
    members=MEMBERS,
    is_published=st.booleans(),
    protected=st.booleans(),
    killed=st.tuples(KILLED_AT, KILLED_AT),
)
def test_all_is_given_back_after_any_interruption(
    glance, request_, visibility, hidden, status, members, is_published, protected, killed
):
    """Deleted and restored, each killed at a call and run again; perhaps protected in between."""
    image_id = factories.image_id()
    image = glance.add(
        id=image_id,
        visibility=visibility,
        os_hidden=hidden,
        status=status,
        **(published(image_id, visibility) if is_published else {}),
    )
    before = {**unchanging(image), "protected": protected}
    glance.members[image_id] = dict(members)
    for step, (call, done) in zip((delete, restore), killed, strict=True):
        with pytest.MonkeyPatch.context() as patched, suppress(Killed):
            killing(patched, call, done, *CHANGING)
            step(glance, request_, image_id)
        if step is delete:
            delete(glance, request_, image_id)
            assert is_deleted(current(glance, image_id))
            image["protected"] = protected
        elif is_deleted(current(glance, image_id)):
            restore(glance, request_, image_id)
    assert unchanging(glance.images[image_id]) == before
    assert glance.members[image_id] == members
