# SPDX-License-Identifier: Apache-2.0
"""The action Share Image."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from helion_images_panel.core.image import Image
from helion_images_panel.ui.base.link_action import ImageLinkAction
from helion_images_panel.ui.sharing.rules import refusal


class ShareImage(ImageLinkAction):
    name = "share"
    verbose_name = _("Share Image")
    icon = "share-alt"
    page = "share"

    def allowed(self, request: HttpRequest, image: Image | None = None) -> bool:
        return image is not None and not refusal(request, self.table.scope, image)
