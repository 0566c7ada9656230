# SPDX-License-Identifier: Apache-2.0
"""Base class of forms that change one image."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from horizon import forms

from helion_images_panel import exceptions
from helion_images_panel.core.image import Image
from helion_images_panel.ui.base.errors import lacks_property


class ImageForm(forms.SelfHandlingForm):
    """`lacks_property` shows a link to Update Metadata, where the image can get a property that
    the cloud requires.
    """

    lacks_property = False

    def __init__(self, request: HttpRequest, *args: Any, image: Image, **kwargs: Any):
        super().__init__(request, *args, **kwargs)
        self.image = image

    def change_refused(self, error: exceptions.ImageServiceError, message: str) -> None:
        """Show the message about an error of the service."""
        self.lacks_property = lacks_property(error)
        self.api_error(message)
