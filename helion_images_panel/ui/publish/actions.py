# SPDX-License-Identifier: Apache-2.0
"""The actions Publish Image, which opens a page, and Unpublish Image."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django import shortcuts
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from horizon import tables

from helion_images_panel import policy
from helion_images_panel.api import image_rows
from helion_images_panel.core.image import Image
from helion_images_panel.ui.base.batch_action import ImageBatchAction
from helion_images_panel.ui.publish import audiences
from helion_images_panel.ui.publish.steps import unpublish
from helion_images_panel.ui.scopes.domain_roles import manages_domain


class _PublishingAction(ImageBatchAction):
    """Table-level action for users who may publish."""

    def allowed(self, request: HttpRequest, image: Image | None = None) -> bool:
        if image is None:
            return policy.allows(request, policy.PUBLICIZE_IMAGE) or (
                self.table.scope.is_for_domain_managers and manages_domain(request)
            )
        return not self.refusal(request, image)


class PublishImage(_PublishingAction):
    """Opens the dialog in which the audience is chosen; a page, if there is no script."""

    name = "publish"
    names = ngettext_lazy("Publish Image", "Publish Images", "count")
    past_names = ngettext_lazy("Published Image", "Published %(count)s Images", "count")
    icon = "globe"
    is_button = True
    acts_in_portions = False

    def get_default_attrs(self) -> dict[str, Any]:
        return super().get_default_attrs() | {"data-hip-dialog": ""}

    def refusal(self, request: HttpRequest, image: Image) -> str | None:
        if not audiences.may_publish(request, self.table.scope, image):
            return _eager("You are not allowed to publish this image.")
        return None

    def handle(
        self, table: tables.DataTable, request: HttpRequest, obj_ids: Sequence[str]
    ) -> HttpResponse:
        if len(obj_ids) <= image_rows.IDS_PER_CALL:
            return shortcuts.redirect(audiences.publish_url(table.scope, obj_ids))
        # Too many for a URL: the browser submits its form to the page again.
        return HttpResponse(
            status=HTTPStatus.TEMPORARY_REDIRECT,
            headers={"Location": audiences.publish_url(table.scope, ())},
        )


class UnpublishImage(_PublishingAction):
    name = "unpublish"
    names = ngettext_lazy("Unpublish Image", "Unpublish Images", "count")
    past_names = ngettext_lazy("Unpublished Image", "Unpublished %(count)s Images", "count")
    icon = "eye-slash"
    action_type = "danger"  # Horizon then asks for confirmation
    help_text = _(
        "Access is limited again to the projects that had it before the image was published, and "
        "to projects that it was shared with individually. Instances launched from it keep "
        "running."
    )

    def refusal(self, request: HttpRequest, image: Image) -> str | None:
        refused = super().refusal(request, image)
        if not refused and not audiences.may_unpublish(request, self.table.scope, image):
            return _eager("You are not allowed to change this image.")
        return refused

    def state_refusal(self, image: Image) -> str | None:
        return None if audiences.is_published(image) else _eager("The image is not published.")

    def act(self, request: HttpRequest, image: Image) -> None:
        unpublish(request, image)
