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
    "helion_images_panel/js/text.js",
    "helion_images_panel/js/dashboard.js",
    "helion_images_panel/js/confirm.js",
    "helion_images_panel/js/outcome.js",
    "helion_images_panel/js/watch.js",
    "helion_images_panel/js/upload.js",
    "helion_images_panel/js/transfer.js",
    "helion_images_panel/js/transfer_asking.js",
    "helion_images_panel/js/queue.js",
    "helion_images_panel/js/refresh.js",
    "helion_images_panel/js/verify.js",
    "helion_images_panel/js/dock_actions.js",
    "helion_images_panel/js/dock_item.js",
    "helion_images_panel/js/dock.js",
    "helion_images_panel/js/content.js",
    "helion_images_panel/js/room.js",
    "helion_images_panel/js/formats.js",
    "helion_images_panel/js/create.js",
    "helion_images_panel/js/several.js",
    "helion_images_panel/js/drop.js",
    "helion_images_panel/js/stay.js",
    "helion_images_panel/js/progress.js",
    "helion_images_panel/js/combobox.js",
    "helion_images_panel/js/metadata.js",
    "helion_images_panel/js/tags.js",
    "helion_images_panel/js/owner.js",
    "helion_images_panel/js/access.js",
    "helion_images_panel/js/publish_steps.js",
    "helion_images_panel/js/publish.js",
    "helion_images_panel/js/projects.js",
]
ADD_SCSS_FILES = ["helion_images_panel/scss/images.scss"]
