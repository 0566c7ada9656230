# SPDX-License-Identifier: Apache-2.0
"""The step Requirements of Create Image."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from horizon import workflows

from helion_images_panel.ui.base import fields


class RequirementsAction(workflows.Action):
    architecture = fields.architecture_field()
    min_disk = fields.min_disk_field()
    min_ram = fields.min_ram_field()

    class Meta:
        name = _("Requirements")
        slug = "requirements"
        help_text = _(
            "Instances can be launched only with flavors that have at least the minimum disk and "
            "memory."
        )

    def __init__(self, request: HttpRequest, context: Mapping[str, Any], *args: Any, **kwargs: Any):
        super().__init__(request, context, *args, **kwargs)
        for definition in context["capabilities"].schema.required:
            # The first step has a field for it.
            self.fields.pop(definition.name, None)


class RequirementsStep(workflows.Step):
    action_class = RequirementsAction
    depends_on = ("capabilities",)
    contributes = ("architecture", "min_disk", "min_ram")
