# SPDX-License-Identifier: Apache-2.0
"""The fields for a family's end rule, in Make It the Latest and in a dialog of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from horizon import forms

from helion_images_panel import policy
from helion_images_panel.core.end_rule import LIMIT_DAYS
from helion_images_panel.ui.base.fields import NumberInput

#: The fields in the order of the days, as `EndRule` has them, each with the policy that its step
#: needs.
STEPS: Mapping[str, str] = {
    "deprecate_in": policy.MODIFY_IMAGE,
    "deactivate_in": policy.DEACTIVATE,
    "delete_in": policy.DELETE_IMAGE,
}


def days_field(label: Any, first: int, **kwargs: Any) -> forms.IntegerField:
    """:param first: the smallest number of days"""
    attrs = {"min": first, "max": LIMIT_DAYS}
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=first,
        max_value=LIMIT_DAYS,
        widget=NumberInput(attrs=attrs),
        **kwargs,
    )
