# SPDX-License-Identifier: Apache-2.0
"""Set End Rule: the days after which a version ends that is not the latest any more.

The rule is in the record of the latest version. Make It the Latest offers it for the previous
one, and writes it into the record of the next.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django import forms as django_forms
from django.http import HttpRequest
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _

from helion_images_panel import exceptions, policy
from helion_images_panel.api import families
from helion_images_panel.core.end_rule import EndRule, remembered_rule
from helion_images_panel.core.family import LATEST, family_of
from helion_images_panel.core.image import Image
from helion_images_panel.core.version_swap import record_with, role_of, unfinished
from helion_images_panel.publishing.held_image import hold
from helion_images_panel.publishing.version_refusals import (
    FamilyChanged,
    NoVersion,
    RuleChanged,
    Unfinished,
)
from helion_images_panel.ui.base import labels, messages
from helion_images_panel.ui.base.change_form import not_confirmed
from helion_images_panel.ui.base.image_form import ImageForm
from helion_images_panel.ui.versions.end_rule import sentences
from helion_images_panel.ui.versions.end_rule_fields import STEPS, days_field


class EndRuleForm(ImageForm):
    """`seen` is the rule that the user was shown."""

    deprecate_in = days_field(
        _("Deprecate the previous version in (days)"),
        0,
        help_text=_(
            "0 is the day on which another version becomes the latest. Leave a field empty for "
            "never."
        ),
    )
    deactivate_in = days_field(_("Make it obsolete in (days)"), 1)
    delete_in = days_field(_("Delete it in (days)"), 1)
    seen = django_forms.CharField(required=False, max_length=64, widget=django_forms.HiddenInput())

    def __init__(
        self, request: HttpRequest, *args: Any, image: Image, refusal: str | None, **kwargs: Any
    ):
        """:param refusal: why the rule cannot be set now; None if it can"""
        super().__init__(request, *args, image=image, **kwargs)
        self.refusal = refusal
        self.current = remembered_rule(image)
        for name, rule in STEPS.items():
            if not policy.allows(request, rule, image):
                # What somebody else has set stays as it is.
                self.fields[name].disabled = True
                self.fields[name].help_text = _eager("Your roles do not allow you to set this day.")

    @staticmethod
    def initial_of(image: Image) -> dict[str, Any]:
        rule = remembered_rule(image)
        return {**asdict(rule), "seen": rule.written}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        if self.refusal:
            raise django_forms.ValidationError(self.refusal)
        if data.get("seen", "") != self.current.written:
            raise django_forms.ValidationError(str(RuleChanged()))
        before: int | None = None
        for name in STEPS:
            days = data.get(name)
            if days is not None and before is not None and days < before:
                self.add_error(name, _eager("These are fewer days than above. Change one of them."))
            before = before if days is None else days
        return data

    def _rule(self, data: Mapping[str, Any]) -> EndRule:
        return EndRule(*(data.get(name) for name in STEPS))

    def handle(self, request: HttpRequest, data: dict[str, Any]) -> bool:
        rule, family = self._rule(data), labels.inert(family_of(self.image))
        if rule == self.current:
            messages.info(
                request, _eager("The end rule of %(family)s was not changed.") % {"family": family}
            )
            return True
        try:
            self._write(request, rule)
        except exceptions.UnexpectedResponse as error:
            self.change_refused(error, not_confirmed(error))
            return False
        except exceptions.ImageServiceError as error:
            message = _eager("The end rule was not changed. %(reason)s") % {"reason": error}
            self.change_refused(error, message)
            return False
        messages.success(request, outcome(family, rule))
        return True

    def _write(self, request: HttpRequest, rule: EndRule) -> None:
        """Write the rule while no version becomes the latest, and if no such change is unfinished.
        Two requests more than for the image.
        """
        with hold(request, self.image) as held:
            image = held.current.image
            family = family_of(self.image)
            if family_of(image) != family:
                raise NoVersion()
            # A change that has begun has its journal on the new version.
            if other := unfinished(families.all_versions(request, image.owner or "", family)):
                raise Unfinished(other)
            if role_of(image) != LATEST:
                raise FamilyChanged()
            if remembered_rule(image) != self.current:
                raise RuleChanged()
            changes = record_with(image, LATEST, ends=rule.written)
            held.write(image.visibility, held.current.publication, changes)


def outcome(family: str, rule: EndRule) -> str:
    """:param family: the name as text for AngularJS's page"""
    if rule.is_empty:
        return _eager("The end rule of %(family)s was removed.") % {"family": family}
    # Translators: the rule is one or more whole sentences, such as "It is deprecated at once."
    return _eager("Rule for the previous version of %(family)s: %(rule)s") % {
        "family": family,
        "rule": " ".join(sentences(rule)),
    }
