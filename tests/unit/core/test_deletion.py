# SPDX-License-Identifier: Apache-2.0
"""What is recorded of a deleted image, and which images count as deleted."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helion_images_panel.core import deletion
from helion_images_panel.core.deletion import PROPERTY, Deletion
from helion_images_panel.core.image import VISIBILITIES, Image
from tests import factories

NOW = datetime(2026, 11, 30, 9, 45, tzinfo=UTC)
NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40)


@given(
    visibility=st.sampled_from(VISIBILITIES),
    hidden=st.booleans(),
    status=st.sampled_from(deletion.RESTORABLE_STATUSES),
    by=NAMES,
    days=st.integers(0, 4000),
)
def test_what_is_recorded_is_read(visibility, hidden, status, by, days):
    image = factories.image(visibility=visibility, os_hidden=hidden, status=status)
    recorded = Deletion.of(image, by, NOW, days)
    changes = deletion.changes_to_delete(image, recorded)
    deleted = changed(image, changes, status="deactivated")
    assert deletion.deletion_of(deleted) == recorded
    assert deletion.is_deleted(deleted)
    assert (deleted.visibility, deleted.os_hidden) == ("private", True)
    restored = changed(deleted, deletion.changes_to_restore(deleted, recorded), status=status)
    assert restored == image
    assert recorded.was_active is (status == "active")


def changed(image, changes, status):
    attributes = {"visibility": image.visibility, "os_hidden": image.os_hidden}
    properties = dict(image.properties)
    for name, value in changes.items():
        if name in attributes:
            attributes[name] = value
        elif value is None:
            del properties[name]
        else:
            properties[name] = value
    return Image(**{**vars_of(image), **attributes, "status": status, "properties": properties})


def vars_of(image):
    return {name: getattr(image, name) for name in image.__dataclass_fields__}


@pytest.mark.parametrize(
    "change",
    [
        {"os_hidden": False},
        {PROPERTY: "x"},
        {PROPERTY: ""},
        {"id": factories.image_id()},
    ],
)
def test_what_is_not_deleted(change):
    attributes = factories.deleted()
    assert deletion.is_deleted(factories.image(**attributes))
    assert not deletion.is_deleted(factories.image(**{**attributes, **change}))


@pytest.mark.parametrize(
    "parts",
    [
        ("secret", "listed", "active"),
        ("private", "seen", "active"),
        ("private", "listed", "queued"),
    ],
)
def test_a_record_of_no_known_state_is_none(parts):
    image_id = factories.image_id()
    signed = deletion.signed_property(
        PROPERTY,
        deletion.SALT,
        image_id,
        *parts,
        "2026-11-30T09:45:00Z",
        "2026-12-30T09:45:00Z",
        "",
    )
    image = factories.image(id=image_id, os_hidden=True, **signed)
    assert deletion.deletion_of(image) is None


@pytest.mark.parametrize("times", [("yesterday", "2026-12-30T09:45:00Z"), ("", "never")])
def test_a_record_without_its_times_is_none(times):
    image_id = factories.image_id()
    signed = deletion.signed_property(
        PROPERTY, deletion.SALT, image_id, "private", "listed", "active", *times, "alice"
    )
    assert deletion.deletion_of(factories.image(id=image_id, os_hidden=True, **signed)) is None


@pytest.mark.parametrize(
    ("days", "change", "expected"),
    [
        (0, {}, True),
        (1, {}, False),
        (0, {"status": "active"}, False),
        (0, {"visibility": "shared"}, False),
        (0, {"protected": True}, False),
        (0, {"os_hidden": False}, False),
        (0, {PROPERTY: "forged"}, False),
    ],
)
def test_whose_time_is_over(days, change, expected):
    image = factories.image(**{**factories.deleted(days=days), **change})
    now = datetime.now(UTC) + timedelta(seconds=2)
    assert deletion.is_due(image, now) is expected
    assert not deletion.is_due(image, now - timedelta(hours=1))


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({}, True),
        ({"status": "deactivated"}, True),
        ({"status": "queued"}, False),
        ({"status": "importing"}, False),
        ({"os_glance_import_task": "t", "os_glance_importing_to_stores": "a"}, False),
    ],
)
def test_whose_state_can_be_restored(attributes, expected):
    assert deletion.has_restorable_state(factories.image(**attributes)) is expected
