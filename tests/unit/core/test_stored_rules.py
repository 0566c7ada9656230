# SPDX-License-Identifier: Apache-2.0
"""Stored rules count only with the signature for their domain."""

import pytest
from django.core.signing import Signer

from helion_images_panel.core.rules import DUPLICATES, FAMILY, SNAPSHOTS, Rule
from helion_images_panel.core.stored_rules import ALL_DOMAINS, StoredRule, rules_of, signed_rules


def stored(rule, by="kim"):
    return StoredRule(rule, by, "user-id", "domain-acme", "2026-11-30T10:00:00Z")


def test_what_is_signed_is_read():
    rules = [stored(Rule(FAMILY, 3), "Kim “K” Ω:x"), stored(Rule(SNAPSHOTS, 90))]
    text = signed_rules("acme", rules)
    assert set(rules_of("acme", text)) == set(rules)
    assert rules_of("acme", signed_rules("acme", [])) == ()


def test_one_rule_of_a_kind():
    older, newer = stored(Rule(SNAPSHOTS, 90)), stored(Rule(SNAPSHOTS, 30))
    text = signed_rules("acme", [older, newer, stored(Rule(DUPLICATES))])
    assert [each.rule for each in rules_of("acme", text)] == [newer.rule, Rule(DUPLICATES)]


def test_one_rule_of_a_kind_for_the_same_projects():
    everywhere, of_two = Rule(SNAPSHOTS, 90), Rule(SNAPSHOTS, 30, ("a", "b"))
    rules = [everywhere, of_two, Rule(SNAPSHOTS, 20, ("b",)), Rule(SNAPSHOTS, 10, ("a", "b"))]
    text = signed_rules("acme", [stored(each) for each in rules])
    found = {each.rule for each in rules_of("acme", text)}
    assert found == {everywhere, rules[2], rules[3]}


def test_rules_that_earlier_versions_have_stored_are_for_all_projects():
    body = [["snapshots", 90, "kim", "user-id", "domain-acme", "2026-11-30T10:00:00Z"]]
    text = Signer(salt="helion_images_panel.rules.acme").sign_object(body)
    (found,) = rules_of("acme", text)
    assert found == stored(Rule(SNAPSHOTS, 90))
    # And what is stored now without projects is the same text.
    assert signed_rules("acme", [found]) == text


@pytest.mark.parametrize("domain", ["globex", ALL_DOMAINS, ""])
def test_rules_of_another_domain_count_for_nothing(domain):
    assert rules_of(domain, signed_rules("acme", [stored(Rule(DUPLICATES))])) is None


def test_nor_do_rules_that_somebody_has_changed(settings):
    text = signed_rules("acme", [stored(Rule(SNAPSHOTS, 90))])
    assert rules_of("acme", text[:-1] + ("A" if text[-1] != "A" else "B")) is None
    assert rules_of("acme", "") is None
    assert rules_of("acme", Signer().sign_object([["duplicates", 0, "", "", "", ""]])) is None
    settings.SECRET_KEY = "another"
    assert rules_of("acme", text) is None


def test_a_rule_that_is_not_valid_any_more_is_left_out():
    text = signed_rules("acme", [stored(Rule(SNAPSHOTS, 99999)), stored(Rule(DUPLICATES))])
    assert [each.rule for each in rules_of("acme", text)] == [Rule(DUPLICATES)]
