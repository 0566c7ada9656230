# SPDX-License-Identifier: Apache-2.0
"""Properties of an image that a user should see before changing or deleting it.

They are read from the image itself; its users are queried separately, see
`uses.queries`.
"""

from __future__ import annotations

import json

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from helion_images_panel.core.deletion import is_deleted
from helion_images_panel.core.image import Image
from helion_images_panel.core.publication import DOMAIN, publication_of
from helion_images_panel.ui.base import end_dates, labels


def notes_of(image: Image) -> list[str]:
    """Return labels beside the name; empty for an image that only its own project can use."""
    notes = []
    if image.visibility == "public":
        notes.append(pgettext("visibility", "Public"))
    elif image.visibility == "community":
        notes.append(pgettext("visibility", "Community"))
    elif image.visibility == "shared" and _is_of_domain(image):
        notes.append(_("Published to a domain"))
    if image.protected:
        notes.append(_("Protected"))
    if is_deleted(image):
        return [*notes, _("Deleted")]
    notes += end_dates.badges(image)
    if image.os_hidden:
        notes.append(_("Hidden"))
    if image.status == "deactivated":
        notes.append(_("Deactivated"))
    return notes


def _is_of_domain(image: Image) -> bool:
    publication = publication_of(image)
    return publication is not None and publication.audience == DOMAIN


#: Who can restore an image after its deletion: the user, nobody, or only an admin.
RESTORABLE, NOT_RESTORABLE, BY_ADMIN = "true", "false", "admin"


def attributes(image: Image, restorable: str) -> dict[str, str]:
    """HTML attributes for the page's script: see confirm.js.

    :param restorable: who can restore it after its deletion
    """
    return {
        "data-hip-image": image.id,
        "data-hip-name": labels.inert(image.display_name),
        "data-hip-notes": json.dumps(notes_of(image)),
        "data-hip-protected": "true" if image.protected else "false",
        "data-hip-restorable": restorable,
    }
