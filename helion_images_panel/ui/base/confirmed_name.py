# SPDX-License-Identifier: Apache-2.0
"""The name that confirms a deletion of several images which nothing undoes.

The page asks for it, and the server compares it: a form may come from elsewhere.
"""

from __future__ import annotations

import re

from django.http import HttpRequest
from django.utils.translation import gettext as _

from helion_images_panel.ui.base import labels
from helion_images_panel.ui.scopes.domain_names import domain_name
from helion_images_panel.ui.scopes.scope import PanelScope

#: Field of a posted form.
FIELD = "confirmed_name"

#: Marks for the direction of a text, and against AngularJS, which nobody types.
_MARKS = re.compile("[\u2060\u2066-\u2069]")


def name_to_confirm(request: HttpRequest, scope: PanelScope) -> str:
    """Return the name of the images' project or domain, or else the user's own."""
    if scope.is_of_active_project:
        name = request.user.project_name
    else:
        name = domain_name(request, scope.domain_id or "") if scope.domain_id else ""
    return labels.inert(str(name or request.user.username or ""))


def refusal(request: HttpRequest, scope: PanelScope, count: int) -> str:
    """Return why several images are not deleted; empty if the name was entered, or for one."""
    name = name_to_confirm(request, scope)
    if count < 2 or _bare(request.POST.get(FIELD, "")) == _bare(name):
        return ""
    message = _(
        "Nothing was deleted: several images are deleted permanently only after you enter "
        '"%(name)s" in the confirmation.'
    )
    return message % {"name": name}


def _bare(text: str) -> str:
    return _MARKS.sub("", text).strip()
