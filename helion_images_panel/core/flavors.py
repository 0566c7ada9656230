# SPDX-License-Identifier: Apache-2.0
"""The sizes of instances that a cloud offers."""

from __future__ import annotations

from typing import NamedTuple


class Flavor(NamedTuple):
    """What an image can ask of a flavor of Nova."""

    #: Root disk; 0 where it is that of a volume. By default Nova lets admins alone launch an
    #: image without a volume then, whatever its size.
    disk_gib: int
    ram_mib: int
