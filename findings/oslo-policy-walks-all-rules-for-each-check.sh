#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# oslo.policy 6.0.1: Enforcer.enforce looks at every registered rule each time that one rule is
# checked, and at the signature of every check that it calls.
#
# The check of one rule therefore takes the longer the more rules the service has, though the rule
# is the same, neither the files nor the rules have changed, and nothing is deprecated: load_rules
# goes through all registered rules for deprecated ones on each call. Horizon asks it for each
# panel of the navigation and for each action of a row, so a page of a hundred checks looks at all
# rules of a service a hundred times. Whoever checks a rule for each row has to keep the results.
#
# Seen:
#   10 rules: one check looks at 10 rules and 1 signatures
#   100 rules: one check looks at 100 rules and 1 signatures
#   1000 rules: one check looks at 1000 rules and 1 signatures
#   a rule of 3 roles: one check looks at 1000 rules and 4 signatures
# Fails if any of these changes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check oslo.policy==6.0.1

"$folder/venv/bin/python" - <<'PYTHON' | tee "$folder/seen"
import inspect
import warnings

from oslo_config import cfg
from oslo_policy import policy

warnings.simplefilter("ignore")
looked_at = []
signatures = []


class Rule(policy.RuleDefault):
    @property
    def deprecated_for_removal(self):
        looked_at.append(self.name)
        return False

    @deprecated_for_removal.setter
    def deprecated_for_removal(self, value):
        pass


signature_of = inspect.getfullargspec


def counting(function):
    signatures.append(function)
    return signature_of(function)


inspect.getfullargspec = counting


def check(rules, check_str):
    conf = cfg.ConfigOpts()
    conf([])
    enforcer = policy.Enforcer(conf)
    for number in range(rules):
        enforcer.register_default(Rule(f"rule_{number}", check_str))
    # The first check loads the rules.
    for _ in range(2):
        looked_at.clear()
        signatures.clear()
        assert enforcer.enforce("rule_7", {}, {"roles": ["reader"]})
    return f"one check looks at {len(looked_at)} rules and {len(signatures)} signatures"


for rules in (10, 100, 1000):
    print(f"{rules} rules: {check(rules, 'role:reader')}")
print(f"a rule of 3 roles: {check(1000, 'role:admin or role:member or role:reader')}")
PYTHON

sed -n 's/^#   //p' "$0" | diff - "$folder/seen" || { echo "it has changed"; exit 1; }
