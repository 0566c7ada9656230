# SPDX-License-Identifier: Apache-2.0
"""The images that one was made from, and those that were made from it, as a small tree.

Any member may have written the properties that it follows, and anything: also a circle.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helion_images_panel.api import forgiven
from helion_images_panel.core.image import Image
from helion_images_panel.core.uses import IMAGES, ImageUses, Use, Uses, origin_of
from helion_images_panel.core.visible_text import shown
from helion_images_panel.exceptions import ImageNotFound, ImageServiceError
from helion_images_panel.ui.scopes.scope import PanelScope
from helion_images_panel.ui.uses import labels
from helion_images_panel.ui.uses.queries import find_uses

#: Levels above the image that are read, one request each, as each image names the next.
LEVELS_ABOVE = 5

#: Maximum number of images made from this one that are shown; and of those for which Glance is
#: asked what was made from them, two requests each; and of what is shown of that for each.
SHOWN, ASKED, SHOWN_BELOW = 20, 10, 10


@dataclass(frozen=True)
class Relatives:
    """:ivar above: what the image was made from, what that was made from, and so on
    :ivar next_id: the origin of the last one, which the user may not see, or which is gone, or
        which was not read; empty for none
    :ivar failure: why that one could not be read; None for another reason
    :ivar is_cut: whether it was not read, as it would be one level too many
    :ivar is_circle: whether it is one of these images
    :ivar below: what was made from images that were made from this one, by their IDs
    """

    above: tuple[Use, ...] = ()
    next_id: str = ""
    failure: ImageServiceError | None = None
    is_cut: bool = False
    is_circle: bool = False
    below: Mapping[str, Uses | Exception] = field(default_factory=dict)

    @property
    def has_failed(self) -> bool:
        failed = any(isinstance(each, Exception) for each in self.below.values())
        return failed or self.failure is not None


def relatives(
    request: HttpRequest, scope: PanelScope, image: Image, made_from: Uses | None
) -> Relatives:
    """Return the relatives of an image.

    :param made_from: what was made from it; None if that is not known
    """
    above: list[Use] = []
    seen, next_id = {image.id}, origin_of(image)
    failure: ImageServiceError | None = None
    while next_id and next_id not in seen and len(above) < LEVELS_ABOVE:
        try:
            origin = scope.image(request, next_id)
        except ImageNotFound:
            break
        except ImageServiceError as error:
            forgiven.log("the image that another one was made from", error)
            failure = error
            break
        seen.add(next_id)
        above.append(Use(origin.id, origin.bare_name, origin.owner or ""))
        next_id = origin_of(origin)
    is_circle = next_id in seen
    return Relatives(
        tuple(above),
        next_id,
        failure,
        is_cut=bool(next_id) and not is_circle and len(above) == LEVELS_ABOVE,
        is_circle=is_circle,
        below=_below(request, scope, made_from.items[:ASKED] if made_from else (), seen),
    )


def _below(
    request: HttpRequest, scope: PanelScope, children: Sequence[Use], seen: set[str]
) -> dict[str, Uses | Exception]:
    images = [Image(use.id, use.name, owner=use.project_id) for use in children]
    found = find_uses(request, scope, images, (IMAGES,)).by_image
    # A circle leads back to these.
    known = seen.union(use.id for use in children)

    def of(uses: ImageUses) -> Uses | Exception:
        if IMAGES in uses.failures or uses.images is None:
            return uses.failures.get(IMAGES, ImageServiceError(""))
        items = tuple(use for use in uses.images.items if use.id not in known)
        return Uses(items, uses.images.is_complete)

    return {id_: of(uses) for id_, uses in found.items()}


@dataclass(frozen=True)
class Node:
    """:ivar url: empty where the user has no page of it
    :ivar is_id: whether the name is an ID that the user can read nothing else of
    :ivar below_label: what the list below is, for those who hear it
    :ivar more: what the list below leaves out, as a sentence; empty for nothing
    """

    name: str
    url: str = ""
    project: str = ""
    note: str = ""
    is_id: bool = False
    is_shown_here: bool = False
    below: tuple[Node, ...] = ()
    below_label: str = ""
    more: str = ""


def tree(
    scope: PanelScope,
    image: Image,
    found: Relatives,
    made_from: Uses | None,
    names: Mapping[str, str],
) -> Node:
    """Return the oldest of the images, with the others below it.

    :param names: those of projects, where the panel shows several
    """

    def node(use: Use, **more: object) -> Node:
        project = (names.get(use.project_id) or use.project_id) if names else ""
        url = scope.url_in_domain("detail", use.id)
        return Node(shown(use.name) or use.id, url, project, **more)  # type: ignore[arg-type]

    def child(use: Use) -> Node:
        uses = found.below.get(use.id)
        if isinstance(uses, Exception):
            return node(use, more=labels.failure(IMAGES, uses))
        if not uses:
            return node(use)
        return node(
            use,
            below=tuple(map(node, uses.items[:SHOWN_BELOW])),
            below_label=_("Images that were made from it"),
            more=labels.more_than(uses, SHOWN_BELOW),
        )

    items = made_from.items[:SHOWN] if made_from else ()
    top = Node(
        image.bare_name,
        is_shown_here=True,
        below=tuple(map(child, items)),
        below_label=_("Images that were made from it"),
        more=" ".join(filter(None, [labels.more_than(made_from, SHOWN), _not_asked(made_from)]))
        if made_from
        else "",
    )
    for use in found.above:
        top = node(use, below=(top,), below_label=_("Images that were made from it"))
    if found.next_id and not found.is_cut and not found.is_circle:
        note = (
            "" if found.failure else _("(an image that you cannot see, or that no longer exists)")
        )
        top = Node(found.next_id, note=note, is_id=True, below=(top,))
    return top


def remarks(found: Relatives) -> list[str]:
    """Return what the levels above the image leave out, as sentences."""
    sentences = []
    if found.failure:
        sentences.append(labels.origin_failure(found.failure))
    if found.is_circle:
        sentences.append(
            _("The properties of these images name each other as the origin: the circle ends here.")
        )
    elif found.is_cut:
        message = ngettext(
            "Only %(count)s level above the image is shown.",
            "Only %(count)s levels above the image are shown.",
            LEVELS_ABOVE,
        )
        sentences.append(message % {"count": LEVELS_ABOVE})
    return sentences


def _not_asked(made_from: Uses) -> str:
    """Return that the level below is known of the first images alone; empty if of all."""
    if len(made_from) <= ASKED:
        return ""
    message = ngettext(
        "What was made from them is shown for the first %(count)s only.",
        "What was made from them is shown for the first %(count)s only.",
        ASKED,
    )
    return message % {"count": ASKED}
