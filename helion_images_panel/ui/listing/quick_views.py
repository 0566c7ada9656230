# SPDX-License-Identifier: Apache-2.0
"""Quick views: parts of the list that are one click away, each with a URL of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from helion_images_panel.core.query import DELETED, SNAPSHOTS, UNFINISHED, ImageQuery
from helion_images_panel.ui.base import labels
from helion_images_panel.ui.scopes.scope import PanelScope

#: Names of the views that no other filter has.
LABELS: Mapping[str, str | Promise] = {
    SNAPSHOTS: _("Snapshots"),
    UNFINISHED: _("In progress or failed"),
    DELETED: pgettext_lazy("quick view", "Deleted"),
}


#: What is said of a view without images, by the filter that makes it.
_EMPTY: Mapping[tuple[str, str], str | Promise] = {
    ("visibility", "public"): _("This list has no public images."),
    ("visibility", "community"): _("This list has no community images."),
    ("view", SNAPSHOTS): _("This list has no snapshots. They are created from instances."),
    ("view", UNFINISHED): _("No image of this list is in progress or has failed."),
    ("hidden", "true"): _("This list has no hidden images."),
    ("view", DELETED): _("This list has no deleted images that can be restored."),
}


@dataclass(frozen=True)
class QuickView:
    label: str | Promise
    url: str
    is_current: bool
    #: Whether it shows the number of images that wait for an answer.
    has_badge: bool = False


def quick_views(
    request: HttpRequest,
    scope: PanelScope,
    query: ImageQuery,
    url_with: Callable[[Mapping[str, str]], str],
) -> list[QuickView]:
    """Return the views of the panel; each leaves out all other filters.

    :param url_with: makes the URL of the list with some filters
    """
    names = ("owner", "visibility", "hidden", "view")
    shown = {name: value for name, value in query.url_parameters().items() if name in names}

    def view(label: str | Promise, **filters: str) -> QuickView:
        return QuickView(label, url_with(filters), shown == filters)

    own, inbox = [], []
    if scope.is_of_active_project:
        project = labels.inert(request.user.project_name)
        own = [view(project, owner=request.user.project_id)]
    if scope.has_inbox:
        # Images that are not accepted are in no list of Glance's but that of its members.
        inbox = [QuickView(_("Shared with Me"), scope.url("shared"), False, has_badge=True)]
    return [
        view(pgettext_lazy("quick view", "All")),
        *own,
        *inbox,
        view(pgettext_lazy("quick view", "Public"), visibility="public"),
        view(pgettext_lazy("quick view", "Community"), visibility="community"),
        view(LABELS[SNAPSHOTS], view=SNAPSHOTS),
        view(LABELS[UNFINISHED], view=UNFINISHED),
        view(pgettext_lazy("quick view", "Hidden"), hidden="true"),
        view(LABELS[DELETED], view=DELETED),
    ]


def empty_message(request: HttpRequest, query: ImageQuery) -> str | Promise:
    """Return what is said of a view without images; empty if any other filter is set."""
    filters = query.url_parameters()
    if len(filters) != 1:
        return ""
    ((name, value),) = filters.items()
    if (name, value) == ("owner", request.user.project_id):
        project = labels.inert(request.user.project_name)
        return _eager("%(project)s has no images yet.") % {"project": project}
    return _EMPTY.get((name, str(value)), "")
