# SPDX-License-Identifier: Apache-2.0
"""URLs of Project > Compute > Images."""

from django.urls import include, path

from helion_images_panel.ui import urls
from helion_images_panel.ui.scopes.domain_scope import DOMAIN
from helion_images_panel.ui.scopes.scope import PROJECT
from helion_images_panel.ui.snapshots.urls import urlpatterns as snapshot_urls
from helion_images_panel.ui.transfers.probe import urls as probe_urls

urlpatterns = [
    *urls.index_urls(PROJECT),
    path("domain/", include(([*urls.index_urls(DOMAIN), *urls.image_urls(DOMAIN)], "domain"))),
    # Before the uploads, of whose path it is a special case.
    *probe_urls(),
    path("", include((urls.image_urls(PROJECT), "images"))),
    path("", include((snapshot_urls, "snapshots"))),
]
