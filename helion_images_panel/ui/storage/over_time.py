# SPDX-License-Identifier: Apache-2.0
"""What is stored over time: a figure for each day on which all images were counted.

For an admin's domain they are in Glance, where the lifecycle command adds to them too; for
others, who can write nothing there, in the cache.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from helion_images_panel.api import cache, client, forgiven, storage_days
from helion_images_panel.core.storage import Tally
from helion_images_panel.core.storage_days import DayFigures, with_day
from helion_images_panel.core.stored_rules import ALL_DOMAINS
from helion_images_panel.exceptions import ImageServiceError
from helion_images_panel.ui.base import labels
from helion_images_panel.ui.base.walk import Lists
from helion_images_panel.ui.scopes.scope import PanelScope
from helion_images_panel.ui.storage import words
from helion_images_panel.ui.storage.charts import Charts

#: Seconds for which figures that are not in Glance are cached after the last of them.
CACHED_S = 400 * 24 * 3600

#: Size of the drawing, in its own units.
WIDTH, HEIGHT = 600, 100


@dataclass(frozen=True)
class History:
    """:ivar days: the figures, the oldest first; that of today is the last one
    :ivar problem: why today's could not be stored; empty if they are
    """

    days: Sequence[DayFigures] = ()
    problem: str = ""

    def to_json(self) -> list[Any]:
        return [[list(each) for each in self.days], self.problem]

    @classmethod
    def from_json(cls, body: Sequence[Any]) -> History:
        days, problem = body
        return cls([DayFigures(*each) for each in days], problem)


def record(request: HttpRequest, scope: PanelScope, lists: Lists, total: Tally) -> History:
    """Add the figures of today, if there are none of today yet; return all of them."""
    today = datetime.now(UTC).date().isoformat()
    figures = DayFigures(today, total.images, total.size_bytes)
    if scope.stores_rules:
        return _in_glance(request, scope.domain_id or ALL_DOMAINS, figures)
    return _in_cache(request, lists, figures)


def _in_glance(request: HttpRequest, domain_id: str, figures: DayFigures) -> History:
    try:
        return History(storage_days.add_day(request, domain_id, figures))
    except ImageServiceError as error:
        forgiven.log("the figures by day", error)
        return History(_known(request, domain_id, figures), str(error))


def _known(request: HttpRequest, domain_id: str, figures: DayFigures) -> Sequence[DayFigures]:
    """Return the figures that can be read, with those of today, which could not be stored."""
    try:
        return with_day(storage_days.days_get(request, domain_id) or (), figures)
    except ImageServiceError:
        return (figures,)


def _in_cache(request: HttpRequest, lists: Lists, figures: DayFigures) -> History:
    key = client.cache_key(request, f"storage_days.{_hash(lists)}")
    found = [DayFigures(*each) for each in cache.get(key) or ()]
    days = with_day(found, figures)
    if tuple(found) != days:
        cache.set(key, [list(each) for each in days], CACHED_S)
    return History(days)


def _hash(lists: Lists) -> str:
    """Return a name for the projects: the figures are the same for all who may count them."""
    owners = sorted(source.owner or "" for _request, source in lists)
    return hashlib.sha256(repr(owners).encode()).hexdigest()[:32]


@dataclass(frozen=True)
class DayRow:
    """:ivar images_url: the list as it is now, for the latest figure: Glance has no list of a
        past day
    :ivar images_title: says that to all who see a figure which is not that of the list
    :ivar hidden: how many of the images that list has under its filter only
    """

    day: str
    images: str
    size: str
    exact_size: str
    images_label: str = ""
    images_title: str = ""
    images_url: str = ""
    hidden: str = ""
    hidden_url: str = ""


class OverTime:
    """The chart of the figures, and its table."""

    def __init__(self, charts: Charts, history: History):
        self._days = history.days
        self._charts = charts
        self._is_in_glance = charts.scope.stores_rules
        self.problem = history.problem

    @property
    def has_chart(self) -> bool:
        return len(self._days) > 1

    @property
    def rows(self) -> list[DayRow]:
        """The newest first."""
        latest, *others = (_row(each) for each in reversed(self._days))
        return [self._with_list(latest), *others]

    def _with_list(self, latest: DayRow) -> DayRow:
        row, images = self._charts.row("", self._charts.figures.total, {}), self._days[-1].images
        # The first figure of a day is kept: images may have been hidden since.
        is_same, label = row.tally.images == images, words.images_now(images)
        return replace(
            latest,
            images_label=label,
            images_title="" if is_same else label,
            images_url=row.images_url,
            hidden=words.hidden_of_them(row.tally.hidden) if is_same and row.tally.hidden else "",
            hidden_url=row.hidden_url,
        )

    @property
    def first(self) -> DayRow:
        return _row(self._days[0])

    @property
    def last(self) -> DayRow:
        return _row(self._days[-1])

    @property
    def most(self) -> str:
        """The label of the top of the chart."""
        return labels.size_label(max(each.size_bytes for each in self._days))

    @property
    def points(self) -> str:
        """The corners of a line with a step at each figure; sizes begin at 0, at the bottom."""
        return " ".join(f"{x},{y}" for x, y in _corners(self._days))

    @property
    def note(self) -> str:
        if self._is_in_glance:
            return _(
                "One figure a day (UTC), of days on which an admin has counted here or the "
                "lifecycle command has run: 90 days, and before that one a month."
            )
        return _(
            "One figure a day (UTC), of days on which somebody has counted here: 90 days, and "
            "before that one a month. The dashboard has them in its cache, and they begin anew "
            "when that is emptied."
        )

    @property
    def since(self) -> str:
        return _("since %(day)s") % {"day": self.first.day}

    @property
    def so_far(self) -> str:
        """What is said instead of a chart with one figure."""
        return _(
            "The figures begin on %(day)s, with %(size)s. The chart is here from the second day on."
        ) % {"day": self.first.day, "size": self.first.size}


def _row(figures: DayFigures) -> DayRow:
    return DayRow(
        str(date_format(date.fromisoformat(figures.day), "SHORT_DATE_FORMAT")),
        words.number(figures.images),
        labels.size_label(figures.size_bytes),
        labels.exact_size_label(figures.size_bytes),
    )


def _corners(days: Sequence[DayFigures]) -> Iterable[tuple[int, int]]:
    ordinals = [date.fromisoformat(each.day).toordinal() for each in days]
    # Of the last day too, a step can be seen.
    span = ordinals[-1] + 1 - ordinals[0]
    most = max(each.size_bytes for each in days) or 1
    y = None
    for each, ordinal in zip(days, ordinals, strict=True):
        x = round(WIDTH * (ordinal - ordinals[0]) / span)
        if y is not None:
            yield x, y
        y = HEIGHT - round(HEIGHT * each.size_bytes / most)
        yield x, y
    if y is not None:
        yield WIDTH, y
