# SPDX-License-Identifier: Apache-2.0
"""The members of an image, and the action Remove Member."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import shortcuts
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from horizon import exceptions as horizon_exceptions
from horizon import tables

from helion_images_panel import exceptions, policy
from helion_images_panel.api import members as api
from helion_images_panel.api.parallel import in_parallel
from helion_images_panel.core.image import Image, Member
from helion_images_panel.core.publication import DOMAIN, publication_of
from helion_images_panel.core.visible_text import FIRST_STRONG
from helion_images_panel.ui.base import labels, messages, times
from helion_images_panel.ui.base.columns import NOT_ON_PHONES, TextColumn
from helion_images_panel.ui.base.errors import error_of, reason
from helion_images_panel.ui.base.named_action import NamedBatchAction
from helion_images_panel.ui.base.page_urls import tab_url
from helion_images_panel.ui.base.per_request_table import PerRequestTable
from helion_images_panel.ui.scopes.permissions import change_refusal
from helion_images_panel.ui.scopes.project_names import names_of
from helion_images_panel.ui.scopes.scope import PanelScope


@dataclass(frozen=True)
class Row:
    """A member with its project name, if the user may see it."""

    member: Member
    name: str = ""

    @property
    def id(self) -> str:
        return self.member.project_id

    @property
    def label(self) -> str:
        return self.name or self.id


class RemoveMember(NamedBatchAction):
    """Removes one member, or the selected ones, with a result for each."""

    name = "remove"
    names = ngettext_lazy("Remove Member", "Remove Members", "count")
    past_names = ngettext_lazy("Removed Member", "Removed %(count)s Members", "count")
    icon = "user-times"
    action_type = "danger"  # Horizon then asks for confirmation
    help_text = _(
        "The project can no longer see or use the image. Instances launched from it keep running."
    )

    def _refused(self, request: HttpRequest) -> bool:
        table = self.table
        return bool(change_refusal(request, table.scope, table.image, policy.DELETE_MEMBER))

    def allowed(self, request: HttpRequest, row: Row | None = None) -> bool:
        return not self._refused(request) and bool(row or self.table.data)

    def handle(
        self, table: MembersTable, request: HttpRequest, obj_ids: Sequence[str]
    ) -> HttpResponse:
        if self._refused(request):
            raise horizon_exceptions.NotAuthorized()
        names = {row.id: row.label for row in table.data}
        wanted = list(dict.fromkeys(obj_ids))
        errors = in_parallel(
            error_of(lambda id_: api.member_delete(request, table.image.id, id_)), wanted
        )
        # Messages are created in the request's own thread, which has the user's
        # language.
        results = [
            (names.get(id_, id_), _reason(error)) for id_, error in zip(wanted, errors, strict=True)
        ]
        done = [label for label, why in results if not why]
        removed = [id_ for id_, (_label, why) in zip(wanted, results, strict=True) if not why]
        failed = [
            _eager("%(project)s – %(reason)s") % {"project": label, "reason": why.rstrip(".")}
            for label, why in results
            if why
        ]
        values = {"image": labels.inert(table.image.display_name)}
        if done:
            values["projects"] = labels.inert(messages.joined(done))
            messages.success(
                request, _eager("Image %(image)s is no longer shared with %(projects)s.") % values
            )
        if failed:
            values["reasons"] = labels.inert(messages.joined(failed, "; "))
            messages.error(
                request, _eager("Members not removed from image %(image)s: %(reasons)s.") % values
            )
        returning = [names.get(id_, id_) for id_ in returning_of(table.image, removed)]
        if returning:
            values["projects"] = labels.inert(messages.joined(returning))
            messages.warning(
                request,
                _eager(
                    "Image %(image)s is published to all projects in the domain: the next "
                    "re-sync shares it again with %(projects)s. To remove single projects "
                    "permanently, unpublish the image and share it with the others."
                )
                % values,
            )
        return shortcuts.redirect(tab_url(table.scope, table.image.id, "access"))


def _reason(error: Exception | None) -> str:
    """Return why the member could not be removed; empty on success."""
    if isinstance(error, exceptions.ImageNotFound):
        return _eager("The project is no longer a member.")
    return reason(error)


def returning_of(image: Image, removed: Sequence[str]) -> list[str]:
    """Return those of the removed projects that a re-sync of the publication would add again."""
    publication = publication_of(image)
    if publication is None or publication.audience != DOMAIN:
        return []
    of_domain = {*publication.given, *publication.answered}
    return [project_id for project_id in removed if project_id in of_domain]


class MembersTable(PerRequestTable, tables.DataTable):
    """The members; `failure` is why they could not be read, empty on success."""

    name = TextColumn(lambda row: row.name or "-", verbose_name=_("Project"))
    project_id = TextColumn(
        lambda row: row.id,
        verbose_name=_("Project ID"),
        classes=("hip-project-id", *NOT_ON_PHONES),
    )
    status = TextColumn(
        lambda row: labels.MEMBER_STATUS_LABELS.get(row.member.status, row.member.status),
        verbose_name=_("Status"),
    )
    since = TextColumn(
        lambda row: times.time_element(row.member.updated_at),
        verbose_name=_("Since"),
        classes=NOT_ON_PHONES,
    )

    class Meta:
        name = "members"
        verbose_name = _("Members")
        table_actions = (RemoveMember,)
        row_actions = (RemoveMember,)
        footer = False

    def __init__(
        self,
        request: HttpRequest,
        *args: Any,
        scope: PanelScope,
        image: Image,
        rows: Sequence[Row],
        failure: str = "",
        **kwargs: Any,
    ):
        self.scope = scope
        self.image = image
        self.failure = failure
        self.members = [row.member for row in rows]
        super().__init__(request, *args, data=rows, **kwargs)

    def get_object_display(self, datum: Row) -> str:
        return labels.inert(datum.label)

    def get_absolute_url(self) -> str:
        """URL of the table's actions: the image's page, with the selected domain."""
        return str(self.request.get_full_path())

    def get_empty_message(self) -> str:
        if self.failure:
            return _eager("Unable to retrieve the members.")
        return _eager(
            "The image is not shared with any project. Select Share Image to add the first one."
        )


def rows_of(request: HttpRequest, scope: PanelScope, members: Sequence[Member]) -> list[Row]:
    names = names_of(request, scope, [member.project_id for member in members])
    rows = [Row(member, names.get(member.project_id, "")) for member in members]
    return sorted(rows, key=lambda row: (not row.name, row.label.lstrip(FIRST_STRONG).casefold()))


def load_members_table(request: HttpRequest, scope: PanelScope, image: Image) -> MembersTable:
    failure, members = "", []
    try:
        members = api.member_list(request, image.id)
    except exceptions.ImageServiceError as error:
        failure = str(error)
    rows = rows_of(request, scope, members)
    return MembersTable(request, scope=scope, image=image, rows=rows, failure=failure)
