# SPDX-License-Identifier: Apache-2.0
"""The action Delete Permanently."""

from __future__ import annotations

from collections.abc import Collection

from django.http import HttpRequest
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from helion_images_panel import conf
from helion_images_panel.core.deletion import has_restorable_state, is_deleted
from helion_images_panel.core.image import Image
from helion_images_panel.ui.actions.delete import DeleteImage, delete_permanently, is_restorable


class DeleteImagePermanently(DeleteImage):
    """Deletes the image at once, also one that is deleted and could be restored."""

    name = "delete_permanently"
    names = ngettext_lazy("Delete Image Permanently", "Delete Images Permanently", "count")
    past_names = ngettext_lazy(
        "Permanently deleted image", "Permanently deleted %(count)s images", "count"
    )
    icon = "times"
    is_button = False
    is_for_deleted = True
    help_text = _("The image cannot be restored. Instances launched from it keep running.")

    def is_in_bar(self, of_deleted: bool) -> bool:
        return of_deleted or conf.RESTORE_DAYS.value > 0

    def refusal(self, request: HttpRequest, image: Image) -> str | None:
        refusal = super(DeleteImage, self).refusal(request, image)
        if refusal or is_deleted(image) or is_restorable(request, image):
            return refusal
        return _by_delete()

    def state_refusal(self, image: Image) -> str | None:
        refusal = super().state_refusal(image)
        if refusal or is_deleted(image) or has_restorable_state(image):
            return refusal
        return _by_delete()

    def deleted_for_good(self, request: HttpRequest, image_ids: Collection[str]) -> int:
        return len(image_ids)

    def act(self, request: HttpRequest, image: Image) -> None:
        delete_permanently(request, image)


def _by_delete() -> str:
    return _eager("Delete Image deletes this image permanently.")
