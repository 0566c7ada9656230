# SPDX-License-Identifier: Apache-2.0
"""The dialog that corrects one finding of the boot checks, in one request to Glance."""

from __future__ import annotations

import json
from typing import Any

from django import forms as django_forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _
from horizon import forms

from helion_images_panel.core import boot_checks
from helion_images_panel.core.boot_checks import Finding
from helion_images_panel.core.image import Image
from helion_images_panel.ui.base.change_form import ChangeForm
from helion_images_panel.ui.base.views import ImageFormView
from helion_images_panel.ui.boot import texts


def finding_of(image: Image, key: str) -> Finding | None:
    """Return the finding if the image still has it, and a change corrects it."""
    found = (each for each in boot_checks.findings(image) if each.changes and each.key == key)
    return next(found, None)


def state_of(image: Image, finding: Finding | None) -> str:
    """Return what the user agrees to: each value now, and the new one."""
    before = {"min_disk": image.min_disk_gib, **image.properties}
    changes = finding.changes if finding else {}
    return json.dumps([[name, before.get(name), value] for name, value in changes.items()])


class FixForm(ChangeForm):
    """`confirmed` is the change that the user was shown."""

    finding = forms.CharField(max_length=300, widget=django_forms.HiddenInput())
    confirmed = forms.CharField(strip=False, widget=django_forms.HiddenInput())

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        self.found = finding_of(self.image, data.get("finding") or "")
        if self.found is None:
            raise django_forms.ValidationError(
                _eager("The image has changed meanwhile: there is nothing left to correct.")
            )
        if data.get("confirmed") != state_of(self.image, self.found):
            raise django_forms.ValidationError(
                _eager("The image has changed meanwhile. Check the values again.")
            )
        return data

    def changes(self, data: dict[str, Any]) -> dict[str, Any]:
        return dict(self.found.changes) if self.found else {}


class FixView(ImageFormView):
    form_class = FixForm
    form_id = "fix_image_form"
    modal_id = "fix_image_modal"
    page_title = _("Fix Image")
    submit_label = _("Update Image")
    ajax_template_name = "helion_images_panel/boot/_form.html"
    url_name = "fix"

    @cached_property
    def finding(self) -> Finding | None:
        data = self.request.POST if self.request.method == "POST" else self.request.GET
        return finding_of(self.image, data.get("finding", ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        finding = self.finding
        context["finding_key"] = finding.key if finding else ""
        context["sentence"] = texts.sentence(finding, self.image) if finding else ""
        context["values"] = texts.values(self.image, finding) if finding else []
        context["confirmed"] = state_of(self.image, finding)
        return context
