# SPDX-License-Identifier: Apache-2.0
"""Takes the place of the stock Admin > Images panel, in the group System.

The file must keep its name: Horizon merges `enabled` files by basename, and
the stock panel's file has this one.
"""

PANEL = "images"
PANEL_DASHBOARD = "admin"
# "admin" is the slug of the group that Horizon titles "System".
PANEL_GROUP = "admin"
ADD_PANEL = "helion_images_panel.dashboards.admin.images.panel.Images"
