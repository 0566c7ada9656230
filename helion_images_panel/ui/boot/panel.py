# SPDX-License-Identifier: Apache-2.0
"""The panel "Will it boot?" of an image's details."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

from helion_images_panel import policy
from helion_images_panel.api.flavors import usable_flavors
from helion_images_panel.core import boot_checks
from helion_images_panel.core.formats import NOT_BOOTABLE_CONTAINERS
from helion_images_panel.core.image import Image
from helion_images_panel.ui.boot import texts
from helion_images_panel.ui.scopes.permissions import change_refusal
from helion_images_panel.ui.scopes.scope import PanelScope


def boot_context(request: HttpRequest, scope: PanelScope, image: Image) -> dict[str, Any]:
    """Return the findings, each with the URL of its correction for users who may change it."""
    # A kernel or a ramdisk starts nothing by itself.
    if image.container_format in NOT_BOOTABLE_CONTAINERS:
        return {"has_boot_checks": False}
    may_change = not change_refusal(request, scope, image, policy.MODIFY_IMAGE)
    flavors = usable_flavors(request) if boot_checks.depends_on_flavors(image) else ()
    return {
        "has_boot_checks": True,
        "boot_findings": [
            {
                "prevents": finding.prevents,
                "sentence": texts.sentence(finding, image),
                "reason": texts.reason(finding),
                "fix_url": (
                    f"{scope.url('fix', image.id)}?{urlencode({'finding': finding.key})}"
                    if finding.changes and may_change
                    else ""
                ),
            }
            for finding in boot_checks.findings(image, flavors)
        ],
    }
