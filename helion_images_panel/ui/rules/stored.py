# SPDX-License-Identifier: Apache-2.0
"""Rules that the lifecycle command applies: stored by admins for the domain of their panel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from helion_images_panel import exceptions
from helion_images_panel.api import client, forgiven, lock, stored_rules
from helion_images_panel.core.glance_time import TIME_FORMAT
from helion_images_panel.core.rules import Rule
from helion_images_panel.core.stored_rules import ALL_DOMAINS, MOST_RULES, StoredRule
from helion_images_panel.core.visible_text import isolated
from helion_images_panel.ui.base import times
from helion_images_panel.ui.rules import project_limit, words
from helion_images_panel.ui.scopes.domain_names import domain_name
from helion_images_panel.ui.scopes.scope import PanelScope


class TooManyRules(Exception):
    """The domain has as many stored rules as it may have."""


@dataclass(frozen=True)
class StoredRow:
    """:ivar project_ids: what the rule is limited to; `projects` are their names"""

    kind: str
    label: str
    project_ids: Sequence[str]
    projects: str
    by: str
    at: SafeString | str


@dataclass(frozen=True)
class StoredSection:
    """The stored rules of a panel.

    :ivar of_which: whose images they delete
    :ivar failure: why they could not be read; empty if they could
    :ivar is_unsigned: whether the rules that are there are ignored
    """

    of_which: str
    rows: Sequence[StoredRow] = ()
    failure: str = ""
    is_unsigned: bool = False


def domain_of(scope: PanelScope) -> str:
    return scope.domain_id or ALL_DOMAINS


def section(request: HttpRequest, scope: PanelScope) -> StoredSection | None:
    """Return what the page shows of them; None for a panel that stores none."""
    if not scope.stores_rules:
        return None
    if scope.domain_id is None:
        found = StoredSection(_("all domains"))
    else:
        name = domain_name(request, scope.domain_id) or scope.domain_id
        found = StoredSection(_("domain %(name)s") % {"name": name})
    try:
        rules = stored_rules.rules_get(request, domain_of(scope))
    except exceptions.ImageServiceError as error:
        forgiven.log("the stored rules", error)
        return replace(found, failure=str(error))
    if rules.stored is None:
        return replace(found, is_unsigned=True)
    named = project_limit.names(request, scope, [each.rule for each in rules.stored])
    return replace(found, rows=[_row(each, named.get(each.rule, "")) for each in rules.stored])


def _row(stored: StoredRule, projects: str) -> StoredRow:
    return StoredRow(
        stored.rule.kind,
        words.rule_label(stored.rule),
        stored.rule.projects,
        projects,
        isolated(stored.by),
        times.time_element(stored.at),
    )


def store(request: HttpRequest, scope: PanelScope, rule: Rule) -> None:
    """Store the rule in place of one of its kind for the same projects; raise TooManyRules, and
    ImageServiceError if Glance refuses it.
    """
    user: Any = request.user
    now = datetime.now(UTC).strftime(TIME_FORMAT)
    stored = StoredRule(rule, user.username or "", user.id, user.user_domain_id or "", now)
    _change(request, scope, rule, [stored])


def remove(request: HttpRequest, scope: PanelScope, rule: Rule) -> None:
    """Remove the rule of this kind for the same projects, and with it all that this dashboard has
    not signed.
    """
    _change(request, scope, rule, [])


def _change(
    request: HttpRequest, scope: PanelScope, rule: Rule, added: Sequence[StoredRule]
) -> None:
    domain_id = domain_of(scope)
    with lock.brief(client.cache_key(request, f"rules_stored.{domain_id}")):
        before = stored_rules.rules_get(request, domain_id).stored or ()
        key = (rule.kind, rule.projects)
        others = [each for each in before if (each.rule.kind, each.rule.projects) != key]
        if added and len(others) >= MOST_RULES:
            raise TooManyRules()
        stored_rules.rules_set(request, domain_id, [*others, *added])
