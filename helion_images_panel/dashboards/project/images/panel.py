# SPDX-License-Identifier: Apache-2.0
"""Project > Compute > Images."""

import horizon
from django.utils.translation import gettext_lazy as _


class Images(horizon.Panel):
    name = _("Images")
    slug = "images"
    permissions = ("openstack.services.image",)
    policy_rules = (("image", "get_images"),)
