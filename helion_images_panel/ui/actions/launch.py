# SPDX-License-Identifier: Apache-2.0
"""Launch: Horizon's own Launch Instance dialog on an image."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from horizon import tables
from openstack_dashboard.api import base

from helion_images_panel import policy
from helion_images_panel.core.deletion import is_deleted
from helion_images_panel.core.formats import NOT_BOOTABLE_CONTAINERS
from helion_images_panel.core.image import Image
from helion_images_panel.ui.scopes.scope import PanelScope


def is_bootable(image: Image | None) -> bool:
    return (
        image is not None
        and image.status == "active"
        and not is_deleted(image)
        and image.container_format not in NOT_BOOTABLE_CONTAINERS
    )


def may_launch(request: HttpRequest, scope: PanelScope, image: Image | None) -> bool:
    return (
        scope.launches_instances
        and is_bootable(image)
        and base.is_service_enabled(request, "compute")
        and policy.allows(request, policy.LAUNCH_INSTANCE)
    )


def launch_attributes(image_id: str, success_url: str) -> dict[str, str]:
    """Return the HTML attributes of a link that opens the dialog.

    :param success_url: page to show after the launch
    """
    options = f"successUrl: '{success_url}', imageId: '{image_id}'"
    return {
        "ng-controller": "LaunchInstanceModalController as modal",
        "ng-click": f"modal.openLaunchInstanceWizard({{{options}}})",
    }


class LaunchInstance(tables.LinkAction):
    name = "launch"
    verbose_name = _("Launch")
    icon = "cloud-upload"
    classes = ("btn-launch",)
    ajax = False

    def get_link_url(self, image: Image) -> str:
        self.attrs.update(launch_attributes(image.id, self.table.scope.url("index")))
        # AngularJS lets no click on a link without an address through. A script in its place
        # would be refused by a Content-Security-Policy.
        return ""

    def allowed(self, request: HttpRequest, image: Image | None = None) -> bool:
        return may_launch(request, self.table.scope, image)
