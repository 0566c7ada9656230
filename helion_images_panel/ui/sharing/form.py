# SPDX-License-Identifier: Apache-2.0
"""Share Image with several projects, with a result for each of them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _
from horizon import forms

from helion_images_panel import exceptions, policy
from helion_images_panel.api import members as api
from helion_images_panel.api.parallel import in_parallel
from helion_images_panel.core.image import Image
from helion_images_panel.core.visible_text import isolated
from helion_images_panel.publishing.held_image import HeldImage, hold
from helion_images_panel.ui.base import labels, messages
from helion_images_panel.ui.base.errors import error_of
from helion_images_panel.ui.base.image_form import ImageForm
from helion_images_panel.ui.scopes.scope import PanelScope
from helion_images_panel.ui.sharing import rules
from helion_images_panel.ui.sharing.field import look_up_projects, offer_search, projects_field
from helion_images_panel.ui.sharing.old_members import remove_old_field, settle_old_members
from helion_images_panel.ui.sharing.project_lookup import ProjectLookup
from helion_images_panel.ui.sharing.results import (
    ADDED,
    FAILED,
    KNOWN,
    REJECTED,
    Result,
    not_shared_message,
    reasons_of,
    refused,
    result_of,
    unverified_message,
)

LOG = logging.getLogger(__name__)


class ShareForm(ImageForm):
    projects = projects_field()
    remove_old = remove_old_field(
        _(
            "If the image was shared before, its earlier members regain access, with their "
            "previous responses, unless you remove them."
        )
    )

    def __init__(
        self, request: HttpRequest, *args: Any, image: Image, scope: PanelScope, **kwargs: Any
    ):
        super().__init__(request, *args, image=image, **kwargs)
        self.scope = scope
        url = f"{scope.url('projects')}?image={image.id}"
        offer_search(self.fields["projects"], request, url)
        # Glance returns the members of a shared image only.
        if image.visibility == "shared" or not policy.allows(request, policy.DELETE_MEMBER, image):
            del self.fields["remove_old"]

    def clean_projects(self) -> list[ProjectLookup]:
        text = self.cleaned_data["projects"]
        lookups = look_up_projects(self.request, self.scope, text, self.image.owner)
        if not lookups:
            raise forms.ValidationError(_eager("Enter a project."))
        return lookups

    def handle(self, request: HttpRequest, data: dict[str, Any]) -> bool:
        lookups: list[ProjectLookup] = data["projects"]
        unique = {lookup.project_id: lookup for lookup in lookups if not lookup.refusal}
        wanted = list(unique.values())
        results = refused(lookups)
        if not wanted:
            self.api_error(not_shared_message("; ".join(reasons_of(results))))
            return False
        try:
            with hold(request, self.image) as held:
                opens = held.current.image.visibility != "shared"
                errors = self._share(held, wanted, bool(data.get("remove_old")))
        except exceptions.ImageServiceError as error:
            message = _eager("The image was not shared. %(reason)s") % {"reason": error}
            self.change_refused(error, message)
            return False
        # Messages are created in the request's own thread, which has the user's
        # language.
        results = [*self._results(request, wanted, errors), *results]
        if all(result.outcome == FAILED for result in results):
            message = not_shared_message("; ".join(reasons_of(results)))
            if opens:
                message += " " + _eager("The visibility of the image is now Shared.")
            self.api_error(message)
            return False
        self._show_messages(request, results)
        unverified = unverified_message(wanted, errors)
        if unverified:
            messages.warning(request, unverified)
        return True

    def _results(
        self,
        request: HttpRequest,
        wanted: Sequence[ProjectLookup],
        errors: Sequence[Exception | None],
    ) -> list[Result]:
        results = [result_of(lookup, error) for lookup, error in zip(wanted, errors, strict=True)]
        if not any(result.outcome == KNOWN for result in results):
            return results
        rejected = _rejected_by(request, self.image)
        return [
            replace(result, outcome=REJECTED)
            if result.outcome == KNOWN and lookup.project_id in rejected
            else result
            for lookup, result in zip(wanted, results, strict=True)
        ]

    def _share(
        self, held: HeldImage, wanted: Sequence[ProjectLookup], remove_old: bool
    ) -> list[Exception | None]:
        """Share the image, and return the error for each project; None on success.

        Raise ImageServiceError if the image itself cannot be shared.
        """
        request, current = held.request, held.current.image
        refusal = rules.state_refusal(current)
        if refusal:
            # Another user has changed the visibility in the meantime.
            raise exceptions.ImageServiceError(refusal, 409)
        if current.visibility != "shared":
            held.change_visibility("shared")
            new_members = [lookup.project_id for lookup in wanted]
            settle_old_members(request, self.scope, current, remove_old, new_members)
        held.renew()
        errors = in_parallel(
            error_of(lambda lookup: api.member_create(request, current.id, lookup.project_id)),
            wanted,
        )
        _keep_manual_members(held, wanted, errors)
        return errors

    def _show_messages(self, request: HttpRequest, results: Sequence[Result]) -> None:
        values = {"image": labels.inert(self.image.display_name)}

        def shared_with(outcome: str) -> str:
            found = [isolated(result.label) for result in results if result.outcome == outcome]
            return labels.inert(messages.joined(found))

        if shared_with(ADDED):
            values["projects"] = shared_with(ADDED)
            messages.success(request, _eager("Shared image %(image)s with %(projects)s.") % values)
        if shared_with(KNOWN):
            values["projects"] = shared_with(KNOWN)
            messages.info(
                request, _eager("Image %(image)s was already shared with %(projects)s.") % values
            )
        if shared_with(REJECTED):
            values["projects"] = shared_with(REJECTED)
            messages.warning(
                request,
                _eager(
                    "Image %(image)s was rejected by %(projects)s. Their members can still accept "
                    "it under Shared with Me. To ask again, remove the member in the tab Access, "
                    "then share the image again."
                )
                % values,
            )
        failed = [result for result in results if result.outcome == FAILED]
        if failed:
            text = not_shared_message(messages.joined(reasons_of(failed), "; "))
            messages.error(request, labels.inert(text))


def _rejected_by(request: HttpRequest, image: Image) -> set[str]:
    """Return the members that have rejected the image; none if they cannot be read."""
    try:
        members = api.member_list(request, image.id)
    except (exceptions.ImageServiceError, exceptions.SessionEnded):
        return set()
    return {member.project_id for member in members if member.status == "rejected"}


def _keep_manual_members(
    held: HeldImage, wanted: Sequence[ProjectLookup], errors: Sequence[Exception | None]
) -> None:
    """Remove projects from the record of a published image that a user now shares it with.

    New members may be recorded from before they were removed, or from an interrupted step.
    """
    shared_with = [
        lookup.project_id
        for lookup, error in zip(wanted, errors, strict=True)
        if error is None or getattr(error, "status", None) == 409
    ]
    try:
        held.keep_manual_members(shared_with)
    except (exceptions.ImageServiceError, exceptions.SessionEnded) as error:
        LOG.warning("What image %s is shared with was not noted: %s", held.current.image.id, error)
