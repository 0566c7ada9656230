# SPDX-License-Identifier: Apache-2.0
"""What uses the images that are counted: instances, volumes, and images made from them.

It is read after all images, in steps of their own: portions of all instances and volumes, and
then the images that these name. What is not known for certain leaves no image unused.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from django.http import HttpRequest

from helion_images_panel import conf, policy
from helion_images_panel.api import image_portions, instances, volumes
from helion_images_panel.api.parallel import in_parallel
from helion_images_panel.core.query import ImageQuery
from helion_images_panel.core.sources import Source
from helion_images_panel.core.unused import Unused
from helion_images_panel.core.uses import INSTANCES, VOLUMES, UsedImages
from helion_images_panel.exceptions import ImageServiceError
from helion_images_panel.ui.base import markers
from helion_images_panel.ui.base.walk import STEP_S, Lists, NotContinued
from helion_images_panel.ui.scopes.domain_roles import is_cloud_admin
from helion_images_panel.ui.scopes.scope import PanelScope
from helion_images_panel.ui.storage import words
from helion_images_panel.ui.uses import labels

#: Maximum number of portions of instances, and of volumes, that are read with one token.
MOST_PORTIONS = 40

#: Images in use that one request looks up.
IDS = 80

_READ: Mapping[str, Callable[..., UsedImages]] = {
    INSTANCES: lambda *args, **kwargs: instances.used_images(*args, **kwargs),
    VOLUMES: lambda *args, **kwargs: volumes.used_images(*args, **kwargs),
}


class Portion(NamedTuple):
    """What is read next of the instances, or volumes, that a token lists.

    :ivar token: number of the token
    :ivar number: of the portion, from 0
    """

    token: int
    kind: str
    marker: str = ""
    number: int = 0


@dataclass
class UseSearch:
    """How far it is.

    :ivar waiting: portions that are still to be read; None before the first one
    :ivar compared: number of images in use that were looked up
    :ivar token: number of the token with which the next ones are looked up
    :ivar lacking: kinds for which the cloud has no service
    :ivar problem: why it is not known which images are unused; empty if it is, or will be
    :ivar has_failed: whether the reason is a service that has failed
    """

    unused: Unused
    waiting: list[Portion] | None = None
    compared: int = 0
    token: int = 0
    lacking: list[str] = field(default_factory=list)
    problem: str = ""
    is_over: bool = False
    has_failed: bool = False

    def begin(self, request: HttpRequest, tokens: int) -> None:
        found = {INSTANCES: instances.has_compute, VOLUMES: volumes.has_volumes}
        self.lacking = [kind for kind, is_there in found.items() if not is_there(request)]
        kinds = [kind for kind in found if kind not in self.lacking]
        self.waiting = [Portion(token, kind) for token in range(tokens) for kind in kinds]
        if not self.unused.candidates.images:
            self.waiting, self.is_over = [], True

    def end(self, problem: str = "") -> None:
        self.problem, self.waiting, self.is_over = problem, [], True

    def to_json(self, key: str) -> list[Any]:
        """:param key: what the markers are sealed for: they may be instances of others"""
        waiting = self.waiting and [_sealed(each, key) for each in self.waiting]
        return [
            self.unused.to_json(),
            waiting,
            self.compared,
            self.token,
            self.lacking,
            self.problem,
            self.is_over,
            self.has_failed,
        ]

    @classmethod
    def from_json(cls, body: Sequence[Any], key: str) -> UseSearch:
        unused, waiting, *rest = body
        found = None if waiting is None else [_opened(Portion(*each), key) for each in waiting]
        return cls(Unused.from_json(unused), found, *rest)


def begun(request: HttpRequest, scope: PanelScope) -> UseSearch:
    return UseSearch(Unused(sees_all=_sees_everywhere(request, scope) and is_cloud_admin(request)))


def advance(request: HttpRequest, scope: PanelScope, lists: Lists, search: UseSearch) -> None:
    """Read the next instances and volumes, or look up the next images that they use."""
    began = time.monotonic()
    by_token = _by_token(lists)
    while not search.is_over:
        if search.waiting:
            _read(request, scope, by_token, search)
        elif search.unused.has_too_many:
            search.end(words.too_many_uses())
        elif search.compared < len(search.unused.used):
            _look_up(by_token, search)
        else:
            search.end()
        if time.monotonic() - began >= STEP_S:
            break


def _sealed(portion: Portion, key: str) -> Portion:
    return portion._replace(marker=portion.marker and markers.sealed(portion.marker, key))


def _opened(portion: Portion, key: str) -> Portion:
    marker = markers.unsealed(portion.marker, key) if portion.marker else ""
    if marker is None:
        raise NotContinued()
    return portion._replace(marker=marker)


def tokens_of(lists: Lists) -> int:
    return len(_by_token(lists))


def _by_token(lists: Lists) -> list[tuple[HttpRequest, list[Source]]]:
    """Return the lists of each request: several of them may have the same one."""
    found: dict[int, tuple[HttpRequest, list[Source]]] = {}
    for request, source in lists:
        found.setdefault(id(request), (request, []))[1].append(source)
    return list(found.values())


def _sees_everywhere(request: HttpRequest, scope: PanelScope) -> bool:
    return scope.lists_all_owners and policy.allows(request, policy.ADMIN)


def _read(
    request: HttpRequest,
    scope: PanelScope,
    by_token: Sequence[tuple[HttpRequest, Sequence[Source]]],
    search: UseSearch,
) -> None:
    waiting = search.waiting or []
    most = max(1, conf.CONCURRENCY.value)
    portions, left = waiting[:most], waiting[most:]
    everywhere = [_sees_everywhere(by_token[each.token][0], scope) for each in portions]

    def read(pair: tuple[Portion, bool]) -> UsedImages | ImageServiceError:
        portion, is_everywhere = pair
        acting = by_token[portion.token][0]
        try:
            return _READ[portion.kind](acting, portion.marker, everywhere=is_everywhere)
        except ImageServiceError as error:
            return error

    results = in_parallel(read, list(zip(portions, everywhere, strict=True)))
    search.waiting = left
    for portion, found in zip(portions, results, strict=True):
        if isinstance(found, ImageServiceError):
            search.has_failed = True
            return search.end(labels.failure(portion.kind, found))
        if not found.is_complete:
            return search.end(words.unknown_volumes())
        own = [item for item in found.items if scope.has_project(request, item[2])]
        search.unused.add_used(replace(found, items=tuple(own)))
        if found.marker and portion.number + 1 >= MOST_PORTIONS:
            return search.end(words.too_many_uses())
        if found.marker:
            search.waiting.append(portion._replace(marker=found.marker, number=portion.number + 1))
    return None


def _look_up(by_token: Sequence[tuple[HttpRequest, Sequence[Source]]], search: UseSearch) -> None:
    """Take off the next images in use that the panel's own projects have, as far as a token lists
    them.
    """
    used = sorted(search.unused.used)[search.compared : search.compared + IDS]
    hidden_too = ("", "true") if search.unused.candidates.hidden else ("",)
    request, sources = by_token[search.token]
    source = sources[0] if len(sources) == 1 else Source(visibility="all")
    for hidden in hidden_too:
        parameters = source.parameters(ImageQuery(hidden=hidden)) or {}
        query = {**parameters, "id": f"in:{','.join(used)}"}
        for image in image_portions.portion(request, query, (), len(used)).images:
            if any(each.owns(image) for each in sources):
                search.unused.take_off(image)
    search.token += 1
    if search.token == len(by_token):
        search.token = 0
        search.compared += len(used)
