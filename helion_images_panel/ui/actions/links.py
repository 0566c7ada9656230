# SPDX-License-Identifier: Apache-2.0
"""Actions that open another page or dialog."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from horizon import tables
from openstack_dashboard.api import cinder

from helion_images_panel import policy
from helion_images_panel.api import imports
from helion_images_panel.core.image import Image
from helion_images_panel.ui.actions.launch import is_bootable
from helion_images_panel.ui.base.link_action import ImageLinkAction
from helion_images_panel.ui.transfers.availability import may_upload_data


class CreateImage(tables.LinkAction):
    name = "create"
    verbose_name = _("Create Image")
    classes = ("ajax-modal",)
    icon = "plus"

    def get_link_url(self, datum: Image | None = None) -> str:
        return str(self.table.scope.url("create"))

    def allowed(self, request: HttpRequest, image: Image | None = None) -> bool:
        return self.table.scope.creates_images and policy.allows(request, policy.ADD_IMAGE)


class OfficialImages(tables.LinkAction):
    """Leads to the catalogue; hidden if the image service is known not to download images."""

    name = "catalogue"
    verbose_name = _("Official Images")
    icon = "globe"

    def get_link_url(self, datum: Image | None = None) -> str:
        return self.table.scope.url_in_domain("catalogue")

    def allowed(self, request: HttpRequest, image: Image | None = None) -> bool:
        if not self.table.scope.creates_images or not all(
            policy.allows(request, rule) for rule in (policy.ADD_IMAGE, policy.UPLOAD_IMAGE)
        ):
            return False
        # The list sends no request for it. The page itself refuses if they are not known.
        known = imports.known_import_methods(request)
        return known is None or imports.WEB_DOWNLOAD in known


class EditImage(ImageLinkAction):
    name = "edit"
    verbose_name = _("Edit Image")
    page = "update"


class UpdateMetadata(ImageLinkAction):
    name = "update_metadata"
    verbose_name = _("Update Metadata")
    page = "metadata"


class UploadData(ImageLinkAction):
    name = "upload_data"
    verbose_name = _("Upload Data")
    icon = "upload"
    page = "upload_data"

    def allowed(self, request: HttpRequest, image: Image | None = None) -> bool:
        return image is not None and may_upload_data(request, self.table.scope, image)


class DownloadImage(tables.LinkAction):
    name = "download"
    verbose_name = _("Download Image")
    icon = "download"
    # Pages ask for confirmation before they are left; downloads do not need it.
    attrs = {"data-hip-download": ""}

    def get_link_url(self, image: Image) -> str:
        return str(self.table.scope.url("download", image.id))

    def allowed(self, request: HttpRequest, image: Image | None = None) -> bool:
        """Glance returns a deactivated image's data to admins only."""
        return (
            image is not None
            and image.has_data
            and (
                image.status == "active"
                or (image.status == "deactivated" and policy.allows(request, policy.ADMIN))
            )
            and policy.allows(request, policy.DOWNLOAD_IMAGE, image)
        )


class CreateVolume(tables.LinkAction):
    name = "create_volume"
    verbose_name = _("Create Volume")
    icon = "camera"
    classes = ("ajax-modal",)

    def get_link_url(self, image: Image) -> str:
        return f"{reverse('horizon:project:volumes:create')}?{urlencode({'image_id': image.id})}"

    def allowed(self, request: HttpRequest, image: Image | None = None) -> bool:
        return (
            self.table.scope.launches_instances
            and image is not None
            # Cinder would make an empty volume.
            and image.has_data
            and is_bootable(image)
            and cinder.is_volume_service_enabled(request)
            and policy.allows(request, policy.CREATE_VOLUME)
        )
