# SPDX-License-Identifier: Apache-2.0
"""Horizon's setting for uploads, and the permission to upload."""

from __future__ import annotations

from django.http import HttpRequest
from openstack_dashboard.api import glance as horizon_glance

from helion_images_panel import policy


def upload_mode() -> str:
    """off, legacy (through Horizon) or direct (browser to Glance)."""
    return str(horizon_glance.get_image_upload_mode())


def may_upload_files(request: HttpRequest) -> bool:
    return upload_mode() != "off" and policy.allows(request, policy.UPLOAD_IMAGE)
