# SPDX-License-Identifier: Apache-2.0
"""Versions of a family in the list: below the latest one, or with a link to the others.

What is needed stands in the record of each image: no request is sent for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils import html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _eager

from helion_images_panel.core.family import (
    FORMER,
    LATEST,
    NAME_PROPERTY,
    families_among,
    family_record,
)
from helion_images_panel.core.image import Image
from helion_images_panel.core.version_swap import role_of
from helion_images_panel.core.visible_text import isolated
from helion_images_panel.ui.scopes.scope import PanelScope


@dataclass(frozen=True)
class Folded:
    """The rows of a page, with the versions of each family behind its latest one.

    :ivar latest: the ID of the latest version, by the ID of another one
    :ivar counts: the number of other versions, by the ID of the latest one
    """

    images: tuple[Image, ...] = ()
    latest: Mapping[str, str] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)


def fold(images: Sequence[Image]) -> Folded:
    """Fold the families whose latest version is on the page; the others stay at their places."""
    below: dict[str, list[Image]] = {}
    for versions in families_among(images).values():
        first, *others = versions
        if others and role_of(first) == LATEST:
            below[first.id] = others
    latest = {image.id: first for first, others in below.items() for image in others}
    rows = [
        row
        for image in images
        if image.id not in latest
        for row in (image, *below.get(image.id, ()))
    ]
    counts = {first: len(others) for first, others in below.items()}
    return Folded(tuple(rows), latest, counts)


def family_note(scope: PanelScope, image: Image) -> SafeString | str:
    """Return which family an image is a version of, with a link to all of them; empty for the
    latest one, and for an image without a family.
    """
    record = family_record(image)
    if record is None or record.role == LATEST:
        return ""
    query = {"property": f"{NAME_PROPERTY}={record.name}"}
    url = html.escape(scope.url_in_domain("index", **query))
    if record.role == FORMER:
        text = _eager("Earlier version of %(family)s") % {"family": isolated(record.name)}
    else:
        text = _eager("New version of %(family)s") % {"family": isolated(record.name)}
    # Both are escaped; each row may have one.
    return SafeString(  # nosec B703
        f'<a class="hip-family" href="{url}" dir="auto">{html.escape(text)}</a>'
    )
