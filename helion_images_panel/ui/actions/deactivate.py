# SPDX-License-Identifier: Apache-2.0
"""The actions Deactivate Image and Reactivate Image."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from helion_images_panel import policy
from helion_images_panel.api import images
from helion_images_panel.core.image import Image
from helion_images_panel.ui.base.batch_action import ImageBatchAction


class DeactivateImage(ImageBatchAction):
    """Glance returns the data of a deactivated image to admins only."""

    name = "deactivate"
    names = ngettext_lazy("Deactivate Image", "Deactivate Images", "count")
    past_names = ngettext_lazy("Deactivated Image", "Deactivated %(count)s Images", "count")
    icon = "pause"
    action_type = "danger"  # Horizon then asks for confirmation
    rule = policy.DEACTIVATE
    help_text = _(
        "Only admins can download a deactivated image or launch instances from it. It stays in "
        "the image lists, and its instances keep running."
    )

    def state_refusal(self, image: Image) -> str | None:
        if image.status == "deactivated":
            return _eager("The image is already deactivated.")
        if image.status != "active":
            return _eager("Only an active image can be deactivated.")
        return None

    def act(self, request: HttpRequest, image: Image) -> None:
        images.image_deactivate(request, image.id)


class ReactivateImage(ImageBatchAction):
    name = "reactivate"
    names = ngettext_lazy("Reactivate Image", "Reactivate Images", "count")
    past_names = ngettext_lazy("Reactivated Image", "Reactivated %(count)s Images", "count")
    icon = "play"
    asks = True
    rule = policy.REACTIVATE
    help_text = _("Users who see the image can download it and launch instances from it again.")

    def state_refusal(self, image: Image) -> str | None:
        return None if image.status == "deactivated" else _eager("The image is not deactivated.")

    def act(self, request: HttpRequest, image: Image) -> None:
        images.image_reactivate(request, image.id)
