# SPDX-License-Identifier: Apache-2.0
"""The actions of a version: its family, a new version, and the change of the latest one."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from helion_images_panel.core.family import FORMER, family_of
from helion_images_panel.core.image import Image
from helion_images_panel.core.version_swap import journal_of, role_of
from helion_images_panel.ui.base.link_action import ImageLinkAction
from helion_images_panel.ui.versions import rules


class EditFamily(ImageLinkAction):
    name = "family"
    verbose_name = _("Family")
    icon = "clone"
    page = "family"


class NewVersion(ImageLinkAction):
    name = "new_version"
    verbose_name = _("New Version")
    icon = "plus"
    page = "new_version"

    def allowed(self, request: HttpRequest, image: Image | None = None) -> bool:
        return image is not None and rules.may_create_version(request, self.table.scope, image)


class MakeVersion(ImageLinkAction):
    """An image without a family becomes a version of one, with the values of the latest."""

    name = "existing_version"
    verbose_name = _("Make It a Version")
    icon = "clone"
    page = "existing_version"

    def allowed(self, request: HttpRequest, image: Image | None = None) -> bool:
        return image is not None and not family_of(image) and super().allowed(request, image)


class MakeLatest(ImageLinkAction):
    """Also goes on with a change that has broken off."""

    name = "make_latest"
    verbose_name = _("Make It the Latest")
    icon = "arrow-up"
    page = "make_latest"

    def allowed(self, request: HttpRequest, image: Image | None = None) -> bool:
        return (
            image is not None
            and (role_of(image) != FORMER or journal_of(image) is not None)
            and rules.may_make_latest(request, self.table.scope, image)
        )


class RollBack(ImageLinkAction):
    """Makes a version the latest again that was it before."""

    name = "roll_back"
    verbose_name = _("Roll Back to This Version")
    icon = "undo"
    page = "make_latest"

    def allowed(self, request: HttpRequest, image: Image | None = None) -> bool:
        return (
            image is not None
            and role_of(image) == FORMER
            and journal_of(image) is None
            and rules.may_make_latest(request, self.table.scope, image)
        )


#: All of them, in the order of the menu.
VERSION_ACTIONS = (NewVersion, MakeLatest, RollBack, MakeVersion, EditFamily)
