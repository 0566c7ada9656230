# SPDX-License-Identifier: Apache-2.0
"""The actions Make Community Image and End Community Use."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from helion_images_panel import policy
from helion_images_panel.core.image import Image
from helion_images_panel.core.publication import COMMUNITY, DOMAIN, publication_of
from helion_images_panel.ui.base.batch_action import ImageBatchAction
from helion_images_panel.ui.publish.steps import publish_step, unpublish


class CommunitizeImage(ImageBatchAction):
    name = "communitize"
    names = ngettext_lazy("Make Community Image", "Make Community Images", "count")
    past_names = ngettext_lazy("Made Community Image", "Made Community Images", "count")
    icon = "users"
    asks = True
    rule = policy.COMMUNITIZE_IMAGE
    help_text = _(
        "Every project of this cloud can use a community image. To others it shows only in lists "
        "that are filtered for community images."
    )

    def state_refusal(self, image: Image) -> str | None:
        if image.visibility == "community":
            return _eager("The image is a community image already.")
        if image.visibility == "public":
            return _eager("The image is public: every project sees it. Unpublish it first.")
        publication = publication_of(image)
        if publication and publication.audience == DOMAIN:
            return _eager("The image is published to a domain. Unpublish it first.")
        return None

    def act(self, request: HttpRequest, image: Image) -> None:
        publish_step(request, image, COMMUNITY)


class UncommunitizeImage(ImageBatchAction):
    """Glance requires only the permission to change the image."""

    name = "uncommunitize"
    names = ngettext_lazy("End Community Use", "End Community Use", "count")
    past_names = ngettext_lazy("Ended Community Use", "Ended Community Use", "count")
    icon = "user-times"
    action_type = "danger"  # Horizon then asks for confirmation
    help_text = _(
        "Only those who could use the image before it became a community image can use it then. "
        "Instances launched from it keep running."
    )

    def state_refusal(self, image: Image) -> str | None:
        if image.visibility == "community":
            return None
        return _eager("The image is not a community image.")

    def act(self, request: HttpRequest, image: Image) -> None:
        unpublish(request, image)
