# SPDX-License-Identifier: Apache-2.0
"""What Make It the Latest and Roll Back do, as sentences before they do it."""

from __future__ import annotations

from django.utils.translation import gettext as _eager
from django.utils.translation import ngettext

from helion_images_panel.core.access import MemberCounts
from helion_images_panel.core.image import Image
from helion_images_panel.core.publication import DOMAIN, publication_of
from helion_images_panel.core.version_swap import (
    Journal,
    dated_name,
    journal_of,
    plain_name,
    returning_dates,
    version_of,
)
from helion_images_panel.core.visible_text import isolated


def consequences(image: Image, old: Image | None, counts: MemberCounts | None) -> list[str]:
    """Return what the change does to names, access and protection.

    :param counts: the members of the old version; None if they are not known
    """
    journal = journal_of(image)
    return [
        *_names(image, old, journal),
        *_audience(image, old, counts),
        *_protection(image, old),
        *_own_dates(image),
    ]


def _names(image: Image, old: Image | None, journal: Journal | None) -> list[str]:
    plain = journal.plain if journal else plain_name(old or image)
    lines = []
    if (image.name or "") != plain:
        lines.append(
            _eager("%(image)s is renamed to %(name)s.")
            % {"image": image.display_name, "name": isolated(plain)}
        )
    if old is not None:
        dated = dated_name(plain, version_of(old))
        lines.append(
            _eager("The previous version, %(image)s, is renamed to %(name)s.")
            % {"image": old.display_name, "name": isolated(dated)}
        )
    return lines


def _audience(image: Image, old: Image | None, counts: MemberCounts | None) -> list[str]:
    if old is None or old.visibility == "private":
        return [_eager("The access to this version does not change.")]
    kept = _eager(
        "The previous version keeps its access: instances that were launched from it can still be "
        "rebuilt."
    )
    if image.visibility == "public" or image.visibility == old.visibility == "community":
        return [_eager("The access to this version does not change."), kept]
    if old.visibility == "public":
        return [
            _eager("Every project of this cloud gets this version, as it has the previous one."),
            kept,
        ]
    if old.visibility == "community":
        return [_eager("This version becomes a community image, as the previous one is."), kept]
    publication = publication_of(old)
    lines = []
    if publication is not None and publication.audience == DOMAIN:
        lines.append(_eager("This version is published to all projects of the domain."))
    shared = counts.accepted + counts.pending if counts else 0
    if shared:
        lines.append(
            ngettext(
                "%(count)s project that has the previous version gets this one, with its response "
                "as far as you may give it.",
                "%(count)s projects that have the previous version get this one, with their "
                "responses as far as you may give them.",
                shared,
            )
            % {"count": shared}
        )
    return [*lines, kept]


def _protection(image: Image, old: Image | None) -> list[str]:
    if old is not None and old.protected and not image.protected:
        return [_eager("This version is protected, as the previous one is.")]
    return []


def _own_dates(image: Image) -> list[str]:
    if returning_dates(image) is None:
        return []
    return [_eager("The end dates that this version got when it was replaced are removed.")]
