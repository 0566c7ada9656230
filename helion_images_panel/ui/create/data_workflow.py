# SPDX-License-Identifier: Apache-2.0
"""A workflow whose form the page's script turns into a transfer."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.functional import Promise
from django.utils.translation import gettext as _eager
from horizon import workflows

from helion_images_panel import conf, exceptions
from helion_images_panel.api import images, imports
from helion_images_panel.core.image import Image
from helion_images_panel.transfers import import_size
from helion_images_panel.ui.create import quota as quota_words
from helion_images_panel.ui.transfers import import_failures
from helion_images_panel.ui.transfers.availability import EXTERNAL, LOCATION

#: The script of the boot checks, which no other page loads.
BOOT_CHECK = "helion_images_panel/js/create/boot_check.js"


class DataWorkflow(workflows.Workflow):
    """A workflow whose form the page's script turns into a transfer.

    `handle` returns the image, and raises ImageServiceError.
    """

    #: Message for a refusal; the reason is Glance's.
    refused: str | Promise = "%(reason)s"

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.attrs["data-hip-create"] = "true"
        # Browsers cannot focus a required field that a themed drop-down or a tab hides,
        # and would not submit the form, without any message.
        self.attrs["novalidate"] = "novalidate"
        self.attrs["ng-non-bindable"] = "ng-non-bindable"
        self.attrs["data-hip-content-rules"] = _content_rules()
        if "image_file" in self.get_step("source").action.fields:
            self.attrs["data-hip-boot-check"] = static(BOOT_CHECK)
        quota = quota_words.attribute(self.get_step("source").action.quota)
        if quota:
            self.attrs["data-hip-quota"] = quota

    def handle(self, request: HttpRequest, context: dict[str, Any]) -> Image:
        raise NotImplementedError

    def further_steps(self, image: Image) -> dict[str, Any]:
        """Return further values for the script, in addition to the upload."""
        return {}


def _content_rules() -> str:
    """Return JSON for the script that refuses files before their image is created."""
    rules = {
        "tolerated": sorted(conf.CONTENT_WARNINGS.value),
        "nonfatal": sorted(conf.GPT_CHECKS_NONFATAL.value),
    }
    return json.dumps(rules)


def begin(request: HttpRequest, image: Image, data: dict[str, Any]) -> Image:
    """Start an import, or register an external location; a file is sent by the browser later.

    Raise ImageServiceError if nothing was started.
    """
    try:
        if data["source"] == LOCATION:
            store = data.get("store") or None
            imports.import_from_url(request, image.id, data["location"], store)
            import_size.record_image(request, image.id, data["location"], data.get("size_bytes"))
        elif data["source"] == EXTERNAL:
            return images.image_add_location(request, image.id, data["location"])
    except exceptions.ImageServiceError as error:
        raise _explained(error) from error
    return image


def _explained(error: exceptions.ImageServiceError) -> exceptions.ImageServiceError:
    """Add the meaning of Glance's refusal of a URL for the user."""
    if error.status == 409 and "active task" in str(error):
        return exceptions.ImageServiceError(import_failures.still_held(), error.status)
    if "filter" not in str(error):
        return error
    meaning = _eager(
        "This cloud does not download images from that URL: %(reason)s Ask the cloud's operator "
        "which URLs are allowed, or upload the image as a file."
    ) % {"reason": error}
    return exceptions.ImageServiceError(meaning, error.status)
