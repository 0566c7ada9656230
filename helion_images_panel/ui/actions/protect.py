# SPDX-License-Identifier: Apache-2.0
"""The actions Protect Image and Unprotect Image."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from helion_images_panel.api import images
from helion_images_panel.core.image import Image
from helion_images_panel.ui.base.batch_action import ImageBatchAction


class ProtectImage(ImageBatchAction):
    name = "protect"
    names = ngettext_lazy("Protect Image", "Protect Images", "count")
    past_names = ngettext_lazy("Protected Image", "Protected %(count)s Images", "count")
    icon = "lock"
    is_button = True
    help_text = _("A protected image cannot be deleted.")

    def state_refusal(self, image: Image) -> str | None:
        return _eager("The image is already protected.") if image.protected else None

    def act(self, request: HttpRequest, image: Image) -> None:
        images.image_update(request, image.id, {"protected": True})


class UnprotectImage(ImageBatchAction):
    name = "unprotect"
    names = ngettext_lazy("Unprotect Image", "Unprotect Images", "count")
    past_names = ngettext_lazy("Unprotected Image", "Unprotected %(count)s Images", "count")
    icon = "unlock"
    help_text = _("An unprotected image can be deleted.")

    def state_refusal(self, image: Image) -> str | None:
        return None if image.protected else _eager("The image is not protected.")

    def act(self, request: HttpRequest, image: Image) -> None:
        images.image_update(request, image.id, {"protected": False})
