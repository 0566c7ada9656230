# SPDX-License-Identifier: Apache-2.0
"""Versions of a family in the list: below the latest one, or with a link to the others.

Which images belong together stands in the record of each. Whether the latest version of an
earlier one is in the list, on another page, takes a request for a page that has such ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.http import HttpRequest
from django.utils import html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _eager

from helion_images_panel import exceptions
from helion_images_panel.api import families, forgiven
from helion_images_panel.core.family import (
    FORMER,
    LATEST,
    NAME_PROPERTY,
    families_among,
    family_of,
    family_record,
)
from helion_images_panel.core.image import Image
from helion_images_panel.core.query import ImageQuery
from helion_images_panel.core.sources import Source
from helion_images_panel.core.version_swap import plain_name, role_of
from helion_images_panel.core.visible_text import isolated
from helion_images_panel.ui.scopes.scope import PanelScope

#: A family: its owner and its name.
Key = tuple[str, str]


@dataclass(frozen=True)
class Folded:
    """The rows of a page, with the versions of each family behind its latest one.

    :ivar latest: the ID of the latest version, by the ID of another one
    :ivar counts: the number of other versions, by the ID of the latest one
    :ivar is_whole: whether no other page may have further versions
    """

    images: tuple[Image, ...] = ()
    latest: Mapping[str, str] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    is_whole: bool = True


def fold(images: Sequence[Image], is_whole: bool = True) -> Folded:
    """Fold the families whose latest version is on the page; the others stay at their places."""
    below: dict[str, list[Image]] = {}
    for versions in families_among(images).values():
        first, *others = versions
        if role_of(first) == LATEST and (others or not is_whole):
            below[first.id] = others
    latest = {image.id: first for first, others in below.items() for image in others}
    rows = [
        row
        for image in images
        if image.id not in latest
        for row in (image, *below.get(image.id, ()))
    ]
    counts = {first: len(others) for first, others in below.items()}
    return Folded(tuple(rows), latest, counts, is_whole)


def family_key(image: Image) -> Key | None:
    name = family_of(image)
    return (image.owner or "", name) if name else None


class Elsewhere:
    """Which earlier versions of a page have their latest version on another page of the list."""

    def __init__(self, request: HttpRequest, source: Source):
        """:param source: the list"""
        self._request, self._source = request, source
        self._listed: frozenset[Key] | None = None

    def among(self, images: Sequence[Image]) -> frozenset[str]:
        """Return their IDs. One request is sent, for the families of the first images that have
        such ones; others are not known of later.
        """
        lone = self._lone(images)
        if lone and self._listed is None:
            self._listed = self._latest_of(lone)
        listed = self._listed or frozenset()
        return frozenset(image.id for key in lone.keys() & listed for image in lone[key])

    def _lone(self, images: Sequence[Image]) -> Mapping[Key, Sequence[Image]]:
        lone = {
            key: [image for image in versions if _is_found(image)]
            for key, versions in families_among(images).items()
            if role_of(versions[0]) != LATEST
        }
        return {key: found for key, found in lone.items() if found}

    def _latest_of(self, lone: Mapping[Key, Sequence[Image]]) -> frozenset[Key]:
        names = [plain_name(image) for found in lone.values() for image in found]
        try:
            found = families.latest_by_name(
                self._request, self._source.parameters(ImageQuery()) or {}, names
            )
        except exceptions.ImageServiceError as error:
            # Each stands at its own place then.
            forgiven.log("the latest versions on other pages", error)
            return frozenset()
        return frozenset(key for image in found if (key := family_key(image)))


def _is_found(image: Image) -> bool:
    """Whether it is an earlier version that `versions_url` leads to, by a property that anybody
    who may change the image can remove.
    """
    is_named = image.properties.get(NAME_PROPERTY) == family_of(image)
    return is_named and role_of(image) == FORMER


def versions_url(scope: PanelScope, image: Image) -> str:
    """Return the URL of the list with all versions of the image's family."""
    query = {"property": f"{NAME_PROPERTY}={family_of(image)}"}
    if image.owner:
        # Families of other projects may have the same name.
        query["owner"] = image.owner
    return scope.url_in_domain("index", **query)


def row_attributes(scope: PanelScope, folded: Folded, image: Image) -> dict[str, str]:
    """Return what the page's script needs to fold the rows.

    The number of other versions on the page is empty for all but latest ones that may have
    some; with a URL, further ones are there.
    """
    count = folded.counts.get(image.id)
    key = family_key(image)
    return {
        "data-hip-version-of": folded.latest.get(image.id, ""),
        "data-hip-versions": "" if count is None else str(count),
        "data-hip-versions-url": ""
        if count is None or folded.is_whole
        else versions_url(scope, image),
        "data-hip-family": "/".join(key) if key else "",
        "data-hip-created": (image.created_at or "") if key else "",
    }


def family_note(scope: PanelScope, image: Image, folded: Folded | None = None) -> SafeString | str:
    """Return which family an image is a version of, with a link to all of them; empty for an
    image without a family, and for the latest version if all others are below it.
    """
    record = family_record(image)
    if record is None:
        return ""
    if record.role == LATEST:
        if folded is None or folded.is_whole or image.id not in folded.counts:
            return ""
        text = _eager("Versions of %(family)s")
    elif record.role == FORMER:
        text = _eager("Earlier version of %(family)s")
    else:
        text = _eager("New version of %(family)s")
    label = html.escape(text % {"family": isolated(record.name)})
    url = html.escape(versions_url(scope, image))
    # Both are escaped; each row may have one.
    return SafeString(f'<a class="hip-family" href="{url}" dir="auto">{label}</a>')  # nosec B703
