# SPDX-License-Identifier: Apache-2.0
import pytest

from helion_images_panel.core.quota import MIB, Quota, Resource


@pytest.mark.parametrize(
    ("used", "limit", "left", "largest"),
    [
        (0, None, None, None),
        (0, 64 * MIB, 64 * MIB, 65 * MIB - 1),
        (63 * MIB, 64 * MIB, MIB, 2 * MIB - 1),
        # Glance takes less than a MiB when nothing is left,
        (64 * MIB, 64 * MIB, 0, MIB - 1),
        # and nothing at all beyond that.
        (70 * MIB, 64 * MIB, 0, 0),
        (0, 0, 0, MIB - 1),
    ],
)
def test_what_is_left(used, limit, left, largest):
    resource = Resource(used, limit)
    assert (resource.left, resource.largest_bytes) == (left, largest)


@pytest.mark.parametrize(
    ("quota", "size_bytes", "staged", "expected"),
    [
        (Quota(), 1 << 60, True, ""),
        (Quota(size=Resource(0, 64 * MIB)), 65 * MIB - 1, False, ""),
        (Quota(size=Resource(0, 64 * MIB)), 65 * MIB, False, "size"),
        (Quota(size=Resource(70 * MIB, 64 * MIB)), 1, False, "size"),
        # Of an import only is known that it is not to begin.
        (Quota(size=Resource(64 * MIB, 64 * MIB)), None, True, ""),
        (Quota(size=Resource(65 * MIB, 64 * MIB)), None, True, "size"),
        (Quota(count=Resource(10, 10)), 1, False, "count"),
        (Quota(count=Resource(9, 10)), 1, False, ""),
        (Quota(staging=Resource(0, MIB)), 5 * MIB, True, "staging"),
        (Quota(staging=Resource(0, MIB)), 5 * MIB, False, ""),
        (Quota(uploading=Resource(50, 50)), 1, False, "uploading"),
        (Quota(uploading=Resource(49, 50)), 1, True, ""),
        # What only deleting mends comes before what waiting mends.
        (Quota(size=Resource(0, MIB), uploading=Resource(1, 1)), 9 * MIB, False, "size"),
    ],
)
def test_refusal(quota, size_bytes, staged, expected):
    assert quota.refusal(size_bytes, staged) == expected


def test_data_for_an_image_that_is_there_need_no_other_image():
    assert Quota(count=Resource(10, 10)).refusal(1, False, new=False) == ""
