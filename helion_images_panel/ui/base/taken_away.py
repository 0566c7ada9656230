# SPDX-License-Identifier: Apache-2.0
"""The place in a dialog for what uses the images that it takes away from others.

A script asks for the uses once the form is going to do that: `js/uses/confirmation.js`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from helion_images_panel.core.image import Image


@dataclass(frozen=True)
class TakenAway:
    """:ivar images: names by ID, as JSON; an empty name for the only image of the dialog
    :ivar fields: names of the form's fields with which it takes them away; empty if it does
        nothing else
    :ivar values: of these fields; empty for any value but none
    """

    images: str
    fields: str = ""
    values: str = ""


def taken_away(
    images: Sequence[Image],
    fields: Sequence[str] = (),
    values: Sequence[str] = (),
    is_named: bool = False,
) -> TakenAway:
    """:param is_named: whether the dialog is about other images, too"""
    names = {image.id: image.display_name if is_named else "" for image in images}
    return TakenAway(json.dumps(names), " ".join(fields), " ".join(values))
