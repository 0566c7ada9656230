# SPDX-License-Identifier: Apache-2.0
"""The lists of a panel, what they store and what can go, as tabs above each of them."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _

from helion_images_panel.api import projects
from helion_images_panel.ui.base import labels
from helion_images_panel.ui.scopes.domain_roles import manages_domain
from helion_images_panel.ui.scopes.domain_scope import DOMAIN
from helion_images_panel.ui.scopes.scope import PROJECT, PanelScope


@dataclass(frozen=True)
class PanelTab:
    label: str
    url: str
    is_current: bool
    has_badge: bool = False


def panel_tabs(request: HttpRequest, scope: PanelScope, current: str = "index") -> list[PanelTab]:
    """Return the tabs; those of the Admin panel keep the domain that the user has chosen.

    :param current: the URL name of the page that is shown
    """
    shown = scope.url_in_domain(current)

    def tab(label: str, url: str, has_badge: bool = False) -> PanelTab:
        return PanelTab(label, url, url == shown, has_badge)

    of_all = [
        tab(_("Storage"), scope.url_in_domain("storage")),
        tab(_("Clean Up"), scope.url_in_domain("rules")),
    ]
    if not scope.has_panel_tabs:
        return [tab(_("Images"), scope.url_in_domain("index")), *of_all]
    found = [
        tab(_("Images"), PROJECT.url("index")),
        tab(_("Shared with Me"), PROJECT.url("shared"), has_badge=True),
    ]
    domain = projects.managed_domain(request)
    if domain and manages_domain(request):
        label = _("Images of %(domain)s") % {"domain": labels.inert(domain.name)}
        found.append(tab(label, DOMAIN.url("index")))
    return [*found, *of_all]
