# SPDX-License-Identifier: Apache-2.0
"""Which of several uploads into one image was stored, for pages that heard no answer.

Of two pages that upload into the same image Glance takes one. Where the
connection of the other breaks before it has read so, all that it sees is an
image that becomes active. Each upload therefore has an ID of its page's making.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from helion_images_panel.api import cache

#: Seconds; a page asks at once, unless its computer sleeps meanwhile.
KEPT_S = 24 * 3600

#: Refused uploads that are remembered of one image.
REFUSED_KEPT = 20

_ATTEMPT = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Attempts:
    """Empty where nobody has noted anything."""

    stored: str = ""
    refused: tuple[str, ...] = ()


def of_image(image_id: str) -> Attempts:
    stored, refused = cache.get(_stored(image_id)), cache.get(_refused(image_id))
    return Attempts(stored or "", tuple(refused or ()))


def note_stored(image_id: str, attempt: str) -> None:
    """What is not an ID is not kept."""
    if _ATTEMPT.fullmatch(attempt):
        cache.set(_stored(image_id), attempt, KEPT_S)


def note_refused(image_id: str, attempt: str) -> None:
    """That another upload was ahead of this one."""
    if _ATTEMPT.fullmatch(attempt):
        before = cache.get(_refused(image_id)) or ()
        cache.set(_refused(image_id), (*before, attempt)[-REFUSED_KEPT:], KEPT_S)


def _stored(image_id: str) -> str:
    return f"helion_images.upload_stored.{image_id}"


def _refused(image_id: str) -> str:
    return f"helion_images.upload_refused.{image_id}"
