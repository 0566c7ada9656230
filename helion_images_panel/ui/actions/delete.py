# SPDX-License-Identifier: Apache-2.0
"""The action Delete Image."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from helion_images_panel import exceptions, policy
from helion_images_panel.api import images
from helion_images_panel.core.image import Image
from helion_images_panel.ui.base.batch_action import ImageBatchAction

_STAGED_ELSEWHERE = _(
    "The image service could not delete the image. Its data is staged on a host that probably does "
    "not respond. Try again later, or ask the cloud's operator to check that host and its "
    "worker_self_reference_url."
)


class DeleteImage(ImageBatchAction):
    name = "delete"
    names = ngettext_lazy("Delete Image", "Delete Images", "count")
    past_names = ngettext_lazy("Deleted Image", "Deleted %(count)s Images", "count")
    icon = "trash"
    action_type = "danger"
    is_button = True
    rule = policy.DELETE_IMAGE
    help_text = _("A deleted image cannot be recovered. Instances launched from it keep running.")

    def state_refusal(self, image: Image) -> str | None:
        if image.protected:
            return _eager("The image is protected. Unprotect it first.")
        return None

    def get_success_url(self, request: HttpRequest | None = None) -> str:
        """The list with its filters; from the details of the deleted image, the plain list."""
        index = str(self.table.scope.url("index"))
        if request is None or request.path != index:
            return index
        return str(request.get_full_path())

    def act(self, request: HttpRequest, image: Image) -> None:
        try:
            images.image_delete(request, image.id)
        except exceptions.ImageServiceError as error:
            if image.status == "uploading" and (error.status or 0) >= 500:
                # Glance passes the request on to the host that has the staged data.
                raise exceptions.ImageServiceError(_STAGED_ELSEWHERE, error.status) from error
            raise
