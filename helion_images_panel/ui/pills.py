# SPDX-License-Identifier: Apache-2.0
"""The lists of the Project panel, side by side above each of them."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _

from helion_images_panel.api import projects
from helion_images_panel.ui import text
from helion_images_panel.ui.domain_scope import DOMAIN, manages_domain
from helion_images_panel.ui.scope import PROJECT, PanelScope


@dataclass(frozen=True)
class Pill:
    label: str
    url: str
    is_current: bool
    has_badge: bool = False


def pills(request: HttpRequest, scope: PanelScope, is_inbox: bool = False) -> list[Pill]:
    """None for the Admin panel, which is one list."""
    if scope.dashboard != PROJECT.dashboard:
        return []
    found = [
        Pill(_("Images"), PROJECT.url("index"), scope == PROJECT and not is_inbox),
        Pill(_("Shared with Me"), PROJECT.url("shared"), is_inbox, has_badge=True),
    ]
    domain = projects.managed_domain(request)
    if domain and manages_domain(request):
        label = _("Images of %(domain)s") % {"domain": text.inert(domain.name)}
        found.append(Pill(label, DOMAIN.url("index"), scope == DOMAIN))
    return found
