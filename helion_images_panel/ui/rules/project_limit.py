# SPDX-License-Identifier: Apache-2.0
"""A rule that is limited to projects of the panel: their names in the form and on the page."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helion_images_panel.api import projects
from helion_images_panel.api.projects import Project
from helion_images_panel.core.rules import MOST_PROJECTS, Rule
from helion_images_panel.core.sources import Source
from helion_images_panel.core.visible_text import isolated
from helion_images_panel.ui.base.walk import Lists
from helion_images_panel.ui.scopes.project_names import panel_names
from helion_images_panel.ui.scopes.scope import PanelScope


class WrongProjects(Exception):
    """What was entered names no project of the panel; ``str()`` is the reason."""


def project_ids(request: HttpRequest, scope: PanelScope, written: Sequence[str]) -> tuple[str, ...]:
    """Return the IDs of projects that a user wrote by name or ID; raise WrongProjects.

    The refusal of a project that the panel does not have is the same as that of a project
    that does not exist.
    """
    lines = list(dict.fromkeys(filter(None, map(str.strip, written))))
    if len(lines) > MOST_PROJECTS:
        message = _("Enter at most %(count)s projects, or none for all.")
        raise WrongProjects(message % {"count": MOST_PROJECTS})
    known = _known(request, scope, lines) if lines else []
    found = [_project_id(each, line) for each, line in zip(known, lines, strict=True)]
    return tuple(dict.fromkeys(found))


def _project_id(known: Sequence[Project], written: str) -> str:
    found = [each for each in known if each.id == written] or [
        each for each in known if each.name == written
    ]
    if len(found) > 1:
        raise WrongProjects(
            _("Several projects have the name %(name)s. Enter the project ID.")
            % {"name": isolated(written)}
        )
    if not found:
        raise WrongProjects(
            _("There is no project %(name)s here. Enter the name or the ID of a project.")
            % {"name": isolated(written[:100])}
        )
    return found[0].id


def _known(
    request: HttpRequest, scope: PanelScope, lines: Sequence[str]
) -> Sequence[Sequence[Project]]:
    """Return the projects that each of the lines may name."""
    if scope.domain_id is not None:
        return [projects.project_list(request, scope.domain_id)] * len(lines)
    if scope.is_for_domain_managers:
        managed = projects.managed_project_list(request)
        own = [each for each in managed if scope.has_project(request, each.id)]
        return [own] * len(lines)
    return projects.projects_written(request, lines)


def lists_of(lists: Lists, rule: Rule) -> Lists:
    """Return those of the panel's lists that may have images which the rule is about."""
    if not rule.projects:
        return lists
    found = []
    for request, source in lists:
        if source.owner in rule.projects:
            found.append((request, source))
        elif source.owner is None:
            own = [id_ for id_ in rule.projects if source.owners is None or id_ in source.owners]
            found += [(request, Source(id_, "all")) for id_ in own]
    return found


def names(request: HttpRequest, scope: PanelScope, rules: Sequence[Rule]) -> dict[Rule, str]:
    """Return the names of the projects of each rule that has some; deleted ones have their ID."""
    ids = {id_ for rule in rules for id_ in rule.projects}
    if not ids:
        return {}
    known = panel_names(request, scope, sorted(ids))
    return {
        rule: ", ".join(sorted(known.get(id_, id_) for id_ in rule.projects))
        for rule in rules
        if rule.projects
    }


def sentence(request: HttpRequest, scope: PanelScope, rule: Rule) -> str:
    """Return which projects the rule is limited to; empty for a rule without a limit."""
    named = names(request, scope, [rule]).get(rule)
    if not named:
        return ""
    message = ngettext(
        "Only in the project %(names)s.", "Only in the projects %(names)s.", len(rule.projects)
    )
    return message % {"names": named}
