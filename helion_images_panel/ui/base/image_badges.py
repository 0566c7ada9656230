# SPDX-License-Identifier: Apache-2.0
"""What a person should know of an image before it is changed or deleted.

These are the things that the image itself tells; who uses it is asked apart,
see `actions.uses`.
"""

from __future__ import annotations

import json

from django.utils.translation import gettext as _

from helion_images_panel.core.image import Image
from helion_images_panel.core.publication import DOMAIN, publication_of
from helion_images_panel.ui.base import labels


def notes_of(image: Image) -> list[str]:
    """Words for labels beside the name; none for what only its own project has."""
    publication = publication_of(image)
    known = {
        _("Public"): image.visibility == "public",
        _("Community"): image.visibility == "community",
        _("Published to a domain"): image.visibility == "shared"
        and publication is not None
        and publication.audience == DOMAIN,
        _("Protected"): image.protected,
        _("Hidden"): image.os_hidden,
        _("Deactivated"): image.status == "deactivated",
    }
    return [words for words, holds in known.items() if holds]


def attributes(image: Image) -> dict[str, str]:
    """Of an element of the page, for its script: see confirm.js."""
    return {
        "data-hip-image": image.id,
        "data-hip-name": labels.inert(image.display_name),
        "data-hip-notes": json.dumps(notes_of(image)),
    }
