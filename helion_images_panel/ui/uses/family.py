# SPDX-License-Identifier: Apache-2.0
"""The family of an image, in the tab Used By: which version it is, and which is the latest."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _

from helion_images_panel.api import families, forgiven
from helion_images_panel.core.family import FORMER, LATEST, family_record
from helion_images_panel.core.image import Image
from helion_images_panel.core.uses import Use
from helion_images_panel.core.version_swap import current_latest, version_of
from helion_images_panel.exceptions import ImageServiceError
from helion_images_panel.ui.base.page_urls import tab_url
from helion_images_panel.ui.scopes.scope import PanelScope

#: Slug of the tab with all versions, which is in a room further up.
_VERSIONS = "versions"


@dataclass(frozen=True)
class ShownFamily:
    """:ivar latest: the latest version, if that is another image; None if it is not known
    :ivar failure: why it is not known
    """

    name: str
    version: str
    sentence: str
    url: str
    latest: Use | None
    latest_url: str
    failure: str


def latest_version(
    request: HttpRequest, scope: PanelScope, image: Image
) -> Use | ImageServiceError | None:
    """Return the latest version of the image's family, if that is another image which the user
    may see; the error if Glance does not return it. Two requests for a version that is not the
    latest, otherwise none.
    """
    record = family_record(image)
    if record is None or record.role == LATEST:
        return None
    try:
        acting = scope.request_for(request, image)
        versions = families.all_versions(acting, image.owner or "", record.name)
        latest = current_latest(versions, image)
        if latest is None or not scope.may_read(request, latest):
            return None
    except ImageServiceError as error:
        forgiven.log("the latest version of a family", error)
        return error
    return Use(latest.id, latest.bare_name, latest.owner or "")


def shown(
    scope: PanelScope, image: Image, latest: Use | ImageServiceError | None
) -> ShownFamily | None:
    """Return what the tab shows of the family; None for an image without one.

    :param latest: see `latest_version`
    """
    record = family_record(image)
    if record is None:
        return None
    found = latest if isinstance(latest, Use) else None
    message = _("Unable to retrieve the latest version. %(reason)s")
    return ShownFamily(
        name=record.name,
        version=version_of(image),
        sentence=_sentence(record.role),
        url=tab_url(scope, image.id, _VERSIONS),
        latest=found,
        latest_url=scope.url_in_domain("detail", found.id) if found else "",
        failure=message % {"reason": latest} if isinstance(latest, ImageServiceError) else "",
    )


def _sentence(role: str) -> str:
    if role == LATEST:
        return _("This is the latest version.")
    if role == FORMER:
        return _("This is an earlier version.")
    return _("This is a new version, which is not the latest yet.")
