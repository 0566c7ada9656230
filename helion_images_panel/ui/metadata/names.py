# SPDX-License-Identifier: Apache-2.0
"""Which properties a person may write."""

from __future__ import annotations

import re
import unicodedata

from django.conf import settings

from helion_images_panel.core.image import (
    BASE_ATTRIBUTES,
    GLANCE_PROPERTY_PREFIX,
    OWN_PROPERTY_PREFIX,
)

#: What a person may call a property that no definition knows.
NAME_PATTERN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:-]{0,254}")


def is_editable(name: str) -> bool:
    """Whether a person may write this property here.

    Glance's own attributes have their own forms and rules: this one would
    carry "visibility" or "status" past them.
    """
    folded = _folded(name)
    reserved = getattr(settings, "IMAGE_RESERVED_CUSTOM_PROPERTIES", ())
    return (
        bool(folded)
        and folded not in BASE_ATTRIBUTES
        and folded not in {_folded(each) for each in reserved}
        and not folded.startswith((OWN_PROPERTY_PREFIX, GLANCE_PROPERTY_PREFIX))
    )


def _folded(name: str) -> str:
    """To some of the databases in use, all these spellings are the same name."""
    letters = unicodedata.normalize("NFKD", name)
    return "".join(c for c in letters if not unicodedata.combining(c)).casefold().strip()


def is_custom_name(name: str) -> bool:
    """Whether a property may be made under this name that no definition knows."""
    return bool(NAME_PATTERN.fullmatch(name)) and is_editable(name)
