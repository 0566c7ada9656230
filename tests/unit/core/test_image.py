# SPDX-License-Identifier: Apache-2.0
from datetime import UTC, datetime, timedelta

import pytest

from helion_images_panel.core.glance_time import TIME_FORMAT
from helion_images_panel.core.image import STATUSES, STATUSES_IN_PROGRESS, Image
from tests import factories


def test_glance_names_and_units_become_ours():
    image = factories.image(
        id="x", size=5, virtual_size=9, min_disk=2, min_ram=512, tags=["b", "a"], stores="fast,slow"
    )
    assert (image.size_bytes, image.virtual_size_bytes) == (5, 9)
    assert (image.min_disk_gib, image.min_ram_mib) == (2, 512)
    assert (image.tags, image.stores) == (("a", "b"), ("fast", "slow"))
    assert image.hash_algorithm == "sha512"


def test_whatever_is_missing_gets_a_default():
    assert Image.from_glance({"id": "x"}) == Image(id="x")


def test_nulls_are_as_good_as_missing():
    image = Image.from_glance(
        {
            "id": "x",
            "name": None,
            "tags": None,
            "stores": None,
            "locations": None,
            "min_disk": None,
            "min_ram": None,
            "protected": None,
        }
    )
    assert image == Image(id="x")


def test_properties_are_all_but_glances_own_attributes():
    image = factories.image(os_distro="debian", os_glance_failed_import="", self="/v2/images/x")
    assert image.properties == {"os_distro": "debian", "os_glance_failed_import": ""}


def test_locations_without_an_address_are_left_out():
    image = factories.image(locations=[{"url": "http://a/b"}, {"metadata": {}}])
    assert image.locations == ("http://a/b",)


@pytest.mark.parametrize("name", [None, ""])
def test_an_image_without_a_name_is_called_by_its_id(name):
    assert factories.image(id="some-id", name=name).display_name == "some-id"


@pytest.mark.parametrize(
    ("value", "text"), [("two\nlines", "two\nlines"), (None, ""), ("", ""), (7, "7")]
)
def test_description(value, text):
    assert factories.image(description=value).description == text


def test_no_description():
    assert factories.image().description == ""


def test_format_is_the_one_that_a_person_chose():
    assert factories.image(disk_format="vmdk", container_format="ova").format == "ova"


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({}, False),
        ({"image_type": "snapshot"}, True),
        ({"image_type": "image"}, False),
        ({"image_type": ""}, False),
        ({"block_device_mapping": '[{"source_type": "snapshot"}]'}, True),
        ({"block_device_mapping": [{"source_type": "snapshot"}]}, True),
        (
            {"block_device_mapping": '[{"source_type": "volume"}, {"source_type": "snapshot"}]'},
            True,
        ),
        ({"block_device_mapping": '[{"source_type": "volume"}]'}, False),
        ({"image_type": "image", "block_device_mapping": '[{"source_type": "snapshot"}]'}, False),
        # Whatever else stands there must not break the list.
        ({"block_device_mapping": "[]"}, False),
        ({"block_device_mapping": ""}, False),
        ({"block_device_mapping": None}, False),
        ({"block_device_mapping": "{"}, False),
        ({"block_device_mapping": "7"}, False),
        ({"block_device_mapping": '["x"]'}, False),
        ({"block_device_mapping": '{"a": 1}'}, False),
        ({"block_device_mapping": "null"}, False),
        ({"block_device_mapping": "[" * 100_000}, False),
    ],
)
def test_snapshot(properties, expected):
    assert factories.image(**properties).is_snapshot is expected


@pytest.mark.parametrize("status", STATUSES)
def test_in_progress(status):
    expected = status in ("saving", "uploading", "importing", "pending_delete")
    assert factories.image(status=status).in_progress is expected


def test_every_status_in_progress_is_a_status():
    assert set(STATUSES) >= STATUSES_IN_PROGRESS


@pytest.mark.parametrize(
    ("status", "task", "expected"),
    [
        ("queued", "a-task", True),
        ("queued", "", False),
        ("queued", None, False),
        ("active", "a-task", False),
    ],
)
def test_a_queued_image_that_a_task_imports_is_in_progress(status, task, expected):
    image = factories.image(status=status, os_glance_import_task=task)
    assert image.in_progress is expected


@pytest.mark.parametrize(
    ("status", "properties", "expected"),
    [
        ("queued", {"image_type": "snapshot", "instance_uuid": "3f2a9f0c"}, True),
        ("queued", {"image_type": "backup", "instance_uuid": "3f2a9f0c"}, True),
        ("active", {"image_type": "snapshot", "instance_uuid": "3f2a9f0c"}, False),
        # A user made it, or changed it into something else.
        ("queued", {"image_type": "snapshot"}, False),
        ("queued", {"image_type": "image", "instance_uuid": "3f2a9f0c"}, False),
        ("queued", {"instance_uuid": "3f2a9f0c"}, False),
    ],
)
def test_a_queued_snapshot_is_in_progress_as_nova_uploads_it(status, properties, expected):
    now = datetime.now(UTC)
    made = {"created_at": now.strftime(TIME_FORMAT)}
    image = factories.image(status=status, **made, **properties)
    assert (image.awaits_snapshot, image.in_progress) == (expected, expected)
    # Nova has been ended meanwhile, and the image can be filled by hand.
    made = {"created_at": (now - timedelta(days=1, seconds=2)).strftime(TIME_FORMAT)}
    assert not factories.image(status=status, **made, **properties).in_progress


def test_stores_that_a_task_fills_or_could_not():
    image = factories.image(
        os_glance_import_task="task-1",
        os_glance_importing_to_stores="archive,far",
        os_glance_failed_import="near",
    )
    assert (image.copying_to, image.failed_stores) == (("archive", "far"), ("near",))
    for nothing in ("", None):
        image = factories.image(
            os_glance_importing_to_stores=nothing, os_glance_failed_import=nothing
        )
        assert (image.copying_to, image.failed_stores) == ((), ())


def test_a_store_that_no_task_fills_any_more_has_failed():
    """So Glance leaves it when there was no room to stage the data."""
    image = factories.image(
        os_glance_importing_to_stores="archive,near", os_glance_failed_import="near"
    )
    assert (image.copying_to, image.failed_stores) == ((), ("near", "archive"))


@pytest.mark.parametrize(
    ("size", "mapping", "expected"),
    [
        (0, '[{"source_type": "snapshot"}]', (False, True)),
        (0, '[{"source_type": "volume"}]', (False, True)),
        (0, "[]", (False, False)),
        (0, "[{", (False, False)),
        (0, None, (False, False)),
        (None, '[{"source_type": "snapshot"}]', (False, False)),
        (7, '[{"source_type": "snapshot"}]', (True, False)),
    ],
)
def test_whether_glance_has_the_data(size, mapping, expected):
    image = factories.image(size=size, block_device_mapping=mapping)
    assert (image.has_data, image.is_volume_backed) == expected
