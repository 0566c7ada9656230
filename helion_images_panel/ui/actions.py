# SPDX-License-Identifier: Apache-2.0
"""What can be done to images that stand in the table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import shortcuts
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from horizon import messages, tables
from openstack_dashboard.api import base, cinder

from helion_images_panel import policy
from helion_images_panel.api import images
from helion_images_panel.core.formats import NOT_BOOTABLE_CONTAINERS
from helion_images_panel.core.image import Image
from helion_images_panel.core.publication import unpublished_visibility, visibility_changes
from helion_images_panel.ui import batch, data_source, text


def not_changeable(request: HttpRequest, scope: Any, image: Image, rule: str) -> str | None:
    """Why this person may not do this to the image here; None if they may."""
    if not scope.may_write(request, image) or not policy.allows(request, rule, image):
        return _eager("You are not allowed to change this image.")
    if image.status in ("deleted", "pending_delete"):
        return _eager("The image is being deleted.")
    return None


def may_upload_data(request: HttpRequest, scope: Any, image: Image) -> bool:
    """Whether the image waits for its data, and this person has a way to give it."""
    return (
        not data_source.state_refusal(image)
        and not not_changeable(request, scope, image, policy.MODIFY_IMAGE)
        and policy.allows(request, policy.UPLOAD_IMAGE, image)
        and data_source.has_source(request)
    )


class CreateImage(tables.LinkAction):
    name = "create"
    verbose_name = _("Create Image")
    classes = ("ajax-modal",)
    icon = "plus"

    def get_link_url(self, datum: Image | None = None) -> str:
        return str(self.table.scope.url("create"))

    def allowed(self, request: HttpRequest, image: Image | None = None) -> bool:
        return policy.allows(request, policy.ADD_IMAGE)


class EditImage(tables.LinkAction):
    name = "edit"
    verbose_name = _("Edit Image")
    classes = ("ajax-modal",)
    icon = "pencil"
    page = "update"

    def get_link_url(self, image: Image) -> str:
        return str(self.table.scope.url(self.page, image.id))

    def allowed(self, request: HttpRequest, image: Image | None = None) -> bool:
        return image is not None and not not_changeable(
            request, self.table.scope, image, policy.MODIFY_IMAGE
        )


class UpdateMetadata(EditImage):
    name = "update_metadata"
    verbose_name = _("Update Metadata")
    page = "metadata"


class UploadData(EditImage):
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
    # A page that asks before it is left need not ask for this.
    attrs = {"data-hip-download": ""}

    def get_link_url(self, image: Image) -> str:
        return str(self.table.scope.url("download", image.id))

    def allowed(self, request: HttpRequest, image: Image | None = None) -> bool:
        """Glance gives a deactivated image's data to admins only."""
        return (
            image is not None
            and (
                image.status == "active"
                or (image.status == "deactivated" and policy.allows(request, policy.ADMIN))
            )
            and policy.allows(request, policy.DOWNLOAD_IMAGE, image)
        )


def _bootable(image: Image | None) -> bool:
    return (
        image is not None
        and image.status == "active"
        and image.container_format not in NOT_BOOTABLE_CONTAINERS
    )


class LaunchInstance(tables.LinkAction):
    """Opens Horizon's own Launch Instance dialog on the image."""

    name = "launch"
    verbose_name = _("Launch")
    icon = "cloud-upload"
    classes = ("btn-launch",)
    ajax = False

    def get_link_url(self, image: Image) -> str:
        index = self.table.scope.url("index")
        self.attrs.update(
            {
                "ng-controller": "LaunchInstanceModalController as modal",
                "ng-click": (
                    "modal.openLaunchInstanceWizard("
                    f"{{successUrl: '{index}', imageId: '{image.id}'}})"
                ),
            }
        )
        return "javascript:void(0);"

    def allowed(self, request: HttpRequest, image: Image | None = None) -> bool:
        return (
            _bootable(image)
            and base.is_service_enabled(request, "compute")
            and policy.allows(request, policy.LAUNCH_INSTANCE)
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
            _bootable(image)
            and cinder.is_volume_service_enabled(request)
            and policy.allows(request, policy.CREATE_VOLUME)
        )


class ImageBatchAction(tables.BatchAction):
    """An action on one row, on ticked rows, and on the details page.

    Subclasses name the policy rule, say in `state_refusal` which images have
    nothing to gain from it, and act in `act`.
    """

    rule: str = policy.MODIFY_IMAGE
    help_text = ""

    def state_refusal(self, image: Image) -> str | None:
        """Why the image's state forbids the action; None if it does not."""
        return None

    def act(self, request: HttpRequest, image: Image) -> None:
        raise NotImplementedError

    def refusal(self, request: HttpRequest, image: Image) -> str | None:
        return not_changeable(request, self.table.scope, image, self.rule) or self.state_refusal(
            image
        )

    def allowed(self, request: HttpRequest, image: Image | None = None) -> bool:
        if image is None:
            return policy.allows(request, self.rule)
        return not self.refusal(request, image)

    def handle(self, table: Any, request: HttpRequest, obj_ids: Sequence[str]) -> HttpResponse:
        outcomes = batch.run(
            request,
            table.scope,
            obj_ids,
            lambda image: self.refusal(request, image),
            lambda image: self.act(request, image),
        )
        if all(outcome.missing for outcome in outcomes):
            raise Http404(outcomes[0].failure)
        done = [text.inert(outcome.name) for outcome in outcomes if not outcome.failure]
        failed = [outcome for outcome in outcomes if outcome.failure]
        if done:
            messages.success(
                request,
                _eager("%(action)s: %(images)s")
                % {"action": self._get_action_name(done, past=True), "images": ", ".join(done)},
            )
        if failed:
            messages.error(
                request,
                _eager("Unable to %(action)s: %(images)s")
                % {
                    "action": str(self._get_action_name(failed)).lower(),
                    "images": "; ".join(
                        text.inert(f"{outcome.name} – {outcome.failure}") for outcome in failed
                    ),
                },
            )
        return shortcuts.redirect(self.get_success_url(request))


class DeleteImage(ImageBatchAction):
    name = "delete"
    icon = "trash"
    action_type = "danger"
    rule = policy.DELETE_IMAGE
    help_text = _("A deleted image cannot be recovered. Instances launched from it keep running.")

    @staticmethod
    def action_present(count: int) -> Any:
        return ngettext_lazy("Delete Image", "Delete Images", count)

    @staticmethod
    def action_past(count: int) -> Any:
        return ngettext_lazy("Deleted Image", "Deleted Images", count)

    def state_refusal(self, image: Image) -> str | None:
        if image.protected:
            return _eager("The image is protected. Unprotect it first.")
        return None

    def get_success_url(self, request: HttpRequest | None = None) -> str:
        """The list as it was; from the page of the deleted image, the list."""
        index = str(self.table.scope.url("index"))
        if request is None or request.path != index:
            return index
        return str(request.get_full_path())

    def act(self, request: HttpRequest, image: Image) -> None:
        images.image_delete(request, image.id)


class ProtectImage(ImageBatchAction):
    name = "protect"
    icon = "lock"
    help_text = _("A protected image cannot be deleted.")

    @staticmethod
    def action_present(count: int) -> Any:
        return ngettext_lazy("Protect Image", "Protect Images", count)

    @staticmethod
    def action_past(count: int) -> Any:
        return ngettext_lazy("Protected Image", "Protected Images", count)

    def state_refusal(self, image: Image) -> str | None:
        return _eager("The image is protected already.") if image.protected else None

    def act(self, request: HttpRequest, image: Image) -> None:
        images.image_update(request, image.id, {"protected": True})


class UnprotectImage(ImageBatchAction):
    name = "unprotect"
    icon = "unlock"
    help_text = _("An image that is not protected can be deleted.")

    @staticmethod
    def action_present(count: int) -> Any:
        return ngettext_lazy("Unprotect Image", "Unprotect Images", count)

    @staticmethod
    def action_past(count: int) -> Any:
        return ngettext_lazy("Unprotected Image", "Unprotected Images", count)

    def state_refusal(self, image: Image) -> str | None:
        return None if image.protected else _eager("The image is not protected.")

    def act(self, request: HttpRequest, image: Image) -> None:
        images.image_update(request, image.id, {"protected": False})


class PublishImage(ImageBatchAction):
    name = "publish"
    icon = "globe"
    action_type = "danger"  # Horizon then asks for confirmation
    rule = policy.PUBLICIZE_IMAGE
    help_text = _("Every project of this cloud will see a published image and can use it.")

    @staticmethod
    def action_present(count: int) -> Any:
        return ngettext_lazy("Publish Image", "Publish Images", count)

    @staticmethod
    def action_past(count: int) -> Any:
        return ngettext_lazy("Published Image", "Published Images", count)

    def state_refusal(self, image: Image) -> str | None:
        return _eager("The image is public already.") if image.visibility == "public" else None

    def act(self, request: HttpRequest, image: Image) -> None:
        images.image_update(request, image.id, visibility_changes(image, "public"))


class UnpublishImage(ImageBatchAction):
    name = "unpublish"
    icon = "eye-slash"
    action_type = "danger"  # Horizon then asks for confirmation
    rule = policy.PUBLICIZE_IMAGE
    help_text = _(
        "The image will again be seen only by those who saw it before it was published. "
        "Instances launched from it keep running."
    )

    @staticmethod
    def action_present(count: int) -> Any:
        return ngettext_lazy("Unpublish Image", "Unpublish Images", count)

    @staticmethod
    def action_past(count: int) -> Any:
        return ngettext_lazy("Unpublished Image", "Unpublished Images", count)

    def state_refusal(self, image: Image) -> str | None:
        return None if image.visibility == "public" else _eager("The image is not public.")

    def act(self, request: HttpRequest, image: Image) -> None:
        visibility = unpublished_visibility(image)
        images.image_update(request, image.id, visibility_changes(image, visibility))
