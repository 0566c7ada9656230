# SPDX-License-Identifier: Apache-2.0
"""The URLs of a panel's images. Names that other panels reverse are Horizon's."""

from __future__ import annotations

from django.urls import URLPattern, path

from helion_images_panel.ui import (
    access_view,
    change_owner,
    downloads,
    inbox,
    metadata_views,
    progress,
    publish,
    sharing_views,
    transfers,
    upload_data,
    uses,
    verify,
    views,
)
from helion_images_panel.ui.scope import PanelScope


def index(scope: PanelScope) -> URLPattern:
    return path("", views.IndexView.as_view(scope=scope), name="index")


def publish_urls(scope: PanelScope) -> list[URLPattern]:
    return [
        path("publish/", publish.PublishView.as_view(scope=scope), name="publish"),
        path(
            "<image_id>/publish/",
            publish.PublishStepView.as_view(scope=scope),
            name="publish_step",
        ),
    ]


def domain_urls(scope: PanelScope) -> list[URLPattern]:
    """What the manager of a domain does: no images are made here, nor is data sent."""
    return [
        index(scope),
        *publish_urls(scope),
        path("uses/", uses.UsesView.as_view(scope=scope), name="uses"),
        path("access/", access_view.AccessView.as_view(scope=scope), name="access"),
        path("<image_id>/update/", views.UpdateView.as_view(scope=scope), name="update"),
        path(
            "<image_id>/metadata/",
            metadata_views.MetadataView.as_view(scope=scope),
            name="metadata",
        ),
        path(
            "<image_id>/metadata/search/",
            metadata_views.MetadataSearchView.as_view(scope=scope),
            name="metadata_search",
        ),
        path("<image_id>/download/", downloads.DownloadView.as_view(scope=scope), name="download"),
        path("<image_id>/verify/", verify.VerifyView.as_view(scope=scope), name="verify"),
        path("<image_id>/detail/", views.DetailView.as_view(scope=scope), name="detail"),
        path("projects/", sharing_views.ProjectsView.as_view(scope=scope), name="projects"),
        path("<image_id>/share/", sharing_views.ShareView.as_view(scope=scope), name="share"),
    ]


def inbox_urls(scope: PanelScope) -> list[URLPattern]:
    """What others share with the project. To stand before `image_urls`, which take any name."""
    return [
        path("shared/", inbox.InboxView.as_view(scope=scope), name="shared"),
        path("shared/count/", inbox.CountView.as_view(scope=scope), name="shared_count"),
    ]


def image_urls(scope: PanelScope, detail_path: str) -> list[URLPattern]:
    """`detail_path` follows the image's ID: the two stock panels differ there."""
    return [
        *publish_urls(scope),
        path("create/", views.CreateView.as_view(scope=scope), name="create"),
        path("progress/", progress.ProgressView.as_view(scope=scope), name="progress"),
        path("uses/", uses.UsesView.as_view(scope=scope), name="uses"),
        path("access/", access_view.AccessView.as_view(scope=scope), name="access"),
        path("projects/", sharing_views.ProjectsView.as_view(scope=scope), name="projects"),
        path("<image_id>/share/", sharing_views.ShareView.as_view(scope=scope), name="share"),
        path("<image_id>/update/", views.UpdateView.as_view(scope=scope), name="update"),
        path(
            "<image_id>/metadata/",
            metadata_views.MetadataView.as_view(scope=scope),
            name="metadata",
        ),
        path(
            "<image_id>/metadata/search/",
            metadata_views.MetadataSearchView.as_view(scope=scope),
            name="metadata_search",
        ),
        path("<image_id>/upload/", transfers.UploadView.as_view(scope=scope), name="upload"),
        path(
            "<image_id>/upload_data/",
            upload_data.UploadDataView.as_view(scope=scope),
            name="upload_data",
        ),
        path("<image_id>/download/", downloads.DownloadView.as_view(scope=scope), name="download"),
        path("<image_id>/verify/", verify.VerifyView.as_view(scope=scope), name="verify"),
        path(f"<image_id>/{detail_path}", views.DetailView.as_view(scope=scope), name="detail"),
    ]


def owner_urls(scope: PanelScope) -> list[URLPattern]:
    """For the Admin panel alone: the other one has no such pages."""
    return [
        path(
            "<image_id>/change_owner/",
            change_owner.ChangeOwnerView.as_view(scope=scope),
            name="change_owner",
        ),
        path(
            "<image_id>/change_owner/search/",
            change_owner.OwnerSearchView.as_view(scope=scope),
            name="owner_search",
        ),
    ]
