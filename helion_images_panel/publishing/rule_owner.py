# SPDX-License-Identifier: Apache-2.0
"""Whether the user who has stored a rule may still delete what it finds."""

from __future__ import annotations

from typing import Any

from helion_images_panel import conf
from helion_images_panel.api import projects
from helion_images_panel.api.projects import AdminRoles
from helion_images_panel.core.stored_rules import ALL_DOMAINS, StoredRule


class Owners:
    """Reads the roles of each user once. The caller is a cloud admin."""

    def __init__(self, request: Any):
        self._request = request
        self._roles: dict[str, AdminRoles] = {}

    def may_apply(self, rule: StoredRule, domain_id: str) -> bool:
        """Whether the Admin panel would show the domain, or all domains, to the user."""
        if rule.user_id not in self._roles:
            self._roles[rule.user_id] = projects.admin_roles_of(self._request, rule.user_id)
        roles, own = self._roles[rule.user_id], rule.user_domain_id
        is_admin_at_home = own in roles.domains | roles.projects_of
        if is_admin_at_home and own in conf.CLOUD_ADMIN_DOMAINS.value:
            return True
        if domain_id == own:
            return is_admin_at_home
        return domain_id != ALL_DOMAINS and domain_id in roles.domains
