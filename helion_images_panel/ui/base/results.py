# SPDX-License-Identifier: Apache-2.0
"""What became of one image."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ImageResult:
    """What became of one image; `failure` is the reason, empty on success.

    `missing` tells that the panel has no such image.
    """

    name: str
    failure: str = ""
    missing: bool = False
