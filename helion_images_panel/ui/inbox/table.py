# SPDX-License-Identifier: Apache-2.0
"""The table of images that other projects share with this one, and its actions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import shortcuts
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from horizon import exceptions as horizon_exceptions
from horizon import tables

from helion_images_panel import policy
from helion_images_panel.api import members as api
from helion_images_panel.core.image import Image, Member
from helion_images_panel.ui.base import bulk, labels, messages
from helion_images_panel.ui.base.columns import NOT_ON_PHONES, NameColumn, TextColumn, size_cell
from helion_images_panel.ui.base.named_action import NamedBatchAction
from helion_images_panel.ui.base.page_urls import tab_url
from helion_images_panel.ui.base.per_request_table import PerRequestTable
from helion_images_panel.ui.scopes.scope import PanelScope


@dataclass(frozen=True)
class Row:
    image: Image
    member: Member
    owner: str

    @property
    def id(self) -> str:
        return self.image.id


class SetMemberStatus(NamedBatchAction):
    """Sets the member status of the active project, any number of times."""

    answer: str

    def allowed(self, request: HttpRequest, row: Row | None = None) -> bool:
        if not policy.allows_member(request, policy.MODIFY_MEMBER):
            return False
        return row is None or row.member.status != self.answer

    def handle(
        self, table: InboxTable, request: HttpRequest, obj_ids: Sequence[str]
    ) -> HttpResponse:
        if not self.allowed(request):
            raise horizon_exceptions.NotAuthorized()
        project_id = request.user.project_id
        outcomes = bulk.run(
            request,
            table.scope,
            obj_ids,
            lambda image: _refusal(image, project_id),
            lambda image: api.member_update(request, image.id, project_id, self.answer),
        )
        if outcomes and all(outcome.missing for outcome in outcomes):
            raise Http404(outcomes[0].failure)
        done = [labels.inert(outcome.name) for outcome in outcomes if not outcome.failure]
        failed = [outcome for outcome in outcomes if outcome.failure]
        if done:
            values = {
                "action": self._get_action_name(done, past=True),
                "images": messages.joined(done),
            }
            messages.success(request, _eager("%(action)s: %(images)s") % values)
        if failed:
            reasons = [
                _eager("%(image)s – %(reason)s")
                % {"image": outcome.name, "reason": outcome.failure.rstrip(".")}
                for outcome in failed
            ]
            values = {
                "action": self._get_action_name(failed),
                "images": labels.inert(messages.joined(reasons, "; ")),
            }
            messages.error(request, _eager("%(action)s failed: %(images)s.") % values)
        return shortcuts.redirect(_came_from(request, table.scope, obj_ids))


def _refusal(image: Image, project_id: str) -> str | None:
    if image.owner == project_id:
        return _eager("The project owns the image.")
    if image.visibility != "shared":
        return _eager("The image is no longer shared with individual projects.")
    return None


def _came_from(request: HttpRequest, scope: PanelScope, image_ids: Sequence[str]) -> str:
    """Return the URL of the details if the action was started there; else of this page."""
    if request.POST.get("from") == "details" and len(image_ids) == 1:
        return tab_url(scope, image_ids[0], "access")
    return str(scope.url("shared"))


class AcceptImage(SetMemberStatus):
    name = "accept"
    names = ngettext_lazy("Accept Image", "Accept Images", "count")
    past_names = ngettext_lazy("Accepted Image", "Accepted %(count)s Images", "count")
    icon = "check"
    answer = "accepted"


class RejectImage(SetMemberStatus):
    name = "reject"
    names = ngettext_lazy("Reject Image", "Reject Images", "count")
    past_names = ngettext_lazy("Rejected Image", "Rejected %(count)s Images", "count")
    icon = "times"
    answer = "rejected"
    action_type = "danger"  # Horizon then asks for confirmation
    help_text = _(
        "The image is removed from your project's list. You can accept it here again. Instances "
        "launched from it keep running."
    )


class InboxTable(PerRequestTable, tables.DataTable):
    name = NameColumn(
        lambda row: row.image.bare_name, verbose_name=_("Name"), link=True, classes=("hip-name",)
    )
    owner = TextColumn(lambda row: row.owner, verbose_name=_("Shared By"), classes=("hip-owner",))
    status = TextColumn(
        lambda row: labels.MEMBER_STATUS_LABELS.get(row.member.status, row.member.status),
        verbose_name=_("Status"),
    )
    disk_format = TextColumn(
        lambda row: labels.format_label(row.image.format),
        verbose_name=_("Format"),
        classes=NOT_ON_PHONES,
    )
    size = TextColumn(
        lambda row: size_cell(row.image),
        verbose_name=_("Size"),
        classes=("hip-size", *NOT_ON_PHONES),
    )

    class Meta:
        name = "shared"
        verbose_name = _("Shared with Me")
        table_actions = (AcceptImage, RejectImage)
        row_actions = (AcceptImage, RejectImage)

    def __init__(self, request: HttpRequest, *args: Any, scope: PanelScope, **kwargs: Any):
        self.scope = scope
        #: Why the rows could not be read; empty if they could.
        self.failure = ""
        super().__init__(request, *args, **kwargs)

    def get_object_display(self, datum: Row) -> str:
        return labels.inert(datum.image.display_name)

    def get_empty_message(self) -> str:
        if self.failure:
            return _eager("The images could not be retrieved.")
        values = {"project": labels.inert(self.request.user.project_name)}
        return _eager("No images are shared with %(project)s.") % values
