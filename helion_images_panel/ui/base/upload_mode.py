# SPDX-License-Identifier: Apache-2.0
"""Horizon's setting for uploads, and the permission to upload."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest
from openstack_dashboard.api import glance as horizon_glance

from helion_images_panel import conf, policy
from helion_images_panel.transfers import sending


def upload_mode() -> str:
    """off, legacy (through Horizon) or direct (browser to Glance)."""
    return str(horizon_glance.get_image_upload_mode())


def may_upload_files(request: HttpRequest) -> bool:
    return upload_mode() != "off" and policy.allows(request, policy.UPLOAD_IMAGE)


def stages_files(request: HttpRequest, import_methods: Sequence[str] | None = None) -> bool:
    """Whether the dashboard stages and imports the files of users.

    In direct mode browsers send them to Glance, unless the operator has all of them staged.

    :param import_methods: those of this Glance, if they are known already
    """
    if upload_mode() == "direct" and conf.UPLOAD_METHOD.value != conf.STAGE:
        return False
    return sending.stages(request, import_methods)
