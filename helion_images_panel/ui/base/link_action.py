# SPDX-License-Identifier: Apache-2.0
"""Base class of actions that open a dialog about one image."""

from __future__ import annotations

from django.http import HttpRequest
from horizon import tables

from helion_images_panel import policy
from helion_images_panel.core.image import Image
from helion_images_panel.ui.scopes.permissions import change_refusal


class ImageLinkAction(tables.LinkAction):
    """Opens a dialog, for users whom `rule` allows to change the image.

    Subclasses set `page` to the name of the dialog's URL.
    """

    classes = ("ajax-modal",)
    icon = "pencil"
    page: str
    rule: str = policy.MODIFY_IMAGE

    def get_link_url(self, image: Image) -> str:
        return str(self.table.scope.url(self.page, image.id))

    def allowed(self, request: HttpRequest, image: Image | None = None) -> bool:
        return image is not None and not change_refusal(request, self.table.scope, image, self.rule)
