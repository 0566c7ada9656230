# SPDX-License-Identifier: Apache-2.0
"""A walk through all images of a panel, in steps that each take a moment.

No thread and no session has it between two steps: the page has it, signed for its user, and
sends it with the request for the next step.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.http import HttpRequest

from helion_images_panel import conf
from helion_images_panel.api import image_portions
from helion_images_panel.core.image import Image
from helion_images_panel.core.query import ImageQuery
from helion_images_panel.core.sources import Source
from helion_images_panel.ui.base import markers
from helion_images_panel.ui.scopes.scope import PanelScope

#: Seconds after which a step requests no further images; nor does it look at more of them
#: than one response of the list.
STEP_S = 1.0

#: Seconds for which a step can be followed by the next one.
CONTINUED_S = 3600

#: Share of a list's progress that its hidden images are: Glance lists them separately.
_HIDDEN_SHARE = 0.05

Lists = Sequence[tuple[HttpRequest, Source]]


class NotContinued(Exception):
    """A walk that was not begun by this user for these projects, or long ago."""


@dataclass
class Walk:
    """How far a walk is.

    :ivar part: number of the part that is read next; each list has two, the second one with
        the hidden images
    :ivar markers: where that part is read on: see `image_portions`
    :ivar percent: an estimate; 100 at the end
    """

    part: int = 0
    markers: tuple[str, ...] = ()
    percent: int = 0

    @property
    def is_over(self) -> bool:
        return self.percent == 100


def advance(lists: Lists, walk: Walk, look_at: Callable[[Image], None]) -> None:
    """Look at the next images of the panel's own projects."""
    parts = [(*each, hidden) for each in lists for hidden in ("", "true")]
    began, rows_left = time.monotonic(), conf.SEARCH_ROWS.value
    while walk.part < len(parts) and rows_left > 0:
        request, source, hidden = parts[walk.part]
        parameters = source.parameters(ImageQuery(hidden=hidden)) or {}
        found = image_portions.portion(request, parameters, walk.markers, rows_left)
        own = [image for image in found.images if source.owns(image)]
        for image in own:
            look_at(image)
        rows_left -= len(found.images)
        walk.markers = found.markers
        if not walk.markers:
            walk.part += 1
        walk.percent = max(walk.percent, _percent(walk, len(lists), own))
        if time.monotonic() - began >= STEP_S:
            break
    if walk.part >= len(parts):
        walk.percent = 100


def _percent(walk: Walk, lists: int, own: Sequence[Image]) -> int:
    """Estimate the progress: IDs are random, and the list is in their order.

    Only IDs of the panel's own images count: of others, not even the number is for the user.
    """
    at, is_hidden = divmod(walk.part, 2)
    share = _HIDDEN_SHARE if is_hidden else 1 - _HIDDEN_SHARE
    within = (1 - _HIDDEN_SHARE) * is_hidden
    if walk.markers and own:
        # A client may choose an ID that begins with other characters.
        with suppress(ValueError):
            within += share * int(own[-1].id[:8], 16) / 16**8
    return min(99, int(100 * (at + within) / lists))


def name_of(request: HttpRequest, scope: PanelScope, lists: Lists) -> str:
    """Return a name for what the steps of a page are signed for, and for its result.

    It stands for the user with all roles, the panel, and exactly the projects whose images
    are looked at, which the scope has just checked: a result, or a step, of somebody else or
    of other projects has another name.
    """
    user: Any = request.user
    roles = sorted(role["name"] for role in user.roles)
    projects = [source.owner or sorted(source.owners or ()) for _request, source in lists]
    walked = (user.id, user.project_id, roles, scope.image_namespace, scope.domain_id, projects)
    return hashlib.sha256(repr(walked).encode()).hexdigest()[:32]


def sealed(body: Any, walk: Walk, key: str) -> str:
    """Return the body and the walk as a text that only `unsealed` can read on.

    The user may read the body in it; the markers may be images of others.

    :param body: what can be written as JSON
    """
    place = [walk.part, markers.sealed(" ".join(walk.markers), key), walk.percent]
    return signing.dumps([body, *place], salt=key, compress=True)


def unsealed(text: str, key: str) -> tuple[Any, Walk]:
    """Raise NotContinued unless `sealed` made the text for this key of late."""
    try:
        body, part, sealed_markers, percent = signing.loads(text, salt=key, max_age=CONTINUED_S)
    except signing.BadSignature as error:
        raise NotContinued() from error
    found = markers.unsealed(sealed_markers, key)
    if found is None:
        raise NotContinued()
    return body, Walk(part, tuple(found.split()), percent)
