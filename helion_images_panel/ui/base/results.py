# SPDX-License-Identifier: Apache-2.0
"""The result of an action on one image."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ImageResult:
    """The result for one image; `failure` is the reason, empty on success.

    `missing` means that the panel has no such image. `metadata_url` is where it can get a
    property without which the cloud refuses the change.
    """

    name: str
    failure: str = ""
    missing: bool = False
    metadata_url: str = ""
