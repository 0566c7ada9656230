# SPDX-License-Identifier: Apache-2.0
"""The action Change Owner, and its permission."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from helion_images_panel import policy
from helion_images_panel.core.image import Image
from helion_images_panel.ui.base.link_action import ImageLinkAction
from helion_images_panel.ui.scopes.permissions import change_refusal
from helion_images_panel.ui.scopes.scope import PanelScope


def may_change_owner(request: HttpRequest, scope: PanelScope, image: Image) -> bool:
    """Whether the user may change the owner: in the Admin panel, for Glance's admins only."""
    return (
        scope.changes_owners
        and policy.allows(request, policy.ADMIN)
        and not change_refusal(request, scope, image, policy.MODIFY_IMAGE)
    )


class ChangeOwner(ImageLinkAction):
    name = "change_owner"
    verbose_name = _("Change Owner")
    icon = "exchange"
    page = "change_owner"

    def allowed(self, request: HttpRequest, image: Image | None = None) -> bool:
        return image is not None and may_change_owner(request, self.table.scope, image)
