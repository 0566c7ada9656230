# SPDX-License-Identifier: Apache-2.0
"""The panel "Will it boot?" of an image's details."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

from helion_images_panel import policy
from helion_images_panel.api.flavors import usable_flavors
from helion_images_panel.api.hosts import host_architectures
from helion_images_panel.core import boot_checks
from helion_images_panel.core.finding import Finding
from helion_images_panel.core.formats import NOT_BOOTABLE_CONTAINERS
from helion_images_panel.core.image import Image
from helion_images_panel.ui.boot import content, content_texts, texts
from helion_images_panel.ui.boot.described import described
from helion_images_panel.ui.scopes.permissions import change_refusal
from helion_images_panel.ui.scopes.scope import PanelScope


def boot_context(
    request: HttpRequest, scope: PanelScope, image: Image, reads_content: bool = False
) -> dict[str, Any]:
    """Return the findings, each with the URL of its correction for users who may change it.

    :param reads_content: read the content now, which takes seconds; otherwise the page gets a
        URL where that is done, unless the content is known already
    """
    # A kernel or a ramdisk starts nothing by itself.
    if image.container_format in NOT_BOOTABLE_CONTAINERS:
        return {"has_boot_checks": False}
    may_change = not change_refusal(request, scope, image, policy.MODIFY_IMAGE)
    flavors = usable_flavors(request) if boot_checks.depends_on_flavors(image) else ()
    hosts = _hosts(request, image)
    known = content.read(request, image) if reads_content else content.cached(request, image)

    def shown(finding: Finding) -> dict[str, Any]:
        query = urlencode({"finding": finding.key})
        is_fixed = finding.changes and may_change
        return {
            **described(finding, image, known, hosts),
            "fix_url": f"{scope.url('fix', image.id)}?{query}" if is_fixed else "",
        }

    is_awaited = not reads_content and content.is_to_be_read(request, image)
    found = boot_checks.findings(image, flavors, known, hosts)
    return {
        "has_boot_checks": True,
        "boot_findings": [shown(finding) for finding in found],
        "boot_is_kept": any(finding.kind not in texts.NOTES for finding in found),
        "boot_content": content_texts.summary(known),
        "boot_content_known": known is not None and known.is_understood,
        "boot_url": scope.url("boot", image.id) if is_awaited else "",
    }


def _hosts(request: HttpRequest, image: Image) -> tuple[str, ...]:
    if not boot_checks.depends_on_hosts(image) and not content.may_be_read(request, image):
        return ()
    return host_architectures(request, policy.allows(request, policy.LIST_HOSTS))
