# SPDX-License-Identifier: Apache-2.0
"""Rules that the command applies, as text that this dashboard has signed.

Every admin of the cloud can write the text in Glance. It is valid only with a signature by
SECRET_KEY, for one domain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.signing import BadSignature, Signer

from helion_images_panel.core.rules import KINDS, Rule

#: In the place of a domain's ID: images of all domains. No ID of Keystone is this one.
ALL_DOMAINS = "*"


#: Maximum number of rules of a domain.
MOST_RULES = 50


@dataclass(frozen=True)
class StoredRule:
    """A rule, and the user who has stored it: the command does no more than they may.

    :ivar by: name of the user
    :ivar at: ISO 8601 in UTC
    """

    rule: Rule
    by: str
    user_id: str
    user_domain_id: str
    at: str


def signed_rules(domain_id: str, rules: Sequence[StoredRule]) -> str:
    """Return the text with the rules of a domain, one of each kind for the same projects: a later
    one replaces it.
    """
    by_key = {
        (each.rule.kind, each.rule.projects): each for each in rules if each.rule.kind in KINDS
    }
    ordered = sorted(by_key.values(), key=lambda each: KINDS.index(each.rule.kind))
    body = [
        [
            *(each.rule.kind, each.rule.number),
            *(each.by, each.user_id, each.user_domain_id),
            each.at,
            # Rules without a limit are as earlier versions have written them.
            *([list(each.rule.projects)] if each.rule.projects else []),
        ]
        for each in ordered
    ]
    return str(_signer(domain_id).sign_object(body))


def rules_of(domain_id: str, text: str) -> tuple[StoredRule, ...] | None:
    """Return the rules; None for a text that this dashboard has not signed for this domain."""
    try:
        body = _signer(domain_id).unsign_object(text)
    except (BadSignature, ValueError):
        return None
    found = [
        StoredRule(Rule.from_json((kind, number, *projects)), by, user_id, user_domain_id, at)
        for kind, number, by, user_id, user_domain_id, at, *projects in body
    ]
    return tuple(each for each in found if each.rule.is_valid)


def _signer(domain_id: str) -> Signer:
    return Signer(salt=f"helion_images_panel.rules.{domain_id}")
