# SPDX-License-Identifier: Apache-2.0
"""Cells that several tables have."""

import json

import pytest

from helion_images_panel.ui.base.columns import size_cell
from tests import factories


def of_volumes(*sizes):
    devices = [{"source_type": "snapshot", "volume_size": size} for size in sizes]
    return factories.image(size=0, block_device_mapping=json.dumps(devices))


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (factories.image(size=None), ""),
        (factories.image(size=0), "0 B"),
        (factories.image(size=1536), "1.5 KiB"),
        (of_volumes(20), '20 GiB <div class="small hip-quiet">1 volume</div>'),
        (of_volumes(1024, 512), '1.5 TiB <div class="small hip-quiet">2 volumes</div>'),
        (of_volumes(20, None), "2 volumes"),
    ],
)
def test_the_size_is_that_of_the_data(image, expected):
    assert size_cell(image) == expected
