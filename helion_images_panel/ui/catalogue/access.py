# SPDX-License-Identifier: Apache-2.0
"""Who may use Official Images."""

from __future__ import annotations

from django.utils.functional import cached_property
from django.utils.translation import gettext as _eager

from helion_images_panel import exceptions, policy
from helion_images_panel.api import imports
from helion_images_panel.catalogue.files import Catalogue, unchanged_catalogue
from helion_images_panel.ui.base.views import ScopedView


class CatalogueMixin(ScopedView):
    """Refuses users who cannot have the image service download an image."""

    def check(self) -> None:
        policy.require(self.request, policy.ADD_IMAGE)
        policy.require(self.request, policy.UPLOAD_IMAGE)
        if imports.WEB_DOWNLOAD not in imports.recent_import_methods(self.request):
            raise exceptions.ImageForbidden(
                _eager(
                    "The image service of this cloud downloads no images (the import method "
                    "web-download is off). Use Create Image with a file, or ask the cloud's "
                    "operator."
                )
            )

    @cached_property
    def catalogue(self) -> Catalogue:
        return unchanged_catalogue()
