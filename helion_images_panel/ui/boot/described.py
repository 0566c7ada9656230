# SPDX-License-Identifier: Apache-2.0
"""A finding in words, on the details page and in the form of an image that is created."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from helion_images_panel.core.disk_content import DiskContent
from helion_images_panel.core.finding import Finding
from helion_images_panel.core.image import Image
from helion_images_panel.ui.boot import reasons, texts


def described(
    finding: Finding, image: Image, content: DiskContent | None, hosts: Collection[str]
) -> dict[str, Any]:
    """:param hosts: architectures of the cloud's hosts"""
    return {
        "prevents": finding.prevents,
        "is_note": finding.kind in texts.NOTES,
        "sentence": texts.sentence(finding, image, content),
        "reason": reasons.reason(finding, hosts),
    }
