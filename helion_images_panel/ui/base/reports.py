# SPDX-License-Identifier: Apache-2.0
"""How an action on many images went, told above the next page.

Horizon's own messages are one line of text: what forty images say for
themselves needs a list. It waits in the session, as messages do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from horizon.utils.http import is_ajax

from helion_images_panel.ui.base import labels
from helion_images_panel.ui.base.results import ImageResult

SESSION_KEY = "helion_images_outcomes"

#: With this header js/base/refresh.js fetches the page that it stands in.
REFRESH_HEADER = "X-Helion-Images-Refresh"

_TOLD = "_helion_images_told"

#: Every request writes the whole session: what waits there must not grow.
REPORTS_KEPT = 6

#: As many names are read in a line; more are counted, and listed on demand.
NAMES_IN_A_LINE = 10


@dataclass(frozen=True)
class Group:
    """Images of which the same is to be said; `reason` is empty for a success."""

    names: tuple[str, ...]
    reason: str = ""

    @property
    def is_long(self) -> bool:
        return len(self.names) > NAMES_IN_A_LINE

    @property
    def count_label(self) -> str:
        count = len(self.names)
        return ngettext("%(count)s image", "%(count)s images", count) % {"count": count}

    @property
    def line(self) -> str:
        shown = self.count_label if self.is_long else ", ".join(self.names)
        if not self.reason:
            return shown
        return _("%(images)s – %(reason)s") % {"images": shown, "reason": self.reason}


@dataclass(frozen=True)
class Report:
    """One alert; `hint` is what to do next, or empty."""

    failed: bool
    title: str
    groups: tuple[Group, ...]
    hint: str = ""


def add_report(request: HttpRequest, report: Report) -> None:
    """Keeps the report for the next page of a panel, of those that nobody fetches the last ones."""
    waiting = request.session.get(SESSION_KEY, [])
    request.session[SESSION_KEY] = [*waiting, asdict(report)][-REPORTS_KEPT:]


def pop_reports(request: HttpRequest) -> list[Report]:
    """The reports that wait, each of them once; part of a page has no place for them."""
    if is_ajax(request) or SESSION_KEY not in request.session:
        return []
    request.__dict__[_TOLD] = True
    return [_report(kept) for kept in request.session.pop(SESSION_KEY)]


def leave_session_unwritten(request: HttpRequest) -> None:
    """For a page that a script fetches to exchange its table.

    Horizon's middleware has every request write the whole session as it was
    when the request began. A table that comes late would undo what an action
    has left meanwhile to be told next.
    """
    if request.headers.get(REFRESH_HEADER) and not request.__dict__.get(_TOLD):
        request.session.modified = False


def _report(kept: Mapping[str, Any]) -> Report:
    groups = tuple(Group(tuple(group["names"]), group["reason"]) for group in kept["groups"])
    return Report(kept["failed"], kept["title"], groups, kept["hint"])


def by_reason(outcomes: Iterable[ImageResult]) -> tuple[Group, ...]:
    """The outcomes as groups of one reason each, in the order of their first images."""
    names: dict[str, list[str]] = {}
    for outcome in outcomes:
        names.setdefault(labels.inert(outcome.failure), []).append(labels.inert(outcome.name))
    return tuple(Group(tuple(named), reason) for reason, named in names.items())


def report_results(
    request: HttpRequest,
    outcomes: Sequence[ImageResult],
    done_title: str,
    failed_title: str,
    hint: str = "",
) -> None:
    """One report of what was done, and one of what failed and why.

    :param hint: what to do next with those for which it was done
    """
    done = [outcome for outcome in outcomes if not outcome.failure]
    failed = [outcome for outcome in outcomes if outcome.failure]
    if done:
        add_report(request, Report(False, done_title, by_reason(done), hint))
    if failed:
        add_report(request, Report(True, failed_title, by_reason(failed)))
