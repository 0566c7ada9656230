# SPDX-License-Identifier: Apache-2.0
"""Base class of actions on one image and on selected images."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import shortcuts
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _eager
from horizon import tables

from helion_images_panel import policy
from helion_images_panel.core.image import Image
from helion_images_panel.core.query import DELETED
from helion_images_panel.ui.base import bulk
from helion_images_panel.ui.base.named_action import NamedBatchAction
from helion_images_panel.ui.base.reports import report_results
from helion_images_panel.ui.base.results import ImageResult
from helion_images_panel.ui.scopes.permissions import change_refusal


class ImageBatchAction(NamedBatchAction):
    """An action on one row, on selected rows, and on the details page.

    A subclass declares `name`, `names` and `past_names`, the policy `rule`, whether it
    `asks`, the excluded states in `state_refusal`, and the change in `act`.
    `listing.table` lists it.
    """

    rule: str = policy.MODIFY_IMAGE
    #: One line for the confirmation dialog.
    help_text = ""
    #: Whether a confirmation is required; Horizon itself requires one for the type
    #: "danger".
    asks = False
    #: Next step, shown after success.
    hint = ""
    #: URL and label of the page for that step.
    hint_link = ("", "")
    #: Whether it is a button of the bar for ticked rows, and not in the menu there.
    is_button = False
    #: Whether it is for images that are deleted and can be restored, besides others.
    is_for_deleted = False
    #: Whether it changes images by `act` alone, so that a script can send it in portions.
    acts_in_portions = True

    def get_default_attrs(self) -> dict[str, Any]:
        attributes: dict[str, Any] = super().get_default_attrs()
        return attributes | ({"data-hip-asks": ""} if self.asks else {})

    def state_refusal(self, image: Image) -> str | None:
        """Return why the action is not possible in the image's state; None if it is."""
        return None

    def act(self, request: HttpRequest, image: Image) -> None:
        """Change the image; raise ImageServiceError with the reason on failure."""
        raise NotImplementedError

    def refusal(self, request: HttpRequest, image: Image) -> str | None:
        """Return why the user may not do this, or the state excludes it; None if allowed."""
        return change_refusal(
            request, self.table.scope, image, self.rule, self.is_for_deleted
        ) or self.state_refusal(image)

    def checked(self, request: HttpRequest, image: Image) -> str | None:
        """Return the same before `act`, in the request's own thread: policy is asked there."""
        return self.refusal(request, image)

    def allowed(self, request: HttpRequest, image: Image | None = None) -> bool:
        if image is None:
            of_deleted = self.table.query.view == DELETED
            return self.is_in_bar(of_deleted) and policy.allows(request, self.rule)
        return not self.refusal(request, image)

    def is_in_bar(self, of_deleted: bool) -> bool:
        """Whether the list offers it for ticked rows; `of_deleted`: the view of deleted images."""
        return self.is_for_deleted or not of_deleted

    def unconfirmed(self, request: HttpRequest, image_ids: Sequence[str]) -> str:
        """Return why the confirmation of the action on these images is not valid; empty if it is,
        and for an action whose confirmation is the page's alone.
        """
        return ""

    def results(self, request: HttpRequest, image_ids: Sequence[str]) -> list[ImageResult]:
        """Act on the images, and return a result for each ID, without repeated ones."""
        scope = self.table.scope
        return bulk.run(
            request,
            scope,
            image_ids,
            lambda image: self.checked(scope.request_for(request, image), image),
            lambda image: self.act(scope.request_for(request, image), image),
        )

    def handle(
        self, table: tables.DataTable, request: HttpRequest, obj_ids: Sequence[str]
    ) -> HttpResponse:
        outcomes = self.results(request, obj_ids)
        if all(outcome.missing for outcome in outcomes):
            raise Http404(outcomes[0].failure)
        done = [outcome for outcome in outcomes if not outcome.failure]
        failed = [outcome for outcome in outcomes if outcome.failure]
        report_results(
            request,
            outcomes,
            done_title=str(self._get_action_name(done, past=True)),
            # The action under its own name, as its button has it: no language makes a verb of it.
            # Translators: the label of a button, such as Delete Image.
            failed_title=_eager("%(action)s failed") % {"action": self._get_action_name(failed)},
            hint=str(self.hint),
            link=self.hint_link,
        )
        return shortcuts.redirect(self.get_success_url(request))
