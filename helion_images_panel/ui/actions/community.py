# SPDX-License-Identifier: Apache-2.0
"""The actions Make Community and Make Private."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from helion_images_panel import policy
from helion_images_panel.core.image import Image
from helion_images_panel.core.publication import COMMUNITY, with_record
from helion_images_panel.publishing.refusals import PublishedToDomain
from helion_images_panel.ui.base.batch_action import ImageBatchAction
from helion_images_panel.ui.publish.steps import publish_step, unpublish


class CommunitizeImage(ImageBatchAction):
    name = "communitize"
    names = ngettext_lazy("Make Community", "Make Community", "count")
    past_names = ngettext_lazy(
        "Image is now a community image", "%(count)s images are now community images", "count"
    )
    icon = "users"
    asks = True
    rule = policy.COMMUNITIZE_IMAGE
    help_text = _(
        "Every project of this cloud can use a community image. Other projects find it only with "
        "the Community filter."
    )

    def state_refusal(self, image: Image) -> str | None:
        if image.visibility == "community":
            return _eager("The image is already a community image.")
        if image.visibility == "public":
            return _eager("The image is public: every project can use it. Unpublish it first.")
        return str(PublishedToDomain()) if with_record(image).domain_id else None

    def act(self, request: HttpRequest, image: Image) -> None:
        publish_step(request, image, COMMUNITY)


class UncommunitizeImage(ImageBatchAction):
    """Glance requires only the permission to change the image."""

    name = "uncommunitize"
    names = ngettext_lazy("Make Private", "Make Private", "count")
    past_names = ngettext_lazy(
        "Image is no longer a community image",
        "%(count)s images are no longer community images",
        "count",
    )
    icon = "user-times"
    action_type = "danger"  # Horizon then asks for confirmation
    help_text = _(
        "The image gets back the visibility that it had before it became a community image. "
        "Other projects can no longer use it, unless it is shared with them. Instances launched "
        "from it keep running."
    )

    def state_refusal(self, image: Image) -> str | None:
        if image.visibility == "community":
            return None
        return _eager("The image is not a community image.")

    def act(self, request: HttpRequest, image: Image) -> None:
        unpublish(request, image)
