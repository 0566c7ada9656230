# SPDX-License-Identifier: Apache-2.0
"""A form that sends only changed values to Glance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _eager

from helion_images_panel import exceptions
from helion_images_panel.api import images
from helion_images_panel.ui.base import labels, messages
from helion_images_panel.ui.base.image_form import ImageForm


def not_confirmed(error: exceptions.UnexpectedResponse) -> str:
    """Return the message for a change whose response could not be read: it may have been made."""
    return _eager(
        "The image service did not confirm the change. Check in the list of images whether it "
        "was made. %(reason)s"
    ) % {"reason": error}


class ChangeForm(ImageForm):
    """Sends the changes in one request to Glance, or none if there are no changes.

    Each field contains the value that the user was shown, and is compared with that. A
    comparison with the current image would revert changes that other users have made
    since the form was opened.
    """

    def changes(self, data: dict[str, Any]) -> dict[str, Any]:
        """Return changed attributes and properties, in Glance's names and units."""
        raise NotImplementedError

    def send(self, request: HttpRequest, changes: Mapping[str, Any]) -> None:
        images.image_update(request, self.image.id, changes)

    def refused(self, error: exceptions.ImageServiceError, changes: Mapping[str, Any]) -> str:
        """Return the message that is shown when Glance refuses the changes."""
        if isinstance(error, exceptions.UnexpectedResponse):
            return not_confirmed(error)
        if isinstance(error, exceptions.DataTransferred) and error.is_changed:
            return str(error)
        return _eager("The image was not changed. %(reason)s") % {"reason": error}

    def handle(self, request: HttpRequest, data: dict[str, Any]) -> bool:
        changes = self.changes(data)
        shown = labels.inert(self.image.display_name)
        if not changes:
            messages.info(request, _eager("Image %(image)s was not changed.") % {"image": shown})
            return True
        try:
            self.send(request, changes)
        except exceptions.ImageServiceError as error:
            self.change_refused(error, self.refused(error, changes))
            return False
        renamed = replace(self.image, name=changes.get("name", self.image.name))
        now = labels.inert(renamed.display_name)
        messages.success(request, _eager("Updated image %(image)s.") % {"image": now})
        return True
