# SPDX-License-Identifier: Apache-2.0
"""The services' default rules without the deprecated ones, for Horizon before 27.0.

Such a Horizon combines each rule with its deprecated predecessor, which lets readers do
nearly everything. Glance and Nova have not done so since 2023.1, Cinder since 2024.2, and
refuse them.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from openstack_auth import policy as horizon_policy
from openstack_auth import utils as auth_utils
from oslo_policy import policy as oslo_policy

from helion_images_panel.policy_results import HORIZONS_CHECK

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest


def allow(request: HttpRequest, service_rule: tuple[str, str], target: Mapping[str, Any]) -> bool:
    """Whether the rule as the service has it allows this to the user.

    True as well if Horizon's own check is enough: its rules are those of the service, or
    the operator has replaced the check. A rule in the operator's policy files replaces the
    default one here, too.
    """
    service, rule = service_rule
    if settings.POLICY_CHECK_FUNCTION != HORIZONS_CHECK:
        return True
    horizons = horizon_policy._get_enforcer().get(service)
    if horizons is None or horizons.conf.oslo_policy.enforce_new_defaults:
        return True
    enforcer = _enforcer(service, horizons)
    if rule not in enforcer.rules:
        return True
    credentials = horizon_policy._user_to_credentials(auth_utils.get_user(request))
    return bool(enforcer.enforce(rule, target, credentials))


@lru_cache(maxsize=3)
def _enforcer(service: str, _horizons: oslo_policy.Enforcer) -> oslo_policy.Enforcer:
    # The releases that reach this are out: what they keep private does not change.
    config = horizon_policy._get_policy_conf(
        *horizon_policy._get_policy_file_with_full_path(service)
    )
    config.set_override("enforce_new_defaults", True, group="oslo_policy")
    enforcer = oslo_policy.Enforcer(config)
    enforcer.suppress_default_change_warnings = True
    horizon_policy._load_default_rules(service, enforcer)
    enforcer.load_rules()
    return enforcer
