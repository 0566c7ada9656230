# SPDX-License-Identifier: Apache-2.0
"""The page Clean Up: a rule, its preview, and the deletion of what it finds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import shortcuts
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _
from django.views import generic
from horizon import exceptions as horizon_exceptions
from horizon.utils.http import is_ajax

from helion_images_panel import exceptions
from helion_images_panel.api import client
from helion_images_panel.core.query import DELETED
from helion_images_panel.core.rules import KINDS, NUMBERS, Rule
from helion_images_panel.core.stored_rules import MOST_RULES
from helion_images_panel.ui.base import labels, messages, walk
from helion_images_panel.ui.base.errors import reason
from helion_images_panel.ui.base.page_urls import script_urls
from helion_images_panel.ui.base.panel_tabs import panel_tabs
from helion_images_panel.ui.base.views import ScopedView
from helion_images_panel.ui.base.walk import Lists, NotContinued
from helion_images_panel.ui.rules import deleting as deletion
from helion_images_panel.ui.rules import finding, project_limit, sentences, stored, words
from helion_images_panel.ui.rules import preview as previews
from helion_images_panel.ui.rules.deleting import Deleting
from helion_images_panel.ui.rules.preview import Preview
from helion_images_panel.ui.rules.rows import SHOWN, Rows
from helion_images_panel.ui.scopes.scope import PanelScope

#: Maximum number of characters of the field with the projects.
MOST_WRITTEN = 10_000


def _offered(kind: str) -> Rule:
    """Return the rule of this kind as the form offers it."""
    return Rule(kind, NUMBERS[kind][2] if kind in NUMBERS else 0)


_FIRST = _offered(KINDS[0])


def _posted_rule(request: HttpRequest) -> Rule:
    """Return the rule of the form, which may be invalid."""
    kind = request.POST.get("kind", "")
    text = request.POST.get(f"number_{kind}", "") if kind in NUMBERS else "0"
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else -1
    return Rule(kind, number)


def _limited(request: HttpRequest, scope: PanelScope, rule: Rule, written: Sequence[str]) -> Rule:
    """Return the rule for these projects of the panel; raise WrongProjects."""
    found = project_limit.project_ids(request, scope, written) if scope.lists_all_owners else ()
    return replace(rule, projects=tuple(sorted(found)))


class RulesView(ScopedView, generic.TemplateView):
    """Each POST request goes on: with the search for images, or with their deletion.

    A script repeats it, and gets only the state so far. GET ?rule=KIND chooses a rule in the form.
    """

    http_method_names = ["get", "head", "post"]
    page_title = _("Clean Up")
    template_name = "helion_images_panel/rules/page.html"
    state_template_name = "helion_images_panel/rules/_state.html"

    rule = _FIRST
    preview: Preview | None = None
    deleting: Deleting | None = None
    asks = False
    problem = ""
    written = ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        kind = request.GET.get("rule", "")
        if kind in KINDS:
            self.rule = _offered(kind)
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            self._go_on(request.POST)
        except NotContinued:
            self.problem = _eager(
                "The preview could not be continued: projects or roles have changed, or it was "
                "long ago. Nothing more was deleted. Preview again."
            )
        return super().get(request, *args, **kwargs)

    def _go_on(self, posted: Any) -> None:
        if state := posted.get("deleting"):
            self.deleting = deletion.unsealed(state, self.key)
            self.rule = self.deleting.rule
            self.deleting.advance(self.request, self.scope)
        elif state := posted.get("state"):
            self.preview = previews.unsealed(state, self.key)
            self.rule = self.preview.rule
            self._go_on_with(self.preview, posted)
        else:
            self.rule = _posted_rule(self.request)
            self.written = posted.get("projects", "")[:MOST_WRITTEN]
            if self.rule.is_valid:
                self._begin()
            else:
                self.problem = self._invalid()

    def _begin(self) -> None:
        try:
            self.rule = _limited(self.request, self.scope, self.rule, self.written.splitlines())
        except project_limit.WrongProjects as error:
            self.problem = str(error)
            return
        self.preview = previews.begun(self.rule)
        self._advance(self.preview)

    def _go_on_with(self, preview: Preview, posted: Any) -> None:
        if not preview.is_whole:
            self._advance(preview)
        elif "delete" in posted and preview.found:
            self.deleting = Deleting.of(preview)
            self.preview = None
            self.deleting.advance(self.request, self.scope)
        else:
            self.asks = "ask" in posted and bool(preview.found)

    def _advance(self, preview: Preview) -> None:
        try:
            lists = project_limit.lists_of(self.lists, preview.rule)
            finding.advance(self.request, self.scope, lists, preview)
        except exceptions.ImageServiceError as error:
            # All images at which it could go on were deleted.
            if error.status not in (400, 404) or not preview.walk.markers:
                raise
            raise NotContinued() from error

    def _invalid(self) -> str:
        if self.rule.kind not in NUMBERS:
            self.rule = _FIRST
            return _eager("Choose a rule.")
        least, most, _number = NUMBERS[self.rule.kind]
        self.rule = _offered(self.rule.kind)
        message = _eager("Enter a number from %(least)s to %(most)s.")
        return message % {"least": least, "most": most}

    @cached_property
    def lists(self) -> Lists:
        return self.scope.owned_lists(self.request)

    @cached_property
    def key(self) -> str:
        """What states are signed for: the region as well."""
        name = f"rules.{walk.name_of(self.request, self.scope, self.lists)}"
        return client.cache_key(self.request, name)

    def get_template_names(self) -> list[str]:
        is_of_script = self.request.method == "POST" and is_ajax(self.request)
        return [self.state_template_name if is_of_script else self.template_name]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = {
            **super().get_context_data(**kwargs),
            "page_title": self.page_title,
            "rules_url": self.scope.url_in_domain("rules"),
            "problem": self.problem,
            "rule": self.rule,
            "rule_label": words.rule_label(self.rule),
            "rule_limit": project_limit.sentence(self.request, self.scope, self.rule),
            "shows_project": self.scope.lists_all_owners,
            "written": self.written or self._written_names(),
        }
        if self.get_template_names() == [self.template_name]:
            context |= self._around()
        if self.deleting:
            context |= self._of_deleting(self.deleting)
        elif self.preview:
            context |= self._of_preview(self.preview)
        return context

    def _written_names(self) -> str:
        """Return the projects of a preview that goes on, as the form has them."""
        return "\n".join(self.rule.projects)

    def _around(self) -> dict[str, Any]:
        return {
            **script_urls(self.request, self.scope),
            "panel_tabs": panel_tabs(self.request, self.scope, "rules"),
            "choices": words.choices(self.rule),
            "stored": stored.section(self.request, self.scope),
            "stores_url": self.scope.url_in_domain("stored_rules")
            if self.scope.stores_rules
            else "",
        }

    def _of_preview(self, preview: Preview) -> dict[str, Any]:
        context = {
            "preview": preview,
            "state": previews.sealed(preview, self.key),
            "said": sentences.progress(preview.percent),
            "so_far": sentences.looked_at(preview.images),
        }
        if not preview.is_whole:
            return context
        rows = Rows(self.request, self.scope, preview)
        count, images = len(preview.found), rows.images()
        return context | {
            "said": sentences.found_title(count),
            "asks": self.asks,
            "images": images[:SHOWN],
            "further_images": images[SHOWN:],
            "further_label": sentences.further_rows(len(images) - SHOWN),
            "projects": rows.by_project(),
            "freed": sentences.freed(preview.rule, preview.size_bytes) if count else "",
            "kept": rows.kept(),
            "notes": sentences.notes(preview),
            "delete_label": sentences.delete_label(count),
            "question": sentences.question(count),
            "effect": sentences.effect(preview.rule),
            "stores_url": self.scope.url_in_domain("stored_rules")
            if self.scope.stores_rules
            else "",
        }

    def _of_deleting(self, deleting: Deleting) -> dict[str, Any]:
        context = {
            "deleting": deleting,
            "state": deletion.sealed(deleting, self.key),
            "said": sentences.deleting(deleting.done, deleting.total),
        }
        if not deleting.is_over:
            return context
        failed = sum(each.images for each in deleting.failures.values())
        return context | {
            "said": sentences.deleted(deleting.rule, deleting.deleted),
            "not_deleted": sentences.not_deleted(failed) if failed else "",
            "failures": [
                (reason, each.names, sentences.more(each.unnamed) if each.unnamed else "")
                for reason, each in deleting.failures.items()
            ],
            "deleted_url": self.scope.url_in_domain("index", view=DELETED)
            if deleting.deleted and deleting.rule.needs_uses
            else "",
        }


class StoredRulesView(ScopedView, generic.View):
    """POST kind=… number_KIND=… project=ID…: store a rule, for these projects or for all; with
    remove=…, remove the one of this kind for them.
    """

    http_method_names = ["post"]

    def check(self) -> None:
        if not self.scope.stores_rules:
            raise horizon_exceptions.NotAuthorized()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        kind, rule = request.POST.get("kind", ""), _posted_rule(request)
        posted = request.POST.getlist("project")
        try:
            if "remove" in request.POST and kind in KINDS:
                # Projects may have been deleted since.
                stored.remove(request, self.scope, Rule(kind, 0, tuple(sorted(posted))))
                messages.success(request, _eager("The rule is not applied any more."))
            elif rule.is_valid:
                rule = _limited(request, self.scope, rule, posted)
                stored.store(request, self.scope, rule)
                message = _eager("The lifecycle command applies this rule from now on: %(rule)s.")
                text = message % {"rule": words.rule_label(rule)}
                limit = project_limit.sentence(request, self.scope, rule)
                messages.success(request, labels.inert(f"{text} {limit}".rstrip()))
            else:
                messages.error(request, _eager("Choose a rule."))
        except project_limit.WrongProjects as error:
            messages.error(request, labels.inert(str(error)))
        except stored.TooManyRules:
            message = _eager("A domain can have %(count)s stored rules. Remove one of them first.")
            messages.error(request, message % {"count": MOST_RULES})
        except exceptions.ImageForbidden as error:
            message = _eager(
                "The rule could not be stored: the image service does not allow you to change "
                "metadata definitions. %(reason)s"
            )
            messages.error(request, message % {"reason": reason(error)})
        return shortcuts.redirect(self.scope.url_in_domain("rules"))
