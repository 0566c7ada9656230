# SPDX-License-Identifier: Apache-2.0
"""Glance's metadata definitions, as far as an image can have them."""

from __future__ import annotations

from django.http import HttpRequest

from helion_images_panel.api import metadefs
from helion_images_panel.core.definitions import Definition, Section
from helion_images_panel.core.image import Image
from helion_images_panel.ui.base.errors import or_default
from helion_images_panel.ui.metadata.names import is_editable


def load_sections(request: HttpRequest) -> tuple[Section, ...] | None:
    """None where Glance does not return them: properties can be edited without."""
    return or_default(metadefs.sections, None)(request)


def addable(section: Section, image: Image) -> list[Definition]:
    """What of a section the image does not have, and a person may give it."""
    return [
        each
        for each in section.definitions
        if each.name not in image.properties and is_editable(each.name) and not each.readonly
    ]
