# SPDX-License-Identifier: Apache-2.0
"""Stored rules, as a text of each domain in Glance: see `domain_texts`."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from helion_images_panel.api import domain_texts
from helion_images_panel.api.client import Request
from helion_images_panel.api.domain_texts import Kind
from helion_images_panel.core.audit import log_safe
from helion_images_panel.core.rules import with_projects
from helion_images_panel.core.stored_rules import StoredRule, rules_of, signed_rules

LOG = logging.getLogger(__name__)

_RULES = Kind(
    "helion_rules_",
    "rules",
    "Rules",
    "Rules of Clean Up",
    "Rules that the dashboard's tab Clean Up has stored, signed by it.",
)


@dataclass(frozen=True)
class Rules:
    """The rules of a domain, or of ALL_DOMAINS.

    :ivar stored: None if their signature is not valid
    """

    domain_id: str
    stored: tuple[StoredRule, ...] | None = ()


def rules_get(request: Request, domain_id: str) -> Rules:
    """Return the rules of a domain; one request."""
    text = domain_texts.text_get(request, _RULES, domain_id)
    return Rules(domain_id) if text is None else Rules(domain_id, rules_of(domain_id, text))


def rules_list(request: Request) -> list[Rules]:
    """Return the rules of all domains that have some; the caller is an admin.

    One request for each, and one for each thousand private namespaces.
    """
    return [rules_get(request, id_) for id_ in domain_texts.domain_ids(request, _RULES)]


def rules_set(request: Request, domain_id: str, rules: Sequence[StoredRule]) -> None:
    """Store the rules of a domain in place of those before."""
    domain_texts.text_set(request, _RULES, domain_id, signed_rules(domain_id, rules))
    user = request.user
    kinds = ", ".join(
        with_projects(f"{each.rule.kind} {each.rule.number}", each.rule.projects) for each in rules
    )
    LOG.info(
        "Rules of %s stored by %s: %s", log_safe(domain_id), log_safe(user.id), kinds or "none"
    )
