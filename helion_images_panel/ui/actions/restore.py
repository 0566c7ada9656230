# SPDX-License-Identifier: Apache-2.0
"""The action Restore Image."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from helion_images_panel import policy
from helion_images_panel.core.deletion import deletion_of, is_deleted
from helion_images_panel.core.image import Image
from helion_images_panel.publishing import deletion
from helion_images_panel.ui.base.batch_action import ImageBatchAction
from helion_images_panel.ui.base.deleted_images import visibility_rule


class RestoreImage(ImageBatchAction):
    """Undoes Delete Image."""

    name = "restore"
    names = ngettext_lazy("Restore Image", "Restore Images", "count")
    past_names = ngettext_lazy("Restored Image", "Restored %(count)s Images", "count")
    icon = "undo"
    is_button = True
    is_for_deleted = True
    rule = policy.REACTIVATE
    help_text = _(
        "The image gets back its visibility, and the projects that had access have it again."
    )

    def is_in_bar(self, of_deleted: bool) -> bool:
        return of_deleted

    def refusal(self, request: HttpRequest, image: Image) -> str | None:
        refusal = super().refusal(request, image)
        if refusal:
            return refusal
        recorded = deletion_of(image)
        if not policy.allows(request, policy.MODIFY_IMAGE, image):
            return _eager("You are not allowed to change this image.")
        rule = visibility_rule(recorded.visibility) if recorded else None
        if rule is None or policy.allows(request, rule, image):
            return None
        if rule == policy.PUBLICIZE_IMAGE:
            return _eager(
                "The image was public, and you are not allowed to make images public. Ask an admin "
                "to restore it."
            )
        return _eager(
            "The image was a community image, and you are not allowed to make it one. Ask an admin "
            "to restore it."
        )

    def state_refusal(self, image: Image) -> str | None:
        return None if is_deleted(image) else _eager("The image is not deleted.")

    def act(self, request: HttpRequest, image: Image) -> None:
        deletion.restore(request, image)
