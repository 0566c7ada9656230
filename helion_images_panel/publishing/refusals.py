# SPDX-License-Identifier: Apache-2.0
"""Reasons why an image is not published or unpublished, with messages for users."""

from __future__ import annotations

from django.utils.translation import gettext as _

from helion_images_panel.exceptions import ImageServiceError


class TooManyProjects(ImageServiceError):
    """The image would exceed the cloud's limit of members."""

    def __init__(self, members_after: int, limit: int):
        super().__init__(f"{members_after} members, {limit} at the most", 413)
        self.members_after = members_after
        self.limit = limit


class RecordTooLong(ImageServiceError):
    """The list of the projects would not fit into a property of the image."""

    def __init__(self, projects: int) -> None:
        super().__init__(
            _(
                "The domain has %(projects)s projects: the image cannot record that many. Nothing "
                "was changed. Make the image public instead."
            )
            % {"projects": projects},
            409,
        )


class PublishedElsewhere(ImageServiceError):
    """Projects of another domain still have the image, and would keep it for good."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "The image is still published to the domain of its previous owner. Unpublish it "
                "first."
            ),
            409,
        )


class PublishedToDomain(ImageServiceError):
    """A plain change of visibility would leave the image with the domain's projects."""

    def __init__(self) -> None:
        super().__init__(_("The image is published to a domain. Unpublish it first."), 409)


class Deleted(ImageServiceError):
    """The image is deleted, and would be taken from its projects twice, or given back too early."""

    def __init__(self) -> None:
        super().__init__(_("The image is deleted. Restore it first."), 409)


class Unpublished(ImageServiceError):
    """The image was unpublished after the user saw it."""

    def __init__(self) -> None:
        super().__init__(_("Another user has unpublished the image."), 409)


class OwnerChanged(ImageServiceError):
    """The image has another owner than when the user saw it, perhaps in another domain."""

    def __init__(self) -> None:
        super().__init__(_("The image now belongs to another project."), 409)


class BeingPublished(ImageServiceError):
    """Another page, another user or the sync command is publishing the image."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "The image is being published or unpublished by another request. Try again in a "
                "moment."
            ),
            409,
        )


class NoLock(ImageServiceError):
    """The cache, which has the lock of publishing, fails."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "The image cannot be locked against other changes, because the cache of the "
                "dashboard does not respond. Try again in a moment. If this message appears "
                "again, contact your administrator."
            ),
            503,
        )
