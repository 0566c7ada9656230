# SPDX-License-Identifier: Apache-2.0
"""What is wrong with the value of a filter, and what to enter instead."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from helion_images_panel.core import filter_values as values
from helion_images_panel.core.conditions import PROPERTIES_AT_ONCE
from helion_images_panel.core.filter_values import WrongValue
from helion_images_panel.core.query import TAGS_AT_ONCE
from helion_images_panel.core.tags import TAG_LENGTH
from helion_images_panel.ui.create import checksum_refusals

#: Maximum number of characters of a value that a message repeats.
_SHOWN = 60

_MESSAGES: Mapping[str, str | Promise] = {
    values.CHOICE: _("“%(value)s” is not one of the choices. Choose another value."),
    values.SIZE: _(
        "“%(value)s” is not a size. Enter a number with a unit, such as 700 MB or 1.5 GiB."
    ),
    values.GROUPED_SIZE: _(
        "“%(value)s” can be read in two ways. Enter the number without a thousands separator."
    ),
    values.LARGE_SIZE: _("“%(value)s” is larger than any image. Enter a smaller size."),
    values.DAY: _(
        "“%(value)s” is not a date. Enter a day that exists as YEAR-MONTH-DAY, such as 2026-02-28."
    ),
    values.SIZE_RANGE: _("This size is smaller than the one in “Size from”. Change one of them."),
    values.DAY_RANGE: _("This day is before the one in “from”. Change one of them."),
    values.PROPERTY: _(
        "“%(value)s” has no name and value. Enter the property as name=value, such as "
        "hw_disk_bus=virtio."
    ),
    values.ATTRIBUTE: _("“%(value)s” is not a property. Use the filter of that name, if any."),
    values.OTHER_VALUE: _(
        "Two values are set for the property “%(value)s”, and an image has only one. Remove one "
        "of the two filters."
    ),
    values.LONG: _("The value is too long. Enter at most %(value_length)s characters."),
    values.LONG_TAG: _("A tag has at most %(tag_length)s characters. Enter a shorter one."),
    values.MANY_TAGS: _("The list can be filtered by %(tags)s tags at most. Remove one of them."),
    values.MANY_PROPERTIES: _(
        "The list can be filtered by %(properties)s properties at most. Remove one of them."
    ),
    values.OWNER: _(
        "There is no project “%(value)s” in this list. Enter the name or the ID of a project."
    ),
    values.OWNERS: _("Several projects have this name. Enter one of these: %(value)s."),
    values.OWNER_UNKNOWN: _(
        "The project “%(value)s” could not be looked up. Try again, or remove this filter."
    ),
}


def message(error: WrongValue) -> str:
    if error.checksum:
        return checksum_refusals.of_error(error.checksum, "")
    is_list = error.kind == values.OWNERS
    return str(_MESSAGES[error.kind]) % {
        "value": error.value if is_list else Truncator(error.value).chars(_SHOWN),
        "value_length": values.VALUE_LENGTH,
        "tag_length": TAG_LENGTH,
        "tags": TAGS_AT_ONCE,
        "properties": PROPERTIES_AT_ONCE,
    }
