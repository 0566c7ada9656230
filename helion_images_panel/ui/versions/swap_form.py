# SPDX-License-Identifier: Apache-2.0
"""The form of Make It the Latest and Roll Back, and what it says before and afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django import forms as django_forms
from django.http import HttpRequest
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _
from horizon import forms

from helion_images_panel import exceptions, policy
from helion_images_panel.core.end_dates import end_dates_of
from helion_images_panel.core.end_rule import EndRule
from helion_images_panel.core.image import Image
from helion_images_panel.core.version_swap import (
    Ends,
    is_former,
    journal_of,
)
from helion_images_panel.publishing import versions
from helion_images_panel.publishing.refusals import TooManyProjects
from helion_images_panel.publishing.version_refusals import RuleChanged
from helion_images_panel.publishing.versions import Swapped
from helion_images_panel.ui.base import labels, messages
from helion_images_panel.ui.base.end_dates import day_label, today
from helion_images_panel.ui.base.fields import CheckBoxField
from helion_images_panel.ui.base.image_form import ImageForm
from helion_images_panel.ui.publish import audiences
from helion_images_panel.ui.versions.end_rule_fields import STEPS, days_field

FINISH, UNDO = "finish", "undo"

#: The fields with which the previous version ends, or goes from the lists.
TAKING_AWAY = ("hides", *STEPS)


class SwapForm(ImageForm):
    """`confirmed` is the version that the user has agreed to replace, `seen` the family's rule
    that the user was shown.
    """

    hides = CheckBoxField(
        label=_("Hide the previous version"),
        required=False,
        help_text=_(
            "Hidden images appear only with the Hidden filter; they can still be used by ID."
        ),
    )
    deprecate_in = days_field(
        _("Deprecate the previous version in (days)"),
        0,
        help_text=_(
            "It is hidden then, and names this version as its replacement: 0 is today. Leave the "
            "field empty for never."
        ),
    )
    deactivate_in = days_field(_("Make it obsolete in (days)"), 1)
    delete_in = days_field(_("Delete it in (days)"), 1)
    begun = forms.ChoiceField(
        label=_("Unfinished Change"),
        choices=[(FINISH, _("Finish it")), (UNDO, _("Undo it"))],
        widget=django_forms.RadioSelect(),
        initial=FINISH,
    )
    confirmed = forms.CharField(required=False, max_length=64, widget=django_forms.HiddenInput())
    seen = django_forms.CharField(required=False, max_length=64, widget=django_forms.HiddenInput())

    def __init__(
        self,
        request: HttpRequest,
        *args: Any,
        image: Image,
        found: Sequence[Image],
        old: Image | None,
        refusal: str | None,
        obstacle: str | None,
        remembered: EndRule = EndRule(),  # noqa: B008 - it cannot be changed
        **kwargs: Any,
    ):
        """:param found: the family's versions
        :param old: the version to replace
        :param refusal: why the user cannot do that; None if possible
        :param obstacle: why a change that has begun cannot be finished
        :param remembered: the family's rule until now
        """
        super().__init__(request, *args, image=image, **kwargs)
        self.found, self.old = found, old
        self.refusal, self.obstacle = refusal, obstacle
        self.remembered = remembered
        if journal_of(image):
            self._leave_out("hides", *STEPS, "seen")
        else:
            self._leave_out("begun")
            if old is None:
                self._leave_out("hides", *STEPS)
            if old is None or is_former(image):
                self._leave_out("seen")
        for name, rule in STEPS.items():
            if old is not None and not policy.allows(request, rule, old):
                self._leave_out(name)

    def _leave_out(self, *names: str) -> None:
        for name in names:
            self.fields.pop(name, None)

    def _rule(self, data: Mapping[str, Any]) -> EndRule:
        return EndRule(*(data.get(name) for name in STEPS))

    def _ends(self, data: Mapping[str, Any]) -> Ends:
        """Return what becomes of the previous version. A roll back leaves the rule as it is, and
        so does a user for days that they may not set.
        """
        if is_former(self.image):
            return Ends(self._rule(data), None)
        values = {name: data.get(name) for name in STEPS if name in self.fields}
        rule = replace(self.remembered, **values)
        return Ends(self._rule(data), rule.written, self.remembered.written)

    def _check_order(self, data: Mapping[str, Any]) -> None:
        """Compare the days that the previous version would have: it may have others already."""
        rule = self._rule(data)
        if self.old is None or rule.is_empty:
            return
        days = rule.dates(end_dates_of(self.old), "", today()).days
        before: date | None = None
        for name, day in zip(STEPS, days, strict=True):
            if day and before and day < before:
                message = _eager(
                    "%(day)s is before the day above. The previous version may have a date "
                    "already: see Set End Dates."
                )
                field = name if name in self.fields else None
                self.add_error(field, message % {"day": day_label(day)})
            before = day or before

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
        if "seen" in self.fields and data.get("seen", "") != self.remembered.written:
            raise django_forms.ValidationError(str(RuleChanged()))
        self._check_order(data)
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
                ends=self._ends(data),
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
