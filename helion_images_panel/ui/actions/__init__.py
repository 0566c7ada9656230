# SPDX-License-Identifier: Apache-2.0
"""What can be done to images that stand in the table."""

from helion_images_panel.ui.actions.batch import ImageBatchAction
from helion_images_panel.ui.actions.community import CommunitizeImage, UncommunitizeImage
from helion_images_panel.ui.actions.deactivate import DeactivateImage, ReactivateImage
from helion_images_panel.ui.actions.delete import DeleteImage
from helion_images_panel.ui.actions.hide import HideImage, UnhideImage
from helion_images_panel.ui.actions.links import (
    CreateImage,
    CreateVolume,
    DownloadImage,
    EditImage,
    LaunchInstance,
    UpdateMetadata,
    UploadData,
)
from helion_images_panel.ui.actions.protect import ProtectImage, UnprotectImage
from helion_images_panel.ui.actions.publish import PublishImage, UnpublishImage
from helion_images_panel.ui.changeable import may_upload_data, not_changeable

__all__ = [
    "CommunitizeImage",
    "CreateImage",
    "CreateVolume",
    "DeactivateImage",
    "DeleteImage",
    "DownloadImage",
    "EditImage",
    "HideImage",
    "ImageBatchAction",
    "LaunchInstance",
    "ProtectImage",
    "PublishImage",
    "ReactivateImage",
    "UncommunitizeImage",
    "UnhideImage",
    "UnprotectImage",
    "UnpublishImage",
    "UpdateMetadata",
    "UploadData",
    "may_upload_data",
    "not_changeable",
]
