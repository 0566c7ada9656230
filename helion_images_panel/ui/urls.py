# SPDX-License-Identifier: Apache-2.0
"""The URLs of a panel's images. Names that other panels reverse are those of Horizon."""

from __future__ import annotations

from django.urls import URLPattern

from helion_images_panel.ui.boot.urls import urls as boot_urls
from helion_images_panel.ui.catalogue.urls import urls as catalogue_urls
from helion_images_panel.ui.create.urls import urls as create_urls
from helion_images_panel.ui.detail.urls import urls as detail_urls
from helion_images_panel.ui.edit.urls import urls as edit_urls
from helion_images_panel.ui.end_dates.urls import urls as end_date_urls
from helion_images_panel.ui.inbox.urls import urls as inbox_urls
from helion_images_panel.ui.listing.urls import export_urls, script_urls
from helion_images_panel.ui.listing.urls import urls as listing_urls
from helion_images_panel.ui.metadata.urls import urls as metadata_urls
from helion_images_panel.ui.owner.urls import urls as owner_urls
from helion_images_panel.ui.publish.urls import urls as publish_urls
from helion_images_panel.ui.rules.urls import urls as rule_urls
from helion_images_panel.ui.scopes.scope import PanelScope
from helion_images_panel.ui.sharing.urls import urls as sharing_urls
from helion_images_panel.ui.storage.urls import urls as storage_urls
from helion_images_panel.ui.transfers.urls import urls as transfer_urls
from helion_images_panel.ui.uses.urls import urls as use_urls
from helion_images_panel.ui.versions.urls import urls as version_urls


def index_urls(scope: PanelScope) -> list[URLPattern]:
    """The list's URL, which other panels reverse outside the namespace of one image's pages."""
    return listing_urls(scope)


def image_urls(scope: PanelScope) -> list[URLPattern]:
    """All other pages. Each room leaves out pages that the scope does not have."""
    return [
        *export_urls(scope),
        *script_urls(scope),
        *inbox_urls(scope),
        *publish_urls(scope),
        *create_urls(scope),
        *catalogue_urls(scope),
        *storage_urls(scope),
        *rule_urls(scope),
        *transfer_urls(scope),
        *use_urls(scope),
        *sharing_urls(scope),
        *edit_urls(scope),
        *metadata_urls(scope),
        *owner_urls(scope),
        *boot_urls(scope),
        *end_date_urls(scope),
        *version_urls(scope),
        # Last: in the Project panel its path is an ID alone, and takes any name.
        *detail_urls(scope),
    ]
