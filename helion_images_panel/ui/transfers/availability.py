# SPDX-License-Identifier: Apache-2.0
"""The ways to upload or import data into an image, and the images that wait for data."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _

from helion_images_panel import policy
from helion_images_panel.api import imports
from helion_images_panel.core.image import Image
from helion_images_panel.core.per_request import per_request
from helion_images_panel.ui.base import refusals
from helion_images_panel.ui.base.errors import or_default
from helion_images_panel.ui.base.upload_mode import may_upload_files
from helion_images_panel.ui.scopes.permissions import change_refusal
from helion_images_panel.ui.scopes.scope import PanelScope

#: Parameter of an upload's URL for a compressed file whose content is to be stored.
DECOMPRESS = "decompress"

FILE = "file"


LOCATION = "location"


EXTERNAL = "external"


def source_choices(
    request: HttpRequest, import_methods: Sequence[str]
) -> list[tuple[str, str | Promise]]:
    """Return the sources of data that this cloud, its policy and its settings allow."""
    choices: list[tuple[str, str | Promise]] = []
    if may_upload_files(request):
        choices.append((FILE, _("Image File")))
    if imports.WEB_DOWNLOAD in import_methods and policy.allows(request, policy.UPLOAD_IMAGE):
        choices.append((LOCATION, _("Image Location")))
    if settings.IMAGES_ALLOW_LOCATION and policy.allows(request, policy.SET_IMAGE_LOCATION):
        choices.append((EXTERNAL, _("External Location (data stays there)")))
    return choices


def has_source(request: HttpRequest) -> bool:
    """Whether any source is available; at most one request to Glance per page."""
    if may_upload_files(request):
        return True
    methods = per_request(
        request,
        "import_methods",
        lambda: or_default(imports.import_methods, [], "the import methods")(request),
        scoped_to_project=True,
    )
    return bool(source_choices(request, methods))


def state_refusal(image: Image) -> str | None:
    """Return why no data can be uploaded in the image's state; None if it can."""
    if image.in_progress:
        return _eager("The image already receives data.")
    if image.status != "queued":
        return _eager("The image already has data, which cannot be replaced.")
    if image.has_refused_data:
        return refusals.has_refused_data().reason
    return None


def no_data_refusal(image: Image) -> str | None:
    """Return why the image's data cannot be read; None if Glance has any."""
    if image.is_volume_backed:
        return _eager(
            "The image is a snapshot of an instance that boots from a volume. Its data is in a "
            "volume snapshot, not in the image service."
        )
    return None if image.has_data else _eager("The image has no data.")


def may_upload_data(request: HttpRequest, scope: PanelScope, image: Image) -> bool:
    """Whether the image waits for its data, and the user has a source for it."""
    return (
        scope.creates_images
        and not state_refusal(image)
        and not change_refusal(request, scope, image, policy.MODIFY_IMAGE)
        and policy.allows(request, policy.UPLOAD_IMAGE, image)
        and has_source(request)
    )
