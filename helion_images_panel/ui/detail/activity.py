# SPDX-License-Identifier: Apache-2.0
"""The tab Activity: events of an image that the image service knows, newest first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _
from horizon import tabs

from helion_images_panel import policy
from helion_images_panel.api import imports, members
from helion_images_panel.api.imports import WEB_DOWNLOAD, ImportTask
from helion_images_panel.api.parallel import in_parallel
from helion_images_panel.api.stores import COPY_IMAGE
from helion_images_panel.core import verification
from helion_images_panel.core.image import Image, Member
from helion_images_panel.core.publication import audience_of, publication_of
from helion_images_panel.ui.base import labels, times
from helion_images_panel.ui.base.errors import or_default
from helion_images_panel.ui.scopes.project_names import panel_names
from helion_images_panel.ui.scopes.scope import PanelScope


@dataclass(frozen=True)
class Event:
    """`at` is ISO 8601 in UTC; `details` may be empty, or text from users and services."""

    at: str
    what: str
    details: str = ""
    failed: bool = False

    @property
    def time(self) -> SafeString | str:
        return times.time_element(self.at, shows_exact=True)


def newest_first(events: Iterable[Event]) -> list[Event]:
    """Sort by time, without events of unknown time.

    :param events: those that may be in the same second in the order in which they happened
    """
    return sorted((event for event in events if labels.time_label(event.at)), key=_moment)[::-1]


def _moment(event: Event) -> str:
    # Tasks are dated "2026-11-24T03:42:01.000000", images "2026-11-24T03:42:01Z".
    return event.at[:19]


def events_of_image(image: Image) -> list[Event]:
    events = [Event(image.created_at or "", _eager("Image created"))]
    if image.updated_at != image.created_at:
        events.append(Event(image.updated_at or "", _eager("Last changed")))
    verified = verification.verified_of(image)
    if verified:
        state = verification.state_of(image)
        what = (
            _eager("Data verified")
            if state == verification.VERIFIED
            else _eager("Data read and compared")
        )
        events.append(Event(verified.at, what, _eager("By %(user)s") % {"user": verified.by}))
    return events


_METHODS = {
    WEB_DOWNLOAD: (_("Import from a URL started"), _("Import from a URL")),
    COPY_IMAGE: (_("Copy to other stores started"), _("Copy to other stores")),
}
# Translators: the noun: "Import: finished".
_IMPORT = (_("Import started"), _("Import"))
_STATES = {
    "pending": _("pending"),
    "processing": _("in progress"),
    "success": _("finished"),
    "failure": _("failed"),
}


def events_of_task(task: ImportTask) -> list[Event]:
    began, name = _METHODS.get(task.method, _IMPORT)
    where = task.url or ", ".join(task.stores)
    events = [Event(task.created_at, str(began), where)]
    if not task.is_running or task.updated_at != task.created_at:
        # Translators: such as "Import: finished".
        what = _eager("%(task)s: %(state)s") % {
            "task": name,
            "state": _STATES.get(task.status, task.status),
        }
        events.append(Event(task.updated_at, what, task.message, task.has_failed))
    return events


_ANSWERS = {
    "accepted": _("Share accepted"),
    "rejected": _("Share rejected"),
}


def events_of_member(member: Member, name: str) -> list[Event]:
    who = f"{name} ({member.project_id})" if name else member.project_id
    events = [Event(member.created_at or "", _eager("Shared with a project"), who)]
    if member.status in _ANSWERS:
        events.append(Event(member.updated_at or "", str(_ANSWERS[member.status]), who))
    return events


def published_note(image: Image) -> str:
    """Return the recorded previous visibility, of which Glance has no date."""
    publication = publication_of(image)
    if publication is None or publication.audience != audience_of(image.visibility):
        return ""
    return _eager("Visibility changed from %(before)s to %(now)s.") % {
        "now": labels.visibility_label(image.visibility),
        "before": labels.visibility_label(publication.before),
    }


class ActivityTab(tabs.Tab):
    """Loaded when it is selected: it takes requests to Glance for tasks and members."""

    name = _("Activity")
    slug = "activity"
    template_name = "helion_images_panel/detail/_activity.html"
    preload = False

    def get_context_data(self, request: HttpRequest) -> dict[str, Any]:
        image: Image = self.tab_group.kwargs["image"]
        scope: PanelScope = self.tab_group.kwargs["scope"]
        queries: list[Callable[[str], Any]] = [
            or_default(lambda id_: imports.import_tasks(request, id_), None, "the image's tasks")
        ]
        if _may_see_members(request, scope, image):
            queries.append(
                or_default(
                    lambda id_: members.member_list(request, id_), None, "the image's members"
                )
            )
        tasks, *lists = in_parallel(lambda query: query(image.id), queries)
        found_members = lists[0] if lists else []
        ids = [member.project_id for member in found_members or ()]
        names = panel_names(request, scope, ids)
        events = events_of_image(image)
        for task in tasks or ():
            events += events_of_task(task)
        for member in found_members or ():
            events += events_of_member(member, names.get(member.project_id, ""))
        return {
            "events": newest_first(events),
            "published_note": published_note(image),
            "incomplete": tasks is None or found_members is None,
        }


def _may_see_members(request: HttpRequest, scope: PanelScope, image: Image) -> bool:
    """Whether the user may see the members; Glance returns them for shared images only."""
    return (
        image.visibility == "shared"
        and scope.may_write(request, image)
        and policy.allows(request, policy.GET_MEMBERS, image)
    )
