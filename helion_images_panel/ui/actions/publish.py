# SPDX-License-Identifier: Apache-2.0
"""Publish images, by a page that asks to whom, and take them back."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django import shortcuts
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from helion_images_panel import exceptions, policy
from helion_images_panel.api import images
from helion_images_panel.core.image import Image
from helion_images_panel.ui import audiences
from helion_images_panel.ui.actions.batch import ImageBatchAction
from helion_images_panel.ui.changeable import not_changeable
from helion_images_panel.ui.domain_scope import manages_domain
from helion_images_panel.ui.publish_steps import FAILED, whole, words_of


class _PublishingAction(ImageBatchAction):
    """Stands above the table for who may publish anything there."""

    def allowed(self, request: HttpRequest, image: Image | None = None) -> bool:
        if image is None:
            return policy.allows(request, policy.PUBLICIZE_IMAGE) or (
                not self.table.scope.in_active_project and manages_domain(request)
            )
        return not self.refusal(request, image)


class PublishImage(_PublishingAction):
    """Leads to the page on which the audience is chosen."""

    name = "publish"
    icon = "globe"

    @staticmethod
    def action_present(count: int) -> Any:
        return ngettext_lazy("Publish Image", "Publish Images", count)

    @staticmethod
    def action_past(count: int) -> Any:
        return ngettext_lazy("Published Image", "Published Images", count)

    def refusal(self, request: HttpRequest, image: Image) -> str | None:
        if not audiences.may_publish(request, self.table.scope, image):
            return _eager("You are not allowed to publish this image.")
        return None

    def handle(self, table: Any, request: HttpRequest, obj_ids: Sequence[str]) -> HttpResponse:
        if len(obj_ids) <= images.IDS_PER_CALL:
            return shortcuts.redirect(audiences.publish_url(table.scope, obj_ids))
        # More than an address holds: the browser sends its form there once more.
        return HttpResponse(
            status=HTTPStatus.TEMPORARY_REDIRECT,
            headers={"Location": audiences.publish_url(table.scope, ())},
        )


class UnpublishImage(_PublishingAction):
    name = "unpublish"
    icon = "eye-slash"
    action_type = "danger"  # Horizon then asks for confirmation
    help_text = _(
        "The image will again be seen only by those who saw it before it was published, and by "
        "projects that a person has shared it with. Instances launched from it keep running."
    )

    @staticmethod
    def action_present(count: int) -> Any:
        return ngettext_lazy("Unpublish Image", "Unpublish Images", count)

    @staticmethod
    def action_past(count: int) -> Any:
        return ngettext_lazy("Unpublished Image", "Unpublished Images", count)

    def refusal(self, request: HttpRequest, image: Image) -> str | None:
        reason = not_changeable(request, self.table.scope, image, self.rule)
        if reason:
            return reason
        if not audiences.is_published(image):
            return _eager("The image is not published.")
        if not audiences.may_unpublish(request, self.table.scope, image):
            return _eager("You are not allowed to change this image.")
        return None

    def act(self, request: HttpRequest, image: Image) -> None:
        told = whole(request, image, audiences.OWN)
        failed = words_of(told.projects, FAILED)
        if failed:
            raise exceptions.ImageServiceError(
                _eager("%(projects)s. Unpublish it again to go on.") % {"projects": failed}
            )
