# SPDX-License-Identifier: Apache-2.0
"""Publish images to everyone on the cloud, and take them back."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from helion_images_panel import policy
from helion_images_panel.api import images
from helion_images_panel.core.image import Image
from helion_images_panel.core.publication import unpublished_visibility, visibility_changes
from helion_images_panel.ui.actions.batch import ImageBatchAction


class PublishImage(ImageBatchAction):
    name = "publish"
    icon = "globe"
    action_type = "danger"  # Horizon then asks for confirmation
    rule = policy.PUBLICIZE_IMAGE
    help_text = _("Every project of this cloud will see a published image and can use it.")

    @staticmethod
    def action_present(count: int) -> Any:
        return ngettext_lazy("Publish Image", "Publish Images", count)

    @staticmethod
    def action_past(count: int) -> Any:
        return ngettext_lazy("Published Image", "Published Images", count)

    def state_refusal(self, image: Image) -> str | None:
        return _eager("The image is public already.") if image.visibility == "public" else None

    def act(self, request: HttpRequest, image: Image) -> None:
        images.image_update(request, image.id, visibility_changes(image, "public"))


class UnpublishImage(ImageBatchAction):
    name = "unpublish"
    icon = "eye-slash"
    action_type = "danger"  # Horizon then asks for confirmation
    rule = policy.PUBLICIZE_IMAGE
    help_text = _(
        "The image will again be seen only by those who saw it before it was published. "
        "Instances launched from it keep running."
    )

    @staticmethod
    def action_present(count: int) -> Any:
        return ngettext_lazy("Unpublish Image", "Unpublish Images", count)

    @staticmethod
    def action_past(count: int) -> Any:
        return ngettext_lazy("Unpublished Image", "Unpublished Images", count)

    def state_refusal(self, image: Image) -> str | None:
        return None if image.visibility == "public" else _eager("The image is not public.")

    def act(self, request: HttpRequest, image: Image) -> None:
        visibility = unpublished_visibility(image)
        images.image_update(request, image.id, visibility_changes(image, visibility))
