# SPDX-License-Identifier: Apache-2.0
"""Properties of an image that a user should see before changing or deleting it.

They are read from the image itself; its users are queried separately, see
`actions.uses`.
"""

from __future__ import annotations

import json

from django.utils.translation import gettext as _

from helion_images_panel.core.image import Image
from helion_images_panel.core.publication import DOMAIN, publication_of
from helion_images_panel.ui.base import labels


def notes_of(image: Image) -> list[str]:
    """Return labels beside the name; empty for an image that only its own project can use."""
    publication = publication_of(image)
    badges = {
        _("Public"): image.visibility == "public",
        _("Community"): image.visibility == "community",
        _("Published to a domain"): image.visibility == "shared"
        and publication is not None
        and publication.audience == DOMAIN,
        _("Protected"): image.protected,
        _("Hidden"): image.os_hidden,
        _("Deactivated"): image.status == "deactivated",
    }
    return [label for label, holds in badges.items() if holds]


def attributes(image: Image) -> dict[str, str]:
    """HTML attributes for the page's script: see confirm.js."""
    return {
        "data-hip-image": image.id,
        "data-hip-name": labels.inert(image.display_name),
        "data-hip-notes": json.dumps(notes_of(image)),
        "data-hip-protected": "true" if image.protected else "false",
    }
