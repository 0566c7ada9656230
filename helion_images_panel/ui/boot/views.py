# SPDX-License-Identifier: Apache-2.0
"""The boot checks with the content of the disk, and the dialog that corrects one finding, in one
request to Glance.
"""

from __future__ import annotations

import json
from typing import Any

from django import forms as django_forms
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _
from django.views import generic
from horizon import forms

from helion_images_panel import policy
from helion_images_panel.api.flavors import usable_flavors
from helion_images_panel.core import boot_checks, content_checks
from helion_images_panel.core.finding import Finding
from helion_images_panel.core.image import Image
from helion_images_panel.ui.base.change_form import ChangeForm
from helion_images_panel.ui.base.json_views import JsonViewMixin
from helion_images_panel.ui.base.views import ImageFormView, ImageView
from helion_images_panel.ui.boot import content, texts
from helion_images_panel.ui.boot.panel import boot_context


class BootView(JsonViewMixin, ImageView, generic.TemplateView):
    """GET: the panel as the page's script shows it, after a look at the content of the disk."""

    http_method_names = ["get"]
    template_name = "helion_images_panel/boot/_panel.html"

    def check(self) -> None:
        super().check()
        policy.require(self.request, policy.DOWNLOAD_IMAGE, self.image)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | boot_context(self.request, self.scope, self.image, reads_content=True)


def finding_of(request: HttpRequest, image: Image, key: str) -> Finding | None:
    """Return the finding if the image still has it, and a change corrects it."""
    known = content.read(request, image) if key in content_checks.CORRECTED else None
    flavors = usable_flavors(request) if key == boot_checks.NO_MIN_DISK else ()
    found = boot_checks.findings(image, flavors, known)
    return next((each for each in found if each.changes and each.key == key), None)


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
        self.found = finding_of(self.request, self.image, data.get("finding") or "")
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
        return finding_of(self.request, self.image, data.get("finding", ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        finding = self.finding
        context["finding_key"] = finding.key if finding else ""
        context["sentence"] = texts.sentence(finding, self.image) if finding else ""
        context["values"] = texts.values(self.image, finding) if finding else []
        context["confirmed"] = state_of(self.image, finding)
        return context
