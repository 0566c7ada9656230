# SPDX-License-Identifier: Apache-2.0
"""URLs of Admin > System > Images."""

from helion_images_panel.ui import urls
from helion_images_panel.ui.scopes.admin_scope import ADMIN

urlpatterns = [*urls.index_urls(ADMIN), *urls.image_urls(ADMIN)]
