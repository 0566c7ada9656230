# SPDX-License-Identifier: Apache-2.0
"""The form of Make It the Latest and Roll Back, and what it says before and afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms as django_forms
from django.http import HttpRequest
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from horizon import forms

from helion_images_panel import exceptions
from helion_images_panel.core.access import MemberCounts
from helion_images_panel.core.image import Image
from helion_images_panel.core.publication import DOMAIN, publication_of
from helion_images_panel.core.version_swap import (
    Journal,
    dated_name,
    journal_of,
    plain_name,
    version_of,
)
from helion_images_panel.core.visible_text import isolated
from helion_images_panel.publishing import versions
from helion_images_panel.publishing.refusals import TooManyProjects
from helion_images_panel.publishing.versions import Swapped
from helion_images_panel.ui.base import labels, messages
from helion_images_panel.ui.base.fields import CheckBoxField
from helion_images_panel.ui.base.image_form import ImageForm
from helion_images_panel.ui.publish import audiences

FINISH, UNDO = "finish", "undo"


class SwapForm(ImageForm):
    """`confirmed` is the version that the user has agreed to replace."""

    hides = CheckBoxField(
        label=_("Hide the previous version"),
        required=False,
        help_text=_(
            "Hidden images appear only with the Hidden filter; they can still be used by ID."
        ),
    )
    begun = forms.ChoiceField(
        label=_("Unfinished Change"),
        choices=[(FINISH, _("Finish it")), (UNDO, _("Undo it"))],
        widget=django_forms.RadioSelect(),
        initial=FINISH,
    )
    confirmed = forms.CharField(required=False, max_length=64, widget=django_forms.HiddenInput())

    def __init__(
        self,
        request: HttpRequest,
        *args: Any,
        image: Image,
        found: Sequence[Image],
        old: Image | None,
        refusal: str | None,
        obstacle: str | None,
        **kwargs: Any,
    ):
        """:param found: the family's versions
        :param old: the version to replace
        :param refusal: why the user cannot do that; None if possible
        :param obstacle: why a change that has begun cannot be finished
        """
        super().__init__(request, *args, image=image, **kwargs)
        self.found, self.old = found, old
        self.refusal, self.obstacle = refusal, obstacle
        if journal_of(image):
            del self.fields["hides"]
        else:
            del self.fields["begun"]
            if old is None:
                del self.fields["hides"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        if self.refusal and not self.obstacle and data.get("begun") != UNDO:
            raise django_forms.ValidationError(self.refusal)
        if data.get("confirmed", "") != (self.old.id if self.old else ""):
            raise django_forms.ValidationError(
                _eager(
                    "Another version has become the latest one in the meantime. Close this window, "
                    "and try again."
                )
            )
        return data

    def handle(self, request: HttpRequest, data: dict[str, Any]) -> bool:
        try:
            swapped = versions.make_latest(
                request,
                self.image,
                self.found,
                audiences.accepting_requests(request),
                lambda image: audiences.owners_domain(request, image),
                hides=bool(data.get("hides")),
                undoes=data.get("begun") == UNDO or bool(self.obstacle),
            )
        except exceptions.ImageServiceError as error:
            self.change_refused(error, _broken_off(error))
            return False
        if swapped.state == versions.UNDONE and self.obstacle:
            swapped = replace(swapped, reason=self.obstacle)
        add = messages.info if swapped.reason else messages.success
        add(request, result(swapped))
        return True


def _broken_off(error: exceptions.ImageServiceError) -> str:
    if isinstance(error, TooManyProjects):
        return _eager(
            "The version would have %(members)s members; the limit of this cloud is %(limit)s. "
            "Open this window again to undo the change, or ask the cloud's operator for a higher "
            "limit."
        ) % {"members": error.members_after, "limit": error.limit}
    if error.status is not None and 400 <= error.status < 500:
        return str(error)
    return _eager(
        "%(reason)s The change may be done in part. Open this window again to finish or undo it."
    ) % {"reason": error}


def result(swapped: Swapped) -> str:
    """Return how it ended, as a sentence for AngularJS's page."""
    values = {"image": labels.inert(swapped.new.display_name), "reason": swapped.reason}
    if swapped.state == versions.UNCHANGED:
        return _eager("%(image)s is the latest version already.") % values
    if swapped.state == versions.UNDONE and swapped.reason:
        # Translators: the reason is a whole sentence.
        return _eager("The unfinished change of %(image)s was undone. %(reason)s") % values
    if swapped.state == versions.UNDONE:
        return _eager("The unfinished change of %(image)s was undone.") % values
    if swapped.was_begun:
        return _eager("The change is finished: %(image)s is the latest version now.") % values
    return _eager("%(image)s is the latest version now.") % values


def consequences(image: Image, old: Image | None, counts: MemberCounts | None) -> list[str]:
    """Return what the change does to names, access and protection.

    :param counts: the members of the old version; None if they are not known
    """
    journal = journal_of(image)
    return [*_names(image, old, journal), *_audience(image, old, counts), *_protection(image, old)]


def _names(image: Image, old: Image | None, journal: Journal | None) -> list[str]:
    plain = journal.plain if journal else plain_name(old or image)
    lines = []
    if (image.name or "") != plain:
        lines.append(
            _eager("%(image)s is renamed to %(name)s.")
            % {"image": image.display_name, "name": isolated(plain)}
        )
    if old is not None:
        dated = dated_name(plain, version_of(old))
        lines.append(
            _eager("The previous version, %(image)s, is renamed to %(name)s.")
            % {"image": old.display_name, "name": isolated(dated)}
        )
    return lines


def _audience(image: Image, old: Image | None, counts: MemberCounts | None) -> list[str]:
    if old is None or old.visibility == "private":
        return [_eager("The access to this version does not change.")]
    kept = _eager(
        "The previous version keeps its access: instances that were launched from it can still be "
        "rebuilt."
    )
    if image.visibility == "public" or image.visibility == old.visibility == "community":
        return [_eager("The access to this version does not change."), kept]
    if old.visibility == "public":
        return [
            _eager("Every project of this cloud gets this version, as it has the previous one."),
            kept,
        ]
    if old.visibility == "community":
        return [_eager("This version becomes a community image, as the previous one is."), kept]
    publication = publication_of(old)
    lines = []
    if publication is not None and publication.audience == DOMAIN:
        lines.append(_eager("This version is published to all projects of the domain."))
    shared = counts.accepted + counts.pending if counts else 0
    if shared:
        lines.append(
            ngettext(
                "%(count)s project that has the previous version gets this one, with its response "
                "as far as you may give it.",
                "%(count)s projects that have the previous version get this one, with their "
                "responses as far as you may give them.",
                shared,
            )
            % {"count": shared}
        )
    return [*lines, kept]


def _protection(image: Image, old: Image | None) -> list[str]:
    if old is not None and old.protected and not image.protected:
        return [_eager("This version is protected, as the previous one is.")]
    return []
