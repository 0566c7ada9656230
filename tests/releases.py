# SPDX-License-Identifier: Apache-2.0
"""What services of older releases do not do: marks that skip a test, each with its reason.

A test has one only where the service itself cannot do what is tested. Where an older release
only looks different, the test takes both.
"""

from __future__ import annotations

import pytest

from demo.glance import CAN_REQUIRE, release

requires_properties = pytest.mark.skipif(
    not CAN_REQUIRE, reason="Glance before 32.0 cannot require a property of an image"
)

takes_bootable_discs = pytest.mark.skipif(
    release("glance") < 32, reason="Glance before 32.0 takes no ISO with a partition table"
)

#: The plugin image_decompression extracts it into a folder, which it takes for the file.
unpacks_zip = pytest.mark.skipif(
    release("glance") < 32, reason="Glance before 32.0 fails to unpack a ZIP archive"
)

filters_addresses = pytest.mark.skipif(
    release("glance") < 33, reason="Glance before 33.0 does not filter the addresses of a host"
)

checks_sizes = pytest.mark.skipif(
    release("glance") < 33, reason="Glance before 33.0 takes an upload beyond the quota"
)
