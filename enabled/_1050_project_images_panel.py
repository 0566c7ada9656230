# SPDX-License-Identifier: Apache-2.0
"""Takes the place of the stock Project > Compute > Images panel.

The file must keep its name: Horizon merges `enabled` files by basename, and
the stock panel's file has this one.
"""

from helion_images_panel import exceptions

PANEL = "images"
PANEL_DASHBOARD = "project"
PANEL_GROUP = "compute"
ADD_PANEL = "helion_images_panel.dashboards.project.images.panel.Images"

ADD_INSTALLED_APPS = ["helion_images_panel"]
ADD_EXCEPTIONS = {
    "not_found": (exceptions.ImageNotFound,),
    "recoverable": (exceptions.ImageServiceError,),
}
ADD_JS_FILES = [
    "helion_images_panel/js/base/namespace.js",
    "helion_images_panel/js/base/http.js",
    "helion_images_panel/js/listing/confirm.js",
    "helion_images_panel/js/base/reports.js",
    "helion_images_panel/js/base/watch.js",
    "helion_images_panel/js/transfers/http_upload.js",
    "helion_images_panel/js/transfers/transfer.js",
    "helion_images_panel/js/transfers/transfer_polling.js",
    "helion_images_panel/js/transfers/queue.js",
    "helion_images_panel/js/base/refresh.js",
    "helion_images_panel/js/transfers/verify.js",
    "helion_images_panel/js/transfers/dock_actions.js",
    "helion_images_panel/js/transfers/dock_item.js",
    "helion_images_panel/js/transfers/dock.js",
    "helion_images_panel/js/create/file_format.js",
    "helion_images_panel/js/create/quota.js",
    "helion_images_panel/js/create/file_hints.js",
    "helion_images_panel/js/create/form.js",
    "helion_images_panel/js/create/batch_dialog.js",
    "helion_images_panel/js/listing/drop.js",
    "helion_images_panel/js/transfers/stay_on_page.js",
    "helion_images_panel/js/listing/status.js",
    "helion_images_panel/js/base/combobox.js",
    "helion_images_panel/js/metadata/form.js",
    "helion_images_panel/js/edit/tags.js",
    "helion_images_panel/js/owner/form.js",
    "helion_images_panel/js/listing/access.js",
    "helion_images_panel/js/publish/steps.js",
    "helion_images_panel/js/publish/page.js",
    "helion_images_panel/js/sharing/project_picker.js",
]
ADD_SCSS_FILES = ["helion_images_panel/scss/images.scss"]
