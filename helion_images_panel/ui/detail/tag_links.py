# SPDX-License-Identifier: Apache-2.0
"""Links to the images that have a tag."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.http import urlencode

from helion_images_panel.ui.scopes.domain_roles import is_cloud_admin
from helion_images_panel.ui.scopes.scope import ALL_DOMAINS, PanelScope


def list_url(request: HttpRequest, scope: PanelScope, tag: str) -> str:
    """Return the URL of the list filtered by this tag; of all domains for a cloud admin."""
    query = [("tag", tag)]
    if scope.chooses_domain and is_cloud_admin(request):
        query.append(("domain", ALL_DOMAINS))
    return f"{scope.url('index')}?{urlencode(query)}"
