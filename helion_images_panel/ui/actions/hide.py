# SPDX-License-Identifier: Apache-2.0
"""The actions Hide Image and Unhide Image."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from helion_images_panel.api import images
from helion_images_panel.core.image import Image
from helion_images_panel.ui.base.batch_action import ImageBatchAction


class HideImage(ImageBatchAction):
    name = "hide"
    names = ngettext_lazy("Hide Image", "Hide Images", "count")
    past_names = ngettext_lazy("Image is now hidden", "%(count)s images are now hidden", "count")
    icon = "eye-slash"
    asks = True
    help_text = _("Hidden images appear only with the Hidden filter; they can still be used by ID.")
    hint = _("Hidden images appear only with the Hidden filter.")

    def state_refusal(self, image: Image) -> str | None:
        return _eager("The image is already hidden.") if image.os_hidden else None

    def act(self, request: HttpRequest, image: Image) -> None:
        images.image_update(request, image.id, {"os_hidden": True})


class UnhideImage(ImageBatchAction):
    name = "unhide"
    names = ngettext_lazy("Unhide Image", "Unhide Images", "count")
    past_names = ngettext_lazy(
        "Image is no longer hidden", "%(count)s images are no longer hidden", "count"
    )
    icon = "eye"
    asks = True
    help_text = _("The image appears in the image lists again.")

    def state_refusal(self, image: Image) -> str | None:
        return None if image.os_hidden else _eager("The image is not hidden.")

    def act(self, request: HttpRequest, image: Image) -> None:
        images.image_update(request, image.id, {"os_hidden": False})
