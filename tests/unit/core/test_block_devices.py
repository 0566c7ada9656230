# SPDX-License-Identifier: Apache-2.0
"""The block devices that Nova, or anybody, writes on an image."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helion_images_panel.core import block_devices as devices
from helion_images_panel.core.block_devices import BlockDevice, block_devices, total_gib
from tests import factories

SNAPSHOT = "5b8bd86a-1c54-4d3c-9a3e-5a3f5a0f3f10"

#: Of an instance with a boot volume, a second one and swap, as Nova 34 writes it.
OF_NOVA = [
    {
        "encryption_options": None, "volume_type": None, "snapshot_id": SNAPSHOT,
        "encryption_secret_uuid": None, "guest_format": None, "disk_bus": "virtio", "tag": None,
        "volume_size": 20, "image_id": None, "no_device": None, "device_type": "disk",
        "device_name": "/dev/vda", "delete_on_termination": False, "encrypted": None,
        "boot_index": 0, "volume_id": None, "source_type": "snapshot",
        "destination_type": "volume", "encryption_format": None,
    },
    {"source_type": "volume", "volume_size": 100, "device_name": "/dev/vdb", "snapshot_id": None},
    {"source_type": "blank", "volume_size": 1, "guest_format": "swap", "device_name": "/dev/vdc"},
]  # fmt: skip


def test_what_nova_writes():
    found = block_devices(json.dumps(OF_NOVA))
    assert found == (
        BlockDevice("snapshot", "/dev/vda", 20, SNAPSHOT),
        BlockDevice("volume", "/dev/vdb", 100),
        BlockDevice("blank", "/dev/vdc", 1),
    )
    assert [device.is_volume for device in found] == [True, True, False]


def test_volumes_are_those_with_data_in_the_volume_service():
    image = factories.image(size=0, block_device_mapping=json.dumps(OF_NOVA))
    assert [volume.name for volume in image.volumes] == ["/dev/vda", "/dev/vdb"]
    assert total_gib(image.volumes) == 120
    assert factories.image(size=7, block_device_mapping=json.dumps(OF_NOVA)).volumes == ()


@pytest.mark.parametrize(
    "size", [None, 0, -1, True, 1.5, "20", "", [20], {}, 10**40, float("inf"), float("nan")]
)
def test_a_size_that_is_none_is_unknown(size):
    (device,) = block_devices(json.dumps([{"source_type": "snapshot", "volume_size": size}]))
    assert device == BlockDevice("snapshot")
    assert total_gib([device, BlockDevice("snapshot", size_gib=20)]) is None


@pytest.mark.parametrize(
    "snapshot_id", ["", "../../admin", f"{SNAPSHOT}/", f"{SNAPSHOT}\n", "5" * 32, 7, None, ["a"]]
)
def test_an_id_that_is_none_is_left_out(snapshot_id):
    (device,) = block_devices([{"source_type": "snapshot", "snapshot_id": snapshot_id}])
    assert device.snapshot_id == ""


def test_the_text_is_bounded():
    one = {"source_type": "snapshot", "device_name": "n" * 10_000}
    (device,) = block_devices(json.dumps([one]))
    assert len(device.name) == 64
    many = [{"source_type": "blank"}] * (devices.MAX_DEVICES + 1)
    assert len(block_devices(json.dumps(many))) == devices.MAX_DEVICES
    text = json.dumps([{"source_type": "snapshot"}]).ljust(devices.MAX_TEXT)
    assert len(block_devices(text)) == 1
    assert block_devices(text + " ") == ()


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(
                    ("source_type", "volume_size", "snapshot_id", "device_name", "other")
                ),
                inner,
            )
        ),
        max_leaves=12,
    )
)
def test_no_value_is_an_error(value):
    for each in (value, json.dumps(value), [value]):
        found = block_devices(each)
        assert all(isinstance(device, BlockDevice) for device in found)
        total = total_gib(found)
        assert total is None or total >= 0
