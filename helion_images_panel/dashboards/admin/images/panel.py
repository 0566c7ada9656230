# SPDX-License-Identifier: Apache-2.0
"""Admin > System > Images."""

from typing import Any

import horizon
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class Images(horizon.Panel):
    name = _("Images")
    slug = "images"
    permissions = ("openstack.services.image",)
    policy_rules = ((("image", "context_is_admin"), ("image", "get_images")),)

    def allowed(self, context: dict[str, Any]) -> bool:
        wants_system_scope = "compute" in settings.SYSTEM_SCOPE_SERVICES
        if wants_system_scope != bool(context["request"].user.system_scoped):
            return False
        return bool(super().allowed(context))
