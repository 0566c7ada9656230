# SPDX-License-Identifier: Apache-2.0
"""Set End Dates: the days on which an image is deprecated, obsolete and deleted, and until which
it is protected.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms as django_forms
from django.http import HttpRequest
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _
from horizon import forms

from helion_images_panel import exceptions, policy
from helion_images_panel.core.end_dates import OBSOLETE, EndDates, end_dates_of
from helion_images_panel.core.image import Image
from helion_images_panel.publishing.end_dates import set_dates
from helion_images_panel.ui.base import labels, messages
from helion_images_panel.ui.base.change_form import not_confirmed
from helion_images_panel.ui.base.end_dates import sentences, today
from helion_images_panel.ui.base.image_form import ImageForm
from helion_images_panel.ui.end_dates import replacements
from helion_images_panel.ui.scopes.scope import PanelScope

#: The fields for days, in the order of the days, each with the policy that its step needs.
_RULES: Mapping[str, str] = {
    "deprecate_on": policy.MODIFY_IMAGE,
    "deactivate_on": policy.DEACTIVATE,
    "delete_on": policy.DELETE_IMAGE,
}

#: The fields with which the image ends, step by step.
DAYS_OF_STEPS = tuple(_RULES)

#: All fields for days, as `EndDates` has them.
_DAYS = (*_RULES, "protect_until")


class DayField(forms.DateField):
    """A day as the browser's own field for dates has it."""

    def __init__(self, **kwargs: Any):
        widget = django_forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(required=False, input_formats=["%Y-%m-%d"], widget=widget, **kwargs)


class EndDatesForm(ImageForm):
    """`seen` are the dates that the user was shown."""

    # Horizon gives the focus to the first field for text, which those for days are not.
    replacement = forms.CharField(
        label=_("Replacement"),
        required=False,
        max_length=255,
        help_text=_("The name or ID of the image to use instead."),
        widget=django_forms.TextInput(attrs={"data-hip-lookup": ""}),
    )
    deprecate_on = DayField(
        label=_("Deprecated From"),
        help_text=_("From this day on the image is hidden. It can still be used by its ID."),
    )
    deactivate_on = DayField(
        label=_("Obsolete From"),
        help_text=_("From this day on the image is deactivated, too."),
    )
    delete_on = DayField(label=_("Deleted On"))
    protect_until = DayField(
        label=_("Protected Until"),
        help_text=_("Until this day the image is protected: it cannot be deleted."),
    )
    replacement_id = forms.CharField(
        required=False,
        max_length=64,
        widget=django_forms.HiddenInput(attrs={"data-hip-chosen": ""}),
    )
    seen = forms.CharField(required=False, max_length=255, widget=django_forms.HiddenInput())

    def __init__(
        self, request: HttpRequest, *args: Any, image: Image, scope: PanelScope, **kwargs: Any
    ):
        super().__init__(request, *args, image=image, **kwargs)
        self.scope = scope
        for name, rule in _RULES.items():
            if not policy.allows(request, rule, image):
                # What somebody else has set stays as it is.
                self.fields[name].disabled = True
                self.fields[name].help_text = _eager("Your roles do not allow you to set this day.")

    @staticmethod
    def initial_of(image: Image, replacement_name: str) -> dict[str, Any]:
        dates = end_dates_of(image) or EndDates()
        return {
            **{name: getattr(dates, name) for name in _DAYS},
            "replacement": replacement_name,
            "replacement_id": dates.replacement,
            "seen": _text(dates),
        }

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        self._check_days(data)
        current = end_dates_of(self.image) or EndDates()
        if data.get("seen", "") != _text(current):
            raise django_forms.ValidationError(
                _("Another user has changed these dates in the meantime. Open the form again.")
            )
        data["replacement_id"] = self._replacement(data, current)
        if not self.errors and self._wakes(current, data) and not self._may_reactivate:
            self.add_error(
                "deactivate_on",
                _eager("The image is deactivated. Your roles do not allow you to reactivate it."),
            )
        return data

    def _check_days(self, data: Mapping[str, Any]) -> None:
        before: date | None = None
        for name in _RULES:
            day = data.get(name)
            if day and before and day < before:
                self.add_error(
                    name, _eager("This day is before the one above. Change one of them.")
                )
            before = day or before
        for name, message in (
            (
                "delete_on",
                _("Enter a day after today. To delete the image now, select Delete Image."),
            ),
            ("protect_until", _("Enter a day after today.")),
        ):
            day = data.get(name)
            if day and day <= today() and name in self.changed_data:
                self.add_error(name, message)

    def _replacement(self, data: Mapping[str, Any], current: EndDates) -> str:
        """Return the ID of the replacement; empty for none."""
        text = (data.get("replacement") or "").strip()
        # Without its script the page keeps the ID of the image that was chosen before.
        is_other = "replacement" in self.changed_data
        is_chosen = "replacement_id" in self.changed_data or not is_other
        id_or_name = (is_chosen and data.get("replacement_id")) or text
        if not text or not any(data.get(name) for name in _RULES):
            # What stands there from before goes with the last day.
            if text and is_other:
                self.add_error(
                    "replacement", _eager("Enter a day from which it is to be used instead.")
                )
            return ""
        if id_or_name == current.replacement:
            # It may have been deleted since then.
            return current.replacement
        try:
            return replacements.look_up(self.request, self.scope, self.image, id_or_name).id
        except replacements.NoReplacement as error:
            self.add_error("replacement", str(error))
            return ""

    def _wakes(self, current: EndDates, data: Mapping[str, Any]) -> bool:
        """Whether the image was deactivated for its day, which is put off."""
        was_obsolete = current.state(today()) == OBSOLETE and self.image.status == "deactivated"
        return was_obsolete and self._dates(data).state(today()) != OBSOLETE

    @property
    def _may_reactivate(self) -> bool:
        return policy.allows(self.request, policy.REACTIVATE, self.image)

    def _dates(self, data: Mapping[str, Any]) -> EndDates:
        first, second, third, fourth = (data.get(name) for name in _DAYS)
        return EndDates(first, second, third, fourth, data.get("replacement_id") or "")

    def handle(self, request: HttpRequest, data: dict[str, Any]) -> bool:
        dates, shown = self._dates(data), labels.inert(self.image.display_name)
        if _text(dates) == data["seen"]:
            messages.info(request, _eager("Image %(image)s was not changed.") % {"image": shown})
            return True
        try:
            set_dates(request, self.image, dates, today())
        except exceptions.UnexpectedResponse as error:
            self.change_refused(error, not_confirmed(error))
            return False
        except exceptions.ImageServiceError as error:
            message = _eager(
                "The dates were not set, or not all that they ask for was done. %(reason)s"
            ) % {"reason": error}
            self.change_refused(error, message)
            return False
        messages.success(request, f"{shown}: {self._outcome(dates)}")
        return True

    def _outcome(self, dates: EndDates) -> str:
        if dates.is_empty:
            return _eager("The dates were removed.")
        is_protected = self.image.protected or dates.protect_until is not None
        return " ".join(sentences(dates, is_protected))


def _text(dates: EndDates) -> str:
    days = (day.isoformat() if day else "" for day in (*dates.days, dates.protect_until))
    return ",".join((*days, dates.replacement))
