# SPDX-License-Identifier: Apache-2.0
"""What all actions on rows and on ticked rows have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import shortcuts
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _eager
from horizon import messages, tables

from helion_images_panel import policy
from helion_images_panel.core.image import Image
from helion_images_panel.ui import batch, text
from helion_images_panel.ui.actions.changeable import not_changeable


class ImageBatchAction(tables.BatchAction):
    """An action on one row, on ticked rows, and on the details page.

    Subclasses name the policy rule, say in `state_refusal` which images have
    nothing to gain from it, and act in `act`.
    """

    rule: str = policy.MODIFY_IMAGE
    help_text = ""

    def state_refusal(self, image: Image) -> str | None:
        """Why the image's state forbids the action; None if it does not."""
        return None

    def act(self, request: HttpRequest, image: Image) -> None:
        raise NotImplementedError

    def refusal(self, request: HttpRequest, image: Image) -> str | None:
        return not_changeable(request, self.table.scope, image, self.rule) or self.state_refusal(
            image
        )

    def allowed(self, request: HttpRequest, image: Image | None = None) -> bool:
        if image is None:
            return policy.allows(request, self.rule)
        return not self.refusal(request, image)

    def handle(self, table: Any, request: HttpRequest, obj_ids: Sequence[str]) -> HttpResponse:
        outcomes = batch.run(
            request,
            table.scope,
            obj_ids,
            lambda image: self.refusal(request, image),
            lambda image: self.act(request, image),
        )
        if all(outcome.missing for outcome in outcomes):
            raise Http404(outcomes[0].failure)
        done = [text.inert(outcome.name) for outcome in outcomes if not outcome.failure]
        failed = [outcome for outcome in outcomes if outcome.failure]
        if done:
            messages.success(
                request,
                _eager("%(action)s: %(images)s")
                % {"action": self._get_action_name(done, past=True), "images": ", ".join(done)},
            )
        if failed:
            messages.error(
                request,
                _eager("Unable to %(action)s: %(images)s")
                % {
                    "action": str(self._get_action_name(failed)).lower(),
                    "images": "; ".join(
                        text.inert(f"{outcome.name} – {outcome.failure}") for outcome in failed
                    ),
                },
            )
        return shortcuts.redirect(self.get_success_url(request))
