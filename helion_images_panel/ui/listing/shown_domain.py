# SPDX-License-Identifier: Apache-2.0
"""The domain of the list that a page shows, in the URLs for all images of the list.

Horizon's domain context is one for all tabs: without this, all images that match would be
those of the domain that another tab has chosen since.
"""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _

from helion_images_panel.ui.scopes.scope import ALL_DOMAINS, PanelScope

PARAMETER = "shown_domain"


def parameters(scope: PanelScope) -> dict[str, str]:
    """Return the domain, unless the list has none or its URL has chosen it."""
    if not scope.chooses_domain or scope.url_parameters():
        return {}
    return {PARAMETER: scope.domain_id or ALL_DOMAINS}


def refusal(request: HttpRequest, scope: PanelScope) -> str:
    """Return why the list is not the one of the page; empty if it is."""
    shown = request.GET.get(PARAMETER)
    if not shown or shown == parameters(scope).get(PARAMETER, shown):
        return ""
    return _(
        "The domain was changed in another tab. Nothing was done. Reload the list, which then has "
        "the images of the domain that is active now."
    )
