# SPDX-License-Identifier: Apache-2.0
"""Whose uses of an image are shown, and whose are not."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _

from helion_images_panel.core.image import Image
from helion_images_panel.core.visible_text import isolated
from helion_images_panel.ui.scopes.domain_names import domain_name
from helion_images_panel.ui.scopes.domain_roles import domain_of, is_cloud_admin
from helion_images_panel.ui.scopes.scope import PanelScope


def limits(request: HttpRequest, scope: PanelScope, image: Image) -> list[str]:
    """Return sentences on the projects whose uses the user sees in this panel, and on others
    that can use the image.
    """
    if scope.is_of_active_project:
        values = {"project": isolated(request.user.project_name)}
        message = _(
            "This tab shows the instances and volumes of %(project)s, and the images that you can "
            "see."
        )
        sentences = [message % values]
    elif scope.is_for_domain_managers:
        sentences = [
            _("This tab shows the uses in the projects of the domain where you have a role.")
        ]
    elif is_cloud_admin(request):
        return [_("This tab shows the uses in all projects of this cloud.")]
    else:
        values = {"domain": domain_name(request, domain_of(request))}
        sentences = [_("This tab shows the uses in the projects of %(domain)s.") % values]
    if image.visibility != "private":
        sentences.append(
            _("Other projects may use this image too, and you cannot see how they use it.")
        )
    return sentences
