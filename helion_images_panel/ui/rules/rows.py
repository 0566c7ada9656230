# SPDX-License-Identifier: Apache-2.0
"""The tables of a preview: what would go, what that frees, and what is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from helion_images_panel.core import rules
from helion_images_panel.core.visible_text import isolated
from helion_images_panel.ui.base import labels, times
from helion_images_panel.ui.rules import sentences, words
from helion_images_panel.ui.rules.preview import Found, Preview
from helion_images_panel.ui.scopes.project_names import panel_names
from helion_images_panel.ui.scopes.scope import PanelScope

#: Images, and projects, that are listed at first.
SHOWN, PROJECTS = 50, 10


@dataclass(frozen=True)
class Row:
    """An image that would be deleted."""

    name: str
    url: str
    project: str
    size: str
    age: SafeString | str
    why: str


@dataclass(frozen=True)
class ProjectRow:
    name: str
    images: str
    size: str
    exact_size: str


@dataclass(frozen=True)
class KeptRow:
    """Images that are kept for one reason.

    :ivar named: name and URL of the first of them
    :ivar more: how many others there are; empty for none
    """

    reason: str
    images: str
    named: Sequence[tuple[str, str]]
    more: str


class Rows:
    def __init__(self, request: HttpRequest, scope: PanelScope, preview: Preview):
        self._request, self._scope, self._preview = request, scope, preview
        self._names: Mapping[str, str] = {}
        if scope.lists_all_owners:
            self._names = panel_names(request, scope, sorted(self._named_owners()))

    def _named_owners(self) -> set[str]:
        """Return the projects whose names are read: of all domains, where each is a request to
        Keystone, those that are shown at first.
        """
        found = self._preview.found
        of_domain = self._scope.domain_id is not None or self._scope.is_for_domain_managers
        if of_domain:
            return {each.owner for each in found if each.owner}
        shown = [*(each.owner for each in found[:SHOWN]), *self._by_size()[:PROJECTS]]
        return set(filter(None, shown))

    def _by_size(self) -> list[str]:
        """Return the projects, the one with the most bytes first."""
        sizes = self._sizes
        return sorted(sizes, key=lambda owner: (-sum(sizes[owner]), owner))

    @cached_property
    def _sizes(self) -> Mapping[str, list[int]]:
        sizes: dict[str, list[int]] = {}
        for each in self._preview.found:
            sizes.setdefault(each.owner, []).append(each.size_bytes)
        return sizes

    def images(self) -> list[Row]:
        return [self._row(each) for each in self._preview.found]

    def _row(self, found: Found) -> Row:
        return Row(
            found.name,
            self._url(found.id),
            self._project(found.owner),
            labels.size_label(found.size_bytes),
            times.time_element(found.since),
            self._why(found),
        )

    def _url(self, image_id: str) -> str:
        return self._scope.url_in_domain("detail", image_id)

    def _project(self, owner: str) -> str:
        return self._names.get(owner) or owner or _("No project")

    def _why(self, found: Found) -> str:
        kind = self._preview.rule.kind
        beside = isolated(found.beside)
        if kind == rules.DUPLICATES:
            return _("Same data as %(name)s") % {"name": beside}
        if kind == rules.FAMILY:
            return _("Earlier version of %(name)s") % {"name": beside}
        if kind == rules.QUEUED:
            status = labels.status_label(found.status)
            return _("%(status)s, without data") % {"status": status}
        return _("Nothing that you can see uses it")

    def by_project(self) -> list[ProjectRow]:
        """Return the projects with the most bytes; the others together."""
        sizes, ordered = self._sizes, self._by_size()
        found = [_project_row(self._project(owner), sizes[owner]) for owner in ordered[:PROJECTS]]
        if rest := ordered[PROJECTS:]:
            others = [size for owner in rest for size in sizes[owner]]
            found.append(_project_row(sentences.other_projects(len(rest)), others))
        return found

    def kept(self) -> list[KeptRow]:
        by_reason = self._preview.kept.by_reason
        return [
            KeptRow(
                words.kept_label(reason),
                sentences.number(by_reason[reason].images),
                [(name or id_, self._url(id_)) for id_, name in by_reason[reason].named.items()],
                sentences.more(by_reason[reason].unnamed) if by_reason[reason].unnamed else "",
            )
            for reason in rules.REASONS
            if reason in by_reason
        ]


def _project_row(name: str, sizes: Sequence[int]) -> ProjectRow:
    size = sum(sizes)
    return ProjectRow(
        name,
        sentences.number(len(sizes)),
        labels.size_label(size),
        labels.exact_size_label(size),
    )
