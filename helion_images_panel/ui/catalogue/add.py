# SPDX-License-Identifier: Apache-2.0
"""The dialog Add Official Image: Create Image by URL, with the values of the catalogue."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django import forms as django_forms
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _
from horizon import forms, workflows

from helion_images_panel import exceptions
from helion_images_panel.api import quota as api_quota
from helion_images_panel.catalogue import new_image
from helion_images_panel.catalogue.entries import Build, Entry
from helion_images_panel.catalogue.properties import properties_of
from helion_images_panel.core import tags
from helion_images_panel.core.image import Image
from helion_images_panel.core.planned_publication import planned_property
from helion_images_panel.core.publication import OWN
from helion_images_panel.core.quota import Quota
from helion_images_panel.ui.base import fields, labels
from helion_images_panel.ui.base.tags import TagsField
from helion_images_panel.ui.catalogue import as_version
from helion_images_panel.ui.catalogue.access import OfferedMixin
from helion_images_panel.ui.catalogue.offers import url_parameters
from helion_images_panel.ui.catalogue.times import day_label
from helion_images_panel.ui.create import quota as quota_words
from helion_images_panel.ui.create.audience import (
    audience_field,
    new_image_audiences,
    offer_audiences,
    visibility_of,
)
from helion_images_panel.ui.create.capabilities import Capabilities, load_capabilities
from helion_images_panel.ui.create.next_steps import NextStepsView
from helion_images_panel.ui.create.store_choice import offer_stores, store_field
from helion_images_panel.ui.create.workflow import CreateImage
from helion_images_panel.ui.metadata.names import encoded
from helion_images_panel.ui.metadata.required import (
    PREFIX,
    add_required_fields,
    required_values,
)
from helion_images_panel.ui.transfers.availability import LOCATION


class CatalogueAction(workflows.Action):
    """Only what a user chooses: URL, checksum, format and properties are the catalogue's.

    `build` is the build that the user was shown, and `family_shown` the family whose values; they
    are compared, and never used.
    """

    family = as_version.family_field()
    name = fields.name_field(validators=[fields.check_visible])
    tags = TagsField()
    audience = audience_field()
    protected = fields.protected_field()
    store = store_field()
    family_shown = forms.CharField(required=False, max_length=64, widget=django_forms.HiddenInput())
    build = forms.CharField(required=False, max_length=64, widget=django_forms.HiddenInput())

    class Meta:
        name = _("Image")
        slug = "source"
        help_text_template = "helion_images_panel/catalogue/_help.html"

    def __init__(self, request: HttpRequest, context: Mapping[str, Any], *args: Any, **kwargs: Any):
        super().__init__(request, context, *args, **kwargs)
        self.capabilities: Capabilities = context["capabilities"]
        self.entry: Entry = context["entry"]
        self.offered: Build = context["offered"]
        self.fields["name"].initial = self.entry.name
        self.fields["tags"].initial = tags.joined(self.entry.tags)
        self.fields["build"].initial = shown_as(self.offered)
        schema = self.capabilities.schema
        # On a cloud that refuses changes it could not be published after the comparison.
        self.is_kept_private = bool(
            self.offered.checksum and schema.may_refuse_changes and len(context["audiences"]) > 1
        )
        audiences = context["audiences"][:1] if self.is_kept_private else context["audiences"]
        offer_audiences(self, request, audiences)
        offer_stores(self, self.capabilities.stores)
        add_required_fields(self, schema.required)
        for definition in schema.required:
            if value := self.properties.get(definition.name):
                self.fields[PREFIX + encoded(definition.name)].initial = value
        if schema.may_refuse_changes:
            # Also an image whose import fails could not be deleted.
            del self.fields["protected"]
        self.choice = as_version.FamilyChoice(
            latest=context["families"],
            version=as_version.version_of_build(self.offered),
            own={
                "name": self.entry.name,
                "tags": tags.joined(self.entry.tags),
                "protected": False,
            },
        )
        self.choice.offer(self)

    @property
    def properties(self) -> Mapping[str, str]:
        return properties_of(self.entry, self.offered)

    @property
    def quota(self) -> Quota | None:
        return self.capabilities.quota

    def get_help_text(self, extra_context: dict[str, Any] | None = None) -> str:
        entry, build = self.entry, self.offered
        context = {
            "title": entry.title,
            "offered": build,
            "day": day_label(build.build_date),
            "size": labels.size_label(build.size_bytes or None),
            "format": labels.format_label(entry.format),
            "min_disk": entry.min_disk_gib,
            "min_ram": entry.min_ram_mib,
            "properties": sorted(self.properties.items()),
            "is_published_later": "audience" in self.fields and bool(build.checksum),
            "is_kept_private": self.is_kept_private,
            "quota_lines": quota_words.describe(self.quota),
            **(extra_context or {}),
        }
        return str(super().get_help_text(context))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        if data.get("build") != shown_as(self.offered):
            # The form that is shown again has the build that is shown beside it.
            self.data: QueryDict = self.request.POST.copy()
            self.data["build"] = shown_as(self.offered)
            raise django_forms.ValidationError(
                _eager("The catalogue has another build now. Check the values again.")
            )
        if self.entry.format not in dict(self.capabilities.formats):
            raise django_forms.ValidationError(
                _eager(
                    "This cloud does not accept images of the format %(format)s. Ask the cloud's "
                    "operator."
                )
                % {"format": labels.format_label(self.entry.format)}
            )
        self._check_family(data)
        data["required"] = required_values(self, self.capabilities.schema.required, data)
        if not self.errors:
            self._check_quota()
        return data

    def _check_family(self, data: dict[str, Any]) -> None:
        """Show the values of another family before the image is created with them."""
        chosen = data.get("family") or as_version.NONE
        shown = data.get("family_shown") or as_version.NONE
        if "family" in self.fields and chosen != shown:
            self.data = self.request.POST.copy()
            self.data["family_shown"] = chosen
            for name, value in self.choice.replaced(shown, chosen, data).items():
                if name == "protected" and not value:
                    self.data.pop(name, None)
                else:
                    self.data[name] = "on" if value is True else value
            raise django_forms.ValidationError(
                _eager("The values are those of another choice now. Check them again.")
            )
        data["family"] = self.choice.named(chosen)

    def _check_quota(self) -> None:
        size_bytes = self.offered.size_bytes
        if quota_words.refusal(self.quota, size_bytes, staged=True):
            # More quota may be free by now.
            quota = api_quota.project_quota(self.request)
            if refusal := quota_words.refusal(quota, size_bytes, staged=True):
                raise django_forms.ValidationError(refusal)


def shown_as(build: Build) -> str:
    """Return a short text that differs for each build."""
    return hashlib.sha256(f"{build.url} {build.checksum}".encode()).hexdigest()[:16]


class CatalogueStep(workflows.Step):
    action_class = CatalogueAction
    depends_on = ("capabilities", "audiences", "entry", "offered", "families")
    contributes = ("name", "tags", "audience", "protected", "store", "required", "family")

    def contribute(self, data: Mapping[str, Any], context: dict[str, Any]) -> dict[str, Any]:
        """Add the values of the catalogue, by the names of Create Image's form."""
        context = super().contribute(data, context)
        entry, build = context["entry"], context["offered"]
        context.update(
            source=LOCATION,
            location=build.url,
            size_bytes=build.size_bytes,
            disk_format=entry.format,
            tags=list(tags.split(fields.one_newline(str(data.get("tags") or "")))),
        )
        if context.get("family"):
            context["audience"] = OWN
        if build.checksum:
            # Others get the image only when its data is known to be the publisher's.
            context.update(planned=context.get("audience") or OWN, audience=OWN)
        return context


class AddOfficialImage(CreateImage):
    slug = "add_official_image"
    name = _("Add Official Image")
    finalize_button_name = _("Add Image")
    default_steps = (CatalogueStep,)

    def attributes_of(self, context: dict[str, Any]) -> dict[str, Any]:
        chosen = {
            **{name: context.get(name) for name in ("name", "tags", "protected")},
            "visibility": visibility_of(context),
            **context["required"],
        }
        schema = context["capabilities"].schema
        attributes = new_image.attributes_of(context["entry"], context["offered"], chosen, schema)
        planned, checksum = context.get("planned", OWN), context["offered"].checksum
        if checksum and planned != OWN:
            attributes |= planned_property(
                attributes["id"], planned, checksum, str(self.request.user.id)
            )
        latest: Image | None = context.get("family")
        if latest is None:
            return attributes
        choice = self.get_step("source").action.choice
        return {**attributes, **choice.record(attributes["id"], latest)}

    def further_steps(self, image: Image) -> dict[str, Any]:
        steps = super().further_steps(image)
        planned = self.context.get("planned", OWN)
        return {**steps, **({"planned": planned} if planned != OWN else {})}

    def get_absolute_url(self) -> str:
        entry = self.context["entry"]
        return f"{self.request.path}?{urlencode(url_parameters(entry))}"


class AddView(OfferedMixin, NextStepsView):
    workflow_class = AddOfficialImage
    creates = True

    def check(self) -> None:
        super().check()
        if self.offer is None:
            raise Http404()
        if self.offer.refusal:
            raise exceptions.ImageForbidden(self.offer.refusal)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer no questions on a URL or a checksum: the form has none."""
        return self.submitted(request, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        build = self.offer and self.offer.build
        properties = properties_of(self.offer.entry, build) if self.offer and build else {}
        return {
            "families": as_version.fitting_families(self.request, properties),
            "capabilities": load_capabilities(self.request),
            "audiences": new_image_audiences(self.request),
            "entry": self.offer and self.offer.entry,
            "offered": self.offer and self.offer.build,
        }
