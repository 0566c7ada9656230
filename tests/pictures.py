# SPDX-License-Identifier: Apache-2.0
"""The pictures of the documentation that the browser tests take of the panel."""

#: Names of files in doc/source/images, without their ending, in the order in which they are taken.
PICTURES = (
    "project-images",
    "essentials",
    "image-details",
    "filters",
    "image-menu",
    "create-image",
    "create-from-url",
    "create-several",
    "uploads",
    "verified",
    "upload-data",
    "edit-image",
    "update-metadata",
    "delete-images",
    "end-dates",
    "deleted-images",
    "storage",
    "share-image",
    "access",
    "shared-with-me",
    "create-access",
    "admin-images",
    "publish-image",
    "change-owner",
    "stores",
    "official-images",
    "clean-up",
    "versions",
)
