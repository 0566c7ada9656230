# SPDX-License-Identifier: Apache-2.0
"""The URL of Create Snapshot, which the Instances panel reverses."""

from __future__ import annotations

from django.urls import path

from helion_images_panel.ui.snapshots.views import CreateSnapshotView

urlpatterns = [
    path("<instance_id>/create/", CreateSnapshotView.as_view(), name="create"),
]
