# SPDX-License-Identifier: Apache-2.0
"""The pictures of the documentation that `tox -e pictures` takes of the panel."""

#: Names of files in doc/source/images, without their ending.
PICTURES = (
    "project-images",
    "essentials",
    "image-details",
    "create-image",
    "uploads",
    "share-image",
    "publish-image",
)
