# SPDX-License-Identifier: Apache-2.0
"""Takes the place of the stock Project > Compute > Images panel.

The file must keep its name: Horizon merges `enabled` files by basename, and
the stock panel's file has this one.
"""

from helion_images_panel.exceptions import ImageNotFound, ImageServiceError

PANEL = "images"
PANEL_DASHBOARD = "project"
PANEL_GROUP = "compute"
ADD_PANEL = "helion_images_panel.dashboards.project.images.panel.Images"

ADD_INSTALLED_APPS = ["helion_images_panel"]
ADD_EXCEPTIONS = {
    "not_found": (ImageNotFound,),
    "recoverable": (ImageServiceError,),
}
