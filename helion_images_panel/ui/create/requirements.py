# SPDX-License-Identifier: Apache-2.0
"""The step Requirements and Protection of Create Image."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from horizon import workflows

from helion_images_panel.core.image_schema import ImageSchema
from helion_images_panel.ui.base import fields

_FLAVORS = _(
    "Instances can be launched only with flavors that have at least the minimum disk and memory. "
    "A protected image cannot be deleted."
)

#: For a cloud that may refuse changes of images.
_UNPROTECTED = _(
    "Instances can be launched only with flavors that have at least the minimum disk and memory. "
    "This cloud requires properties of each image, and may refuse to remove a protection: no user "
    "could then delete the image. It is therefore created without."
)


class RequirementsAction(workflows.Action):
    architecture = fields.architecture_field()
    min_disk = fields.min_disk_field()
    min_ram = fields.min_ram_field()
    protected = fields.protected_field()

    class Meta:
        name = _("Requirements and Protection")
        slug = "requirements"
        help_text = _FLAVORS

    def __init__(self, request: HttpRequest, context: Mapping[str, Any], *args: Any, **kwargs: Any):
        super().__init__(request, context, *args, **kwargs)
        schema: ImageSchema = context["capabilities"].schema
        for definition in schema.required:
            # The first step has a field for it.
            self.fields.pop(definition.name, None)
        if schema.may_refuse_changes:
            # Also an image whose upload fails could not be deleted.
            del self.fields["protected"]
            self.help_text = _UNPROTECTED


class RequirementsStep(workflows.Step):
    action_class = RequirementsAction
    depends_on = ("capabilities",)
    contributes = ("architecture", "min_disk", "min_ram", "protected")
