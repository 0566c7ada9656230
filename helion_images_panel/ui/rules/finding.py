# SPDX-License-Identifier: Apache-2.0
"""The steps of a preview."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from django.http import HttpRequest

from helion_images_panel.core.family import family_of
from helion_images_panel.core.image import Image
from helion_images_panel.core.kept_images import name_of
from helion_images_panel.core.rule_search import MOST_FOUND, Candidate, RuleSearch
from helion_images_panel.core.rules import FAMILY, Rule
from helion_images_panel.ui.base import walk
from helion_images_panel.ui.base.walk import Lists
from helion_images_panel.ui.rules.check import PORTION, Check
from helion_images_panel.ui.rules.preview import Found, Preview
from helion_images_panel.ui.scopes.scope import PanelScope


def advance(request: HttpRequest, scope: PanelScope, lists: Lists, preview: Preview) -> None:
    """Look at the next images, or read the next ones that were found again."""
    if preview.search is not None:
        _look(lists, preview, preview.search)
    if preview.search is None:
        _check(request, scope, preview)
    if preview.is_whole and (unnamed := preview.kept.without_name):
        named = scope.images_by_id(request, unnamed)
        shown = {each.id: name_of(each) for each in named if scope.may_read(request, each)}
        preview.kept.set_names(shown)


def _look(lists: Lists, preview: Preview, search: RuleSearch) -> None:
    walk.advance(lists, preview.walk, search.add)
    preview.images = search.images
    if not preview.walk.is_over:
        return
    preview.search, preview.kept = None, search.kept
    every = list(search.candidates())
    preview.candidates = every[:MOST_FOUND]
    preview.further = search.further + len(every) - len(preview.candidates)
    preview.not_above, preview.left_out = search.not_above, search.left_out


def _check(request: HttpRequest, scope: PanelScope, preview: Preview) -> None:
    """Read the next portion of what was found with all that decides."""
    portion = preview.candidates[preview.checked : preview.checked + PORTION]
    if not portion:
        return
    now = datetime.now(UTC)
    check = Check(request, scope, preview.rule, now, portion, not preview.has_failed)
    for candidate in portion:
        image = check.images.get(candidate.id)
        if image is None:
            continue
        if reason := check.reason(image):
            preview.kept.add(reason, image)
        else:
            preview.found.append(_found(preview.rule, image, candidate, check.images))
    preview.note = preview.note or check.note
    preview.has_failed = preview.has_failed or check.has_failed
    preview.checked += len(portion)


def _found(rule: Rule, image: Image, candidate: Candidate, images: Mapping[str, Image]) -> Found:
    beside = next((images[id_] for id_ in candidate.kept_ids if id_ in images), None)
    name = family_of(image) if rule.kind == FAMILY else name_of(beside) if beside else ""
    return Found(
        image.id,
        name_of(image),
        image.owner or "",
        image.size_bytes or 0,
        image.status,
        (image.created_at if rule.needs_uses else image.updated_at) or "",
        candidate.kept_ids,
        name,
    )
