# SPDX-License-Identifier: Apache-2.0
"""The figures at the top of the page, and its lists of images."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from helion_images_panel.core import storage
from helion_images_panel.core.checksums import NotAChecksum, parse
from helion_images_panel.core.conditions import SNAPSHOT
from helion_images_panel.core.query import DELETED
from helion_images_panel.core.same_data import Copies
from helion_images_panel.core.storage import LargeImage, Tally
from helion_images_panel.core.visible_text import isolated
from helion_images_panel.ui.base import labels
from helion_images_panel.ui.scopes.project_names import panel_names
from helion_images_panel.ui.storage import words
from helion_images_panel.ui.storage.charts import Charts, Row

#: Number of groups of images with the same data in the table.
SAME_DATA = 10


@dataclass(frozen=True)
class Card:
    """A figure, what it counts, and where that leads."""

    id: str
    title: str
    figure: str
    text: str
    exact: str = ""
    url: str = ""
    hidden: str = ""
    hidden_url: str = ""


@dataclass(frozen=True)
class LargeRow:
    name: str
    url: str
    owner: str
    status: str
    size: str


@dataclass(frozen=True)
class SameRow:
    name: str
    url: str
    size: str
    extra: str


class Tables:
    def __init__(self, charts: Charts):
        self._charts = charts
        self._figures = charts.figures

    def cards(self) -> list[Card]:
        figures = self._figures
        snapshots = figures.by[storage.TYPE].get(SNAPSHOT, Tally())
        several, stuck, deleted = figures.same.several, figures.stuck, figures.deleted
        extra_bytes = sum(copies.extra_bytes for copies in several)
        extra = sum(copies.images - 1 for copies in several)
        return [
            self._card("stored", _("Stored"), figures.total, words.images, {}),
            self._card("snapshots", _("Snapshots"), snapshots, words.snapshots, {"type": SNAPSHOT}),
            Card(
                "same",
                _("Stored more than once"),
                labels.size_label(extra_bytes),
                words.copies(extra) if extra else _("No data is stored twice."),
                labels.exact_size_label(extra_bytes),
                "#hip_storage_same" if extra else "",
            ),
            Card(
                "deleted",
                _("Deleted"),
                labels.size_label(deleted.size_bytes),
                words.restorable(deleted.images),
                labels.exact_size_label(deleted.size_bytes),
                self._charts.list_url(view=DELETED) if deleted.images else "",
            ),
            Card(
                "stuck",
                _("Stuck"),
                words.number(stuck.images),
                _("Without data, unchanged for more than a day"),
                url="#hip_storage_stuck" if stuck.images else "",
            ),
        ]

    def _card(
        self,
        name: str,
        title: str,
        tally: Tally,
        text: Callable[[int], str],
        filters: Mapping[str, str],
    ) -> Card:
        row = self._charts.row("", tally, filters)
        return Card(
            name,
            title,
            row.size,
            text(tally.images - tally.hidden),
            row.exact_size,
            row.images_url,
            row.hidden,
            row.hidden_url,
        )

    def largest(self) -> list[LargeRow]:
        return large_rows(self._charts, self._figures.largest)

    def same_data(self) -> list[SameRow]:
        return [self._same_row(copies) for copies in self._figures.same.several[:SAME_DATA]]

    def _same_row(self, copies: Copies) -> SameRow:
        name = isolated(copies.name)
        label = words.and_others(name, copies.images - 1) if name else words.images(copies.images)
        url = self._charts.list_url(checksum=copies.checksum) if _is_filter(copies) else ""
        return SameRow(
            label, url, labels.size_label(copies.size_bytes), labels.size_label(copies.extra_bytes)
        )

    def stuck(self) -> Sequence[Row]:
        """Return a row for each status, with the filter that finds the same images."""
        groups = self._figures.by[storage.STUCK]
        last = self._figures.days.last_unchanged
        return [
            self._charts.row(
                labels.status_label(status),
                groups[status],
                {"status": status, "updated_to": last},
            )
            for status in storage.STUCK_STATUSES
            if status in groups
        ]


def large_rows(charts: Charts, found: Sequence[LargeImage]) -> list[LargeRow]:
    names: Mapping[str, str] = {}
    if charts.scope.lists_all_owners:
        owners = [image.owner for image in found]
        names = panel_names(charts.request, charts.scope, owners)
    return [
        LargeRow(
            image.name or image.id,
            charts.scope.url_in_domain("detail", image.id),
            names.get(image.owner) or image.owner,
            labels.status_label(image.status),
            labels.size_label(image.size_bytes),
        )
        for image in found
    ]


def _is_filter(copies: Copies) -> bool:
    """Whether the list finds images by this checksum."""
    try:
        return parse(copies.checksum).algorithm == copies.algorithm
    except NotAChecksum:
        return False
