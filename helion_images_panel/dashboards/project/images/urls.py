# SPDX-License-Identifier: Apache-2.0
"""URLs of Project > Compute > Images."""

from django.urls import include, path

from helion_images_panel.ui import urls
from helion_images_panel.ui.domain_scope import DOMAIN
from helion_images_panel.ui.scope import PROJECT
from helion_images_panel.ui.snapshots import CreateSnapshotView

snapshot_urls = [
    path("<instance_id>/create/", CreateSnapshotView.as_view(), name="create"),
]

urlpatterns = [
    urls.index(PROJECT),
    path("domain/", include((urls.domain_urls(DOMAIN), "domain"))),
    path("", include(([*urls.inbox_urls(PROJECT), *urls.image_urls(PROJECT, "")], "images"))),
    path("", include((snapshot_urls, "snapshots"))),
]
