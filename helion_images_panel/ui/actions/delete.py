# SPDX-License-Identifier: Apache-2.0
"""The action Delete Image."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django import shortcuts
from django.http import HttpRequest, HttpResponse
from django.utils.functional import lazy
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, ngettext_lazy
from horizon import tables

from helion_images_panel import conf, exceptions, policy
from helion_images_panel.api import images
from helion_images_panel.core.deletion import has_restorable_state, is_interrupted
from helion_images_panel.core.image import Image
from helion_images_panel.core.query import DELETED
from helion_images_panel.publishing import deletion
from helion_images_panel.ui.base import confirmed_name, messages
from helion_images_panel.ui.base.batch_action import ImageBatchAction
from helion_images_panel.ui.base.deleted_images import visibility_rule
from helion_images_panel.ui.base.image_badges import BY_ADMIN, NOT_RESTORABLE, RESTORABLE
from helion_images_panel.ui.base.results import ImageResult
from helion_images_panel.ui.scopes.permissions import change_refusal
from helion_images_panel.ui.scopes.scope import PanelScope

_STAGED_ELSEWHERE = _(
    "The image service could not delete the image. Its data is staged on a host that probably does "
    "not respond. Try again later, or ask the cloud's operator to check that host and its "
    "worker_self_reference_url."
)

_PERMANENT = _("A deleted image cannot be recovered. Instances launched from it keep running.")

#: What deleting, and restoring, consists of.
_RULES = (policy.MODIFY_IMAGE, policy.DEACTIVATE, policy.REACTIVATE)


def is_restorable(request: HttpRequest, image: Image) -> bool:
    """Whether the user can restore the image after its deletion."""
    return has_restorable_state(image) and _may_restore(request, image)


def restorable_by(request: HttpRequest, image: Image) -> str:
    """Return who can restore the image after its deletion by the user."""
    return _restorable_by(request, image) if has_restorable_state(image) else NOT_RESTORABLE


def _restorable_by(request: HttpRequest, image: Image) -> str:
    if not _may_restore(request, image):
        return NOT_RESTORABLE
    rule = visibility_rule(image.visibility)
    return RESTORABLE if rule is None or policy.allows(request, rule, image) else BY_ADMIN


class Restorable:
    """Who can restore the images of a list after their deletion: decided once for all of one
    owner and visibility.
    """

    def __init__(self, request: HttpRequest, scope: PanelScope):
        self._request = request
        self._scope = scope
        self._decided: dict[tuple[str | None, str], str] = {}

    def by(self, image: Image) -> str:
        if not has_restorable_state(image):
            return NOT_RESTORABLE
        key = image.owner, image.visibility
        if key not in self._decided:
            request = self._scope.request_for(self._request, image)
            self._decided[key] = _restorable_by(request, image)
        return self._decided[key]


def _may_restore(request: HttpRequest, image: Image) -> bool:
    """Whether the user may delete and restore images of this owner and visibility."""
    return conf.RESTORE_DAYS.value > 0 and all(
        policy.allows(request, rule, image) for rule in _RULES
    )


def _help_text() -> str:
    days = int(conf.RESTORE_DAYS.value)
    if not days:
        return str(_PERMANENT)
    message = ngettext(
        "A deleted image can be restored for %(days)s day. Until then nobody can launch "
        "instances from it, and it still counts against the quota. Instances launched from "
        "it keep running, but cannot be rebuilt from it, and some clouds cannot resize or move "
        "them.",
        "A deleted image can be restored for %(days)s days. Until then nobody can launch "
        "instances from it, and it still counts against the quota. Instances launched from "
        "it keep running, but cannot be rebuilt from it, and some clouds cannot resize or move "
        "them.",
        days,
    )
    return message % {"days": days}


class DeleteImage(ImageBatchAction):
    """Deletes the image so that it can be restored, if it can."""

    name = "delete"
    names = ngettext_lazy("Delete Image", "Delete Images", "count")
    past_names = ngettext_lazy("Deleted Image", "Deleted %(count)s Images", "count")
    icon = "trash"
    action_type = "danger"
    is_button = True
    rule = policy.DELETE_IMAGE
    help_text = lazy(_help_text, str)()

    def __init__(self, **kwargs: Any):
        super().__init__(**kwargs)
        #: IDs of the images that can be restored, and whether any of them was deleted.
        self._restorable: set[str] = set()
        self._has_kept_any = False

    def refusal(self, request: HttpRequest, image: Image) -> str | None:
        # A deletion that was interrupted can be finished.
        finishes = is_interrupted(image)
        return change_refusal(
            request, self.table.scope, image, self.rule, is_for_deleted=finishes
        ) or self.state_refusal(image)

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

    def checked(self, request: HttpRequest, image: Image) -> str | None:
        if is_restorable(request, image):
            self._restorable.add(image.id)
        return self.refusal(request, image)

    def unconfirmed(self, request: HttpRequest, image_ids: Sequence[str]) -> str:
        count = self.deleted_for_good(request, set(image_ids))
        return confirmed_name.refusal(request, self.table.scope, count)

    def deleted_for_good(self, request: HttpRequest, image_ids: Collection[str]) -> int:
        """Return how many of the images this action deletes so that nobody can restore them."""
        if len(image_ids) < 2:
            return len(image_ids)
        scope = self.table.scope
        read = scope.images_or_errors(request, list(image_ids)).values()
        found = [each for each in read if isinstance(each, Image) and scope.may_read(request, each)]
        acting = [(scope.request_for(request, image), image) for image in found]
        return sum(not is_restorable(*each) and not self.refusal(*each) for each in acting)

    def handle(
        self, table: tables.DataTable, request: HttpRequest, obj_ids: Sequence[str]
    ) -> HttpResponse:
        if reason := self.unconfirmed(request, obj_ids):
            messages.error(request, reason)
            return shortcuts.redirect(self.get_success_url(request))
        return super().handle(table, request, obj_ids)

    def results(self, request: HttpRequest, image_ids: Sequence[str]) -> list[ImageResult]:
        found = super().results(request, image_ids)
        if self._has_kept_any:
            self.hint = _eager("Deleted images can be restored.")
            url = self.table.scope.url_in_domain("index", view=DELETED)
            self.hint_link = (url, _eager("Show deleted images"))
        return found

    def act(self, request: HttpRequest, image: Image) -> None:
        if image.id in self._restorable:
            days = int(conf.RESTORE_DAYS.value)
            deletion.delete(request, image, request.user.username or "", days)
            self._has_kept_any = True
        else:
            delete_permanently(request, image)


def delete_permanently(request: HttpRequest, image: Image) -> None:
    try:
        images.image_delete(request, image.id)
    except exceptions.ImageServiceError as error:
        if image.status == "uploading" and (error.status or 0) >= 500:
            # Glance passes the request on to the host that has the staged data.
            raise exceptions.ImageServiceError(_STAGED_ELSEWHERE, error.status) from error
        raise
