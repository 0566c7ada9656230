# SPDX-License-Identifier: Apache-2.0
"""The visibility of a new image: the audiences that are offered, and Glance's value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms as django_forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext
from horizon import forms

from helion_images_panel.core.publication import CLOUD, OWN
from helion_images_panel.core.visible_text import isolated
from helion_images_panel.ui.publish import audiences
from helion_images_panel.ui.scopes.domain_names import domain_name
from helion_images_panel.ui.scopes.domain_roles import is_cloud_admin

#: Audiences to choose from, each with its label.
Audiences = list[tuple[str, str]]


def audience_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Visibility"),
        required=False,
        help_text=_(
            "The projects that can see and use the image. You can change it later with "
            "Publish Image."
        ),
    )


def offer_audiences(form: django_forms.BaseForm, request: HttpRequest, choices: Audiences) -> bool:
    """Offer the audiences if there are several; return whether the image is public at first."""
    is_public_at_first = _is_public_at_first(request, choices)
    if len(choices) == 1:
        del form.fields["audience"]
    else:
        form.fields["audience"].choices = choices
        form.fields["audience"].initial = CLOUD if is_public_at_first else OWN
    return is_public_at_first


def new_image_audiences(request: HttpRequest) -> Audiences:
    """Return the audiences of a new image in the active project, each with its label."""
    return [
        (audience, _audience_label(request, audience))
        for audience in audiences.offered_for_new(request)
    ]


def _is_public_at_first(request: HttpRequest, choices: Audiences) -> bool:
    """Whether Horizon's own default selects Public: for cloud admins only, since an admin of
    one domain rarely creates images for all domains.
    """
    default = settings.CREATE_IMAGE_DEFAULTS.get("image_visibility")
    return default == "public" and CLOUD in dict(choices) and is_cloud_admin(request)


def _audience_label(request: HttpRequest, audience: str) -> str:
    if audience == OWN:
        return _eager("Only %(project)s") % {"project": isolated(request.user.project_name)}
    if audience == CLOUD:
        return pgettext("visibility", "Public")
    domain = domain_name(request, request.user.token.project.get("domain_id") or "")
    if not domain:
        return _eager("All projects in the domain")
    return _eager("All projects in %(domain)s") % {"domain": domain}


def visibility_of(context: Mapping[str, Any]) -> str:
    """Return the visibility of the new image: that of a shared one for further projects. A
    domain's image is shared by publishing it.
    """
    if context.get("audience") == CLOUD:
        return "public"
    # Glance's own default is "shared".
    return "shared" if context.get("projects") else "private"
