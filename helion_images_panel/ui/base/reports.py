# SPDX-License-Identifier: Apache-2.0
"""Results of an action on many images, shown above the next page.

Horizon's own messages are one line of text; the results of forty images need a list. It
is stored in the session, as messages are.
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

#: Header of requests in which js/base/refresh.js fetches the page again.
REFRESH_HEADER = "X-Helion-Images-Refresh"

_SHOWN = "_helion_images_reports_shown"

#: Maximum number of stored reports: every request writes the complete session.
MAX_REPORTS = 6

#: Maximum number of names in a line; more are counted, and listed on demand.
NAMES_IN_A_LINE = 10


@dataclass(frozen=True)
class Group:
    """Images with the same result; `reason` is empty on success."""

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
    """One alert; `hint` is the next step, or empty."""

    failed: bool
    title: str
    groups: tuple[Group, ...]
    hint: str = ""


def add_report(request: HttpRequest, report: Report) -> None:
    """Store the report for the next page of a panel; only the last MAX_REPORTS are stored."""
    waiting = request.session.get(SESSION_KEY, [])
    request.session[SESSION_KEY] = [*waiting, asdict(report)][-MAX_REPORTS:]


def pop_reports(request: HttpRequest) -> list[Report]:
    """Return the stored reports once; none for a partial page, which does not show them."""
    if is_ajax(request) or SESSION_KEY not in request.session:
        return []
    request.__dict__[_SHOWN] = True
    return [_report(stored) for stored in request.session.pop(SESSION_KEY)]


def leave_session_unwritten(request: HttpRequest) -> None:
    """Do not write the session for a request with which a script refreshes its table.

    Horizon's middleware writes the complete session on every request, as it was when
    the request began. A late table would delete the report that an action has stored in
    the meantime.
    """
    if request.headers.get(REFRESH_HEADER) and not request.__dict__.get(_SHOWN):
        request.session.modified = False


def forget_shown(request: HttpRequest) -> None:
    """Delete the shown reports with a response of status 5xx: Django does not write the session
    then, and every page that fails would show them again.
    """
    if request.__dict__.get(_SHOWN):
        request.session.save()


def _report(stored: Mapping[str, Any]) -> Report:
    groups = tuple(Group(tuple(group["names"]), group["reason"]) for group in stored["groups"])
    return Report(stored["failed"], stored["title"], groups, stored["hint"])


def by_reason(outcomes: Iterable[ImageResult]) -> tuple[Group, ...]:
    """Group the results by reason, in the order of their first images."""
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
    """Add one report of the successes, and one of the failures with their reasons.

    :param hint: next step for the successes
    """
    done = [outcome for outcome in outcomes if not outcome.failure]
    failed = [outcome for outcome in outcomes if outcome.failure]
    if done:
        add_report(request, Report(False, done_title, by_reason(done), hint))
    if failed:
        add_report(request, Report(True, failed_title, by_reason(failed)))
