# SPDX-License-Identifier: Apache-2.0
"""The properties that a user may write."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, unquote

from django.conf import settings

from helion_images_panel.core.image import (
    BASE_ATTRIBUTES,
    GLANCE_PROPERTY_PREFIX,
    OWN_PROPERTY_PREFIX,
)

#: Prefix of the name of a property's field, and of the field for any other value than its
#: field offers.
PREFIX = "property."
OTHER_PREFIX = "other."

#: Allowed names of properties without a definition.
NAME_PATTERN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:-]{0,254}")


def encoded(name: str) -> str:
    """Return the name of a property as forms have it.

    Browsers send line breaks and quotation marks of a field's name in other ways than they
    are written, differently for each kind of form, and Horizon replaces AngularJS's brackets.
    The usual names stay as they are.
    """
    return quote(name, safe=":")


def field_name(name: str) -> str:
    """Return the name of a property's field."""
    return PREFIX + encoded(name)


def decoded(text: str) -> str:
    return unquote(text)


def property_name(field: str) -> str:
    """Return the name of the property of a field."""
    return decoded(field.removeprefix(PREFIX))


def is_editable(name: str) -> bool:
    """Whether a user may write this property in this form.

    Glance's own attributes have their own forms and rules, which "visibility" or
    "status" would bypass here.
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
    """Normalize a name: some of the databases in use treat these spellings as equal."""
    letters = unicodedata.normalize("NFKD", name)
    return "".join(c for c in letters if not unicodedata.combining(c)).casefold().strip()


def is_custom_name(name: str) -> bool:
    """Whether a property without a definition may have this name."""
    return bool(NAME_PATTERN.fullmatch(name)) and is_editable(name)
