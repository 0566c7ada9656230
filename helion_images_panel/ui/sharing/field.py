# SPDX-License-Identifier: Apache-2.0
"""The field in which a user names projects, and the projects that were named."""

from __future__ import annotations

import re
from typing import Any

from django import forms as django_forms
from django.http import HttpRequest
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _
from horizon import forms

from helion_images_panel.ui.scopes.scope import PanelScope
from helion_images_panel.ui.sharing import project_lookup
from helion_images_panel.ui.sharing.project_lookup import ProjectLookup

#: Glance's default for the maximum number of members of an image.
PROJECTS_AT_ONCE = 128


def projects_field(**kwargs: Any) -> django_forms.CharField:
    """Create the field. It contains IDs and names; the page's script turns it into a search."""
    return forms.CharField(
        label=_("Projects"),
        max_length=PROJECTS_AT_ONCE * 300,
        widget=django_forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        help_text=_("Project names or IDs, one per line."),
        **kwargs,
    )


def offer_search(field: django_forms.Field, request: HttpRequest, url: str) -> None:
    """Have the page's script search at the URL; explain the field to users who need IDs."""
    field.widget.attrs["data-hip-projects"] = url
    if not project_lookup.may_search(request):
        field.help_text = _(
            "Names of your own projects, or IDs of other projects, one per line. The members "
            "of a project find its ID under Images, Shared with Me."
        )
        field.widget.attrs["placeholder"] = _("Project ID, or name of your own project")


def look_up_projects(
    request: HttpRequest, scope: PanelScope, text: str, owner: str | None
) -> list[ProjectLookup]:
    """Look up each project of the text, none of which may own the image.

    Raise ValidationError for too many.
    """
    lines = list(dict.fromkeys(filter(None, map(str.strip, re.split(r"[\n,]", text)))))
    if not lines:
        return []
    if len(lines) > PROJECTS_AT_ONCE:
        raise forms.ValidationError(
            _eager("Enter no more than %(limit)s projects at a time."),
            params={"limit": PROJECTS_AT_ONCE},
        )
    known = project_lookup.listable_projects(request, scope)
    lookups = [project_lookup.look_up_project(request, scope, known, line) for line in lines]
    return [_unless_owner(lookup, owner) for lookup in lookups]


def _unless_owner(lookup: ProjectLookup, owner: str | None) -> ProjectLookup:
    if lookup.project_id and lookup.project_id == owner:
        return ProjectLookup(lookup.written, refusal=_eager("The project owns the image."))
    return lookup
