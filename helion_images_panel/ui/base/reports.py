# SPDX-License-Identifier: Apache-2.0
"""Results of an action on many images, shown above the next page.

Horizon's own messages are one line of text; the results of forty images need a list. It
is stored in the session, as messages are. A session in a cookie has no space for it: then
it is one of Horizon's messages, bounded in size.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from horizon import messages
from horizon.utils.http import is_ajax
from openstack_auth.utils import using_cookie_backed_sessions

from helion_images_panel.ui.base import labels
from helion_images_panel.ui.base.results import ImageResult

SESSION_KEY = "helion_images_outcomes"

#: Header of requests in which js/base/refresh.js fetches the page again.
REFRESH_HEADER = "X-Helion-Images-Refresh"

_SHOWN = "_helion_images_reports_shown"

#: Maximum number of reasons in a report without names.
MAX_REASONS = 100

#: Maximum number of stored reports: every request writes the complete session.
MAX_REPORTS = 6

#: Maximum size of stored reports in bytes: names and reasons can be long, and the session
#: of many a cache has to fit in a megabyte.
MAX_BYTES = 256 * 1024

#: Maximum size in bytes of a report that is a message: Django's cookie of messages has 2
#: KiB, for all that wait.
MESSAGE_BYTES = 500

#: Maximum number of names in a line; more are counted, and listed on demand.
NAMES_IN_A_LINE = 10


@dataclass(frozen=True)
class Group:
    """Images with the same result; `reason` is empty on success."""

    names: tuple[str, ...]
    reason: str = ""
    #: Number of images whose names are left out.
    unnamed: int = 0
    #: URL of Update Metadata of a single image, if that is the next step.
    metadata_url: str = ""

    @property
    def count(self) -> int:
        return len(self.names) + self.unnamed

    @property
    def is_long(self) -> bool:
        return self.count > NAMES_IN_A_LINE

    @property
    def count_label(self) -> str:
        return ngettext("%(count)s image", "%(count)s images", self.count) % {"count": self.count}

    @property
    def line(self) -> str:
        shown = self.count_label if self.is_long or self.unnamed else ", ".join(self.names)
        if not self.reason:
            return shown
        values = {"images": shown, "reason": self.reason}
        if self.count > 1:
            # The reason is about one image, and so comes before the names of several.
            # Translators: a whole sentence, and the names of images.
            return _("%(reason)s (%(images)s)") % values
        return _("%(images)s – %(reason)s") % values

    @property
    def short_line(self) -> str:
        """The number of images, without names, and the reason."""
        return Group((), _without_stop(self.reason), self.count).line


@dataclass(frozen=True)
class Report:
    """One alert; `hint` is the next step, or empty, and `link_url` where it is done."""

    failed: bool
    title: str
    groups: tuple[Group, ...]
    hint: str = ""
    link_url: str = ""
    link_label: str = ""

    @property
    def counts_only(self) -> bool:
        """Whether the title, which has the number of images, says enough: all succeeded, and
        are too many to name.
        """
        return not self.failed and len(self.groups) == 1 and self.groups[0].is_long

    @property
    def count_label(self) -> str:
        """The number of images and each reason, without names."""
        count = sum(group.count for group in self.groups)
        return ngettext("%(count)s image", "%(count)s images", count) % {"count": count}


def add_report(request: HttpRequest, report: Report) -> None:
    """Store the report for the next page of a panel; only the last MAX_REPORTS are stored."""
    if using_cookie_backed_sessions():
        add_message = messages.error if report.failed else messages.success
        add_message(request, _bounded_text(report))
        return
    waiting = [*request.session.get(SESSION_KEY, []), asdict(report)][-MAX_REPORTS:]
    while len(waiting) > 1 and size_bytes(waiting) > MAX_BYTES:
        waiting = waiting[1:]
    if size_bytes(waiting) > MAX_BYTES:
        waiting = [asdict(_without_names(report))]
    request.session[SESSION_KEY] = waiting


def size_bytes(stored: object) -> int:
    return len(json.dumps(stored))


def cut(text: str, limit_bytes: int) -> str:
    """Return the beginning of the text that takes at most this size when it is stored."""
    if size_bytes(text) <= limit_bytes:
        return text
    while size_bytes(f"{text}…") > limit_bytes:
        text = text[: len(text) * 7 // 8]
    return f"{text}…"


def _without_names(report: Report) -> Report:
    """Return the report with as many reasons as fit, and counts in place of names."""
    groups = [Group((), cut(group.reason, MESSAGE_BYTES), group.count) for group in report.groups]
    others = sum(group.count for group in groups[MAX_REASONS:])
    if others:
        groups[MAX_REASONS:] = [Group((), _("Other reasons."), others)]
    return replace(report, groups=tuple(groups))


def _without_stop(text: str) -> str:
    """Leave out the full stop, which a mark may follow that ends the isolation of the text."""
    return re.sub(r"\.+(\u2069*)$", r"\1", text)


def _bounded_text(report: Report) -> str:
    """Return the report as one line of at most MESSAGE_BYTES, as they are stored."""
    lines = "; ".join(_without_stop(group.line) for group in report.groups)
    # Translators: the result of an action, and its reasons, each with the names of images.
    text = _("%(title)s: %(lines)s.") % {"title": report.title, "lines": lines}
    if report.hint:
        text = f"{text} {report.hint}"
    if size_bytes(text) <= MESSAGE_BYTES:
        return text
    # Translators: the result of an action, and how many images: "Deleted Images: 2 images".
    text = _("%(title)s: %(images)s") % {"title": report.title, "images": report.count_label}
    if len(report.groups) == 1:
        # Translators: the result of an action, and its reasons, each with the names of images.
        short = _("%(title)s: %(lines)s.") % {
            "title": report.title,
            "lines": report.groups[0].short_line,
        }
        return short if size_bytes(short) <= MESSAGE_BYTES else text
    for group in report.groups:
        # Translators: two lines of a report that become one.
        longer = _("%(text)s; %(line)s") % {"text": text, "line": group.short_line}
        if size_bytes(longer) > MESSAGE_BYTES:
            break
        text = longer
    return text


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
    groups = tuple(
        Group(
            tuple(group["names"]),
            group["reason"],
            group.get("unnamed", 0),
            group.get("metadata_url", ""),
        )
        for group in stored["groups"]
    )
    link = stored.get("link_url", ""), stored.get("link_label", "")
    return Report(stored["failed"], stored["title"], groups, stored["hint"], *link)


def by_reason(outcomes: Iterable[ImageResult]) -> tuple[Group, ...]:
    """Group the results by reason, in the order of their first images."""
    found: dict[str, list[ImageResult]] = {}
    for outcome in outcomes:
        found.setdefault(labels.inert(outcome.failure), []).append(outcome)
    return tuple(
        Group(
            tuple(labels.inert(each.name) for each in same),
            reason,
            metadata_url=same[0].metadata_url if len(same) == 1 else "",
        )
        for reason, same in found.items()
    )


def report_results(
    request: HttpRequest,
    outcomes: Sequence[ImageResult],
    done_title: str,
    failed_title: str,
    hint: str = "",
    link: tuple[str, str] = ("", ""),
) -> None:
    """Add one report of the successes, and one of the failures with their reasons.

    :param hint: next step for the successes
    :param link: URL and label of the page for it
    """
    done = [outcome for outcome in outcomes if not outcome.failure]
    failed = [outcome for outcome in outcomes if outcome.failure]
    if done:
        add_report(request, Report(False, done_title, by_reason(done), hint, *link))
    if failed:
        add_report(request, Report(True, failed_title, by_reason(failed)))
