# SPDX-License-Identifier: Apache-2.0
"""Shared with Me: images that other projects share with this one, and the answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import shortcuts
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from django.views import generic
from horizon import exceptions as horizon_exceptions
from horizon import messages, tables

from helion_images_panel import exceptions, policy
from helion_images_panel.api import members as api
from helion_images_panel.api.members import Received
from helion_images_panel.api.parallel import in_parallel
from helion_images_panel.core.image import Image, Member
from helion_images_panel.ui import batch, text
from helion_images_panel.ui.answers import JsonAnswers
from helion_images_panel.ui.columns import NOT_ON_PHONES, NameColumn, TextColumn
from helion_images_panel.ui.members import names_of
from helion_images_panel.ui.own_actions import OwnActions
from helion_images_panel.ui.pills import pills
from helion_images_panel.ui.views import ScopedView, script_urls

#: Images that are read of each kind of answer.
LIMIT = 100

#: Shared images that an admin's page looks through, at a call for each.
ADMIN_LIMIT = 200

STATUSES = ("pending", "accepted", "rejected")


@dataclass(frozen=True)
class Row:
    image: Image
    member: Member
    owner: str

    @property
    def id(self) -> str:
        return self.image.id


class Answer(tables.BatchAction):
    """Says yes or no for the active project, as often as it changes its mind."""

    answer: str

    def allowed(self, request: HttpRequest, row: Row | None = None) -> bool:
        if not policy.allows_member(request, policy.MODIFY_MEMBER):
            return False
        return row is None or row.member.status != self.answer

    def handle(self, table: Any, request: HttpRequest, obj_ids: Sequence[str]) -> HttpResponse:
        if not self.allowed(request):
            raise horizon_exceptions.NotAuthorized()
        project_id = request.user.project_id
        outcomes = batch.run(
            request,
            table.scope,
            obj_ids,
            lambda image: _refusal(image, project_id),
            lambda image: api.member_update(request, image.id, project_id, self.answer),
        )
        if outcomes and all(outcome.missing for outcome in outcomes):
            raise Http404(outcomes[0].failure)
        done = [text.inert(outcome.name) for outcome in outcomes if not outcome.failure]
        failed = [outcome for outcome in outcomes if outcome.failure]
        if done:
            words = {"action": self._get_action_name(done, past=True), "images": ", ".join(done)}
            messages.success(request, _eager("%(action)s: %(images)s") % words)
        if failed:
            reasons = "; ".join(f"{outcome.name} – {outcome.failure}" for outcome in failed)
            words = {"action": self._get_action_name(failed), "images": text.inert(reasons)}
            messages.error(request, _eager("%(action)s failed: %(images)s") % words)
        return shortcuts.redirect(_came_from(request, table.scope, obj_ids))


def _refusal(image: Image, project_id: str) -> str | None:
    if image.owner == project_id:
        return _eager("The image is this project's own.")
    if image.visibility != "shared":
        return _eager("The image is not shared project by project any more.")
    return None


def _came_from(request: HttpRequest, scope: Any, image_ids: Sequence[str]) -> str:
    """The details, where the answer was given there; else this page."""
    if request.POST.get("from") == "details" and len(image_ids) == 1:
        return f"{scope.url('detail', image_ids[0])}?tab=image_details__access"
    return str(scope.url("shared"))


class AcceptImage(Answer):
    name = "accept"
    icon = "check"
    answer = "accepted"

    @staticmethod
    def action_present(count: int) -> Any:
        return ngettext_lazy("Accept Image", "Accept Images", count)

    @staticmethod
    def action_past(count: int) -> Any:
        return ngettext_lazy("Accepted Image", "Accepted Images", count)


class RejectImage(Answer):
    name = "reject"
    icon = "times"
    answer = "rejected"
    action_type = "danger"  # Horizon then asks for confirmation
    help_text = _(
        "The image leaves this project's list. It can be accepted here again, and instances that "
        "were launched from it keep running."
    )

    @staticmethod
    def action_present(count: int) -> Any:
        return ngettext_lazy("Reject Image", "Reject Images", count)

    @staticmethod
    def action_past(count: int) -> Any:
        return ngettext_lazy("Rejected Image", "Rejected Images", count)


class InboxTable(OwnActions, tables.DataTable):
    name = NameColumn(
        lambda row: row.image.display_name, verbose_name=_("Name"), link=True, classes=("hip-name",)
    )
    owner = TextColumn(lambda row: row.owner, verbose_name=_("Shared By"), classes=("hip-owner",))
    status = TextColumn(
        lambda row: text.MEMBER_STATUS_LABELS.get(row.member.status, row.member.status),
        verbose_name=_("Answer"),
    )
    disk_format = TextColumn(
        lambda row: text.format_label(row.image.format),
        verbose_name=_("Format"),
        classes=NOT_ON_PHONES,
    )
    size = TextColumn(
        lambda row: text.size_label(row.image.size_bytes),
        verbose_name=_("Size"),
        classes=("hip-size", *NOT_ON_PHONES),
    )

    class Meta:
        name = "shared"
        verbose_name = _("Shared with Me")
        table_actions = (AcceptImage, RejectImage)
        row_actions = (AcceptImage, RejectImage)

    def __init__(self, request: HttpRequest, *args: Any, scope: Any, **kwargs: Any):
        self.scope = scope
        super().__init__(request, *args, **kwargs)

    def get_object_display(self, datum: Row) -> str:
        return text.inert(datum.image.display_name)

    def get_empty_message(self) -> str:
        return _eager(
            "No project shares an image with this one. Whoever shares one needs the ID of this "
            "project: %(id)s"
        ) % {"id": self.request.user.project_id}


class InboxView(ScopedView, tables.DataTableView):
    table_class = InboxTable
    page_title = _("Shared with Me")
    template_name = "helion_images_panel/shared.html"

    def get_table(self) -> InboxTable:
        if not hasattr(self, "table"):
            self.table = self.table_class(self.request, scope=self.scope)
        return self.table

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Acts on images by their IDs: the list is not needed, nor loaded, for that."""
        handled = self.get_table().maybe_handle()
        return handled or shortcuts.redirect(request.get_full_path())

    def get_data(self) -> list[Row]:
        self.has_more = False
        try:
            lists = self._received()
        except exceptions.ImageServiceError as error:
            words = {"reason": error}
            messages.error(self.request, _eager("The images cannot be listed. %(reason)s") % words)
            return []
        self.has_more = any(found.more for found in lists)
        found = [both for each in lists for both in each.images]
        names = names_of(self.request, self.scope, [image.owner or "" for image, _m in found])
        rows = [
            Row(image, member, names.get(image.owner or "") or image.owner or "-")
            for image, member in found
        ]
        order = {status: number for number, status in enumerate(STATUSES)}
        return sorted(rows, key=lambda row: order.get(row.member.status, len(order)))

    def _received(self) -> Sequence[Received]:
        if is_blind(self.request):
            return [api.received_by_admin(self.request, ADMIN_LIMIT)]
        return in_parallel(partial(_received_of, self.request), STATUSES)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context |= script_urls(self.request, self.scope)
        context["pills"] = pills(self.request, self.scope, is_inbox=True)
        context["is_admin"] = is_blind(self.request)
        context["more"] = self.has_more
        context["limit"] = ADMIN_LIMIT if is_blind(self.request) else LIMIT
        return context


def _received_of(request: HttpRequest, status: str) -> Received:
    return api.received(request, status, LIMIT)


def is_blind(request: HttpRequest) -> bool:
    """Whether Glance would not answer this token by what is shared with its project."""
    return policy.allows(request, policy.ADMIN)


class CountView(JsonAnswers, ScopedView, generic.View):
    """How many images wait for an answer; null where telling would cost too much.

    Asked by the page's script, so that the list does not wait for it: one call
    to Glance, and none for an admin, of whom it would be one for each image.
    """

    http_method_names = ["get"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_blind(request):
            return JsonResponse({"pending": None, "more": False})
        found = api.received(request, "pending", LIMIT)
        return JsonResponse({"pending": len(found.images), "more": found.more})

    def failed(self, error: exceptions.ImageServiceError) -> HttpResponse:
        """A number beside a link is missed by nobody, and the page itself says what is wrong."""
        return JsonResponse({"pending": None, "more": False})
