# SPDX-License-Identifier: Apache-2.0
import pytest

from helion_images_panel.core.image import IMPORT_TASK
from helion_images_panel.core.staged_image import is_staged
from tests import factories


@pytest.mark.parametrize(
    ("attributes", "staged"),
    [
        ({"status": "uploading", "size": 5}, True),
        ({"status": "uploading", "size": 0}, True),
        # Bytes are still coming.
        ({"status": "uploading", "size": None}, False),
        # Glance has accepted its import.
        ({"status": "uploading", "size": 5, IMPORT_TASK: "t1"}, False),
        ({"status": "importing", "size": 5}, False),
        ({"status": "queued", "size": 5}, False),
        ({"status": "active", "size": 5}, False),
    ],
)
def test_whole_data_without_an_import(attributes, staged):
    assert is_staged(factories.image(**attributes)) is staged
