# SPDX-License-Identifier: Apache-2.0
"""The actions Share Image and Stop Sharing Image."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, ngettext_lazy

from helion_images_panel import exceptions, policy
from helion_images_panel.core.image import Image
from helion_images_panel.core.publication import with_record
from helion_images_panel.publishing.held_image import hold
from helion_images_panel.publishing.refusals import PublishedToDomain
from helion_images_panel.ui.base.batch_action import ImageBatchAction
from helion_images_panel.ui.base.link_action import ImageLinkAction
from helion_images_panel.ui.scopes.permissions import change_refusal
from helion_images_panel.ui.sharing.old_members import remove_all
from helion_images_panel.ui.sharing.rules import refusal


class ShareImage(ImageLinkAction):
    name = "share"
    verbose_name = _("Share Image")
    icon = "share-alt"
    page = "share"

    def allowed(self, request: HttpRequest, image: Image | None = None) -> bool:
        return image is not None and not refusal(request, self.table.scope, image)


class StopSharing(ImageBatchAction):
    """Removes the members before the change: Glance keeps the members of a private image, and
    they become active again when it is shared.
    """

    name = "stop_sharing"
    names = ngettext_lazy("Stop Sharing Image", "Stop Sharing Images", "count")
    past_names = ngettext_lazy("Stopped Sharing Image", "Stopped Sharing %(count)s Images", "count")
    icon = "ban"
    action_type = "danger"  # Horizon then asks for confirmation
    help_text = _(
        "The image becomes private, and the projects that it is shared with lose access to it. "
        "Instances launched from it keep running."
    )

    def state_refusal(self, image: Image) -> str | None:
        if image.visibility != "shared":
            return _eager("The image is not shared.")
        return str(PublishedToDomain()) if with_record(image).domain_id else None

    def refusal(self, request: HttpRequest, image: Image) -> str | None:
        return super().refusal(request, image) or change_refusal(
            request, self.table.scope, image, policy.DELETE_MEMBER
        )

    def act(self, request: HttpRequest, image: Image) -> None:
        with hold(request, image) as held:
            if refusal := self.state_refusal(held.current.image):
                # It was published while this waited for the lock.
                raise exceptions.ImageServiceError(refusal, 409)
            held.renew()
            _removed, left = remove_all(request, image.id)
            if left:
                raise exceptions.ImageServiceError(
                    ngettext(
                        "%(count)s member could not be removed. Try again.",
                        "%(count)s members could not be removed. Try again.",
                        left,
                    )
                    % {"count": left}
                )
            held.change_visibility("private")
