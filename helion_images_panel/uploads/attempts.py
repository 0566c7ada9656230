# SPDX-License-Identifier: Apache-2.0
"""Which of several uploads into one image was stored, for pages that heard no answer.

Of two pages that upload into the same image Glance takes one. Where the
connection of the other breaks before it has read so, all that it sees is an
image that becomes active. Each upload therefore has an ID of its page's making.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass

from django.core.cache import cache

LOG = logging.getLogger(__name__)

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
    try:
        kept = cache.get_many([_stored(image_id), _refused(image_id)])
    except Exception as error:
        LOG.warning("What is noted of uploads could not be read: %s", error)
        return Attempts()
    return Attempts(kept.get(_stored(image_id), ""), tuple(kept.get(_refused(image_id), ())))


def note_stored(image_id: str, attempt: str) -> None:
    """What is not an ID is not kept. A cache that fails is no reason for an upload to fail."""
    if not _ATTEMPT.fullmatch(attempt):
        return
    try:
        cache.set(_stored(image_id), attempt, KEPT_S)
    except Exception as error:
        LOG.warning("An upload into image %s could not be noted: %s", image_id, error)


def note_refused(image_id: str, attempt: str) -> None:
    """That another upload was ahead of this one."""
    if not _ATTEMPT.fullmatch(attempt):
        return
    try:
        kept = cache.get(_refused(image_id), ())
        cache.set(_refused(image_id), (*kept, attempt)[-REFUSED_KEPT:], KEPT_S)
    except Exception as error:
        LOG.warning("A refused upload into image %s could not be noted: %s", image_id, error)


def _stored(image_id: str) -> str:
    return f"helion_images.upload_stored.{image_id}"


def _refused(image_id: str) -> str:
    return f"helion_images.upload_refused.{image_id}"
