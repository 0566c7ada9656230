# SPDX-License-Identifier: Apache-2.0
"""The figures by project, type, format, visibility, age and store: tables with bars."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from helion_images_panel.core import storage
from helion_images_panel.core.conditions import IMAGE, SNAPSHOT
from helion_images_panel.core.image import VISIBILITIES
from helion_images_panel.core.storage import AGES_DAYS, REST, Figures, Tally
from helion_images_panel.ui.base import labels
from helion_images_panel.ui.scopes.project_names import panel_names
from helion_images_panel.ui.scopes.scope import PanelScope
from helion_images_panel.ui.storage import words

#: Projects that have rows of their own at first.
PROJECTS = 10

#: Filters of the list; None if it has none for a group.
Filters = Mapping[str, str] | None


@dataclass(frozen=True)
class Row:
    """A group: its number of images, without hidden ones, and what all of them store.

    :ivar images_url: the list of these images; empty if no filter finds them
    :ivar percent: length of the bar without snapshots
    :ivar is_name: whether the label is a name, which is not translated
    """

    label: str
    tally: Tally
    images_url: str = ""
    hidden_url: str = ""
    percent: int = 0
    snapshot_percent: int = 0
    is_name: bool = False

    @property
    def images(self) -> str:
        return words.number(self.tally.images - self.tally.hidden)

    @property
    def hidden(self) -> str:
        return words.hidden_images(self.tally.hidden) if self.tally.hidden else ""

    @property
    def images_label(self) -> str:
        return words.images_of(self.label, self.tally.images - self.tally.hidden)

    @property
    def hidden_label(self) -> str:
        return words.hidden_images_of(self.label, self.tally.hidden)

    @property
    def size(self) -> str:
        return labels.size_label(self.tally.size_bytes)

    @property
    def exact_size(self) -> str:
        return labels.exact_size_label(self.tally.size_bytes)

    @property
    def snapshots(self) -> str:
        size = self.tally.snapshot_bytes
        return labels.size_label(size) if size else ""


@dataclass(frozen=True)
class Chart:
    """:ivar more: further rows, which are shown when they are asked for"""

    id: str
    title: str
    of: str
    rows: Sequence[Row]
    more: Sequence[Row] = ()
    more_label: str = ""
    note: str = ""
    has_snapshots: bool = field(init=False)

    def __post_init__(self) -> None:
        has_any = any(row.tally.snapshot_bytes for row in self.rows)
        object.__setattr__(self, "has_snapshots", has_any)


class Charts:
    def __init__(self, request: HttpRequest, scope: PanelScope, figures: Figures):
        self.request = request
        self.scope = scope
        self.figures = figures

    def list_url(self, **filters: str) -> str:
        """Return the URL of the list, of the panel's own images alone."""
        own = {"owner": self.request.user.project_id} if self.scope.is_of_active_project else {}
        return self.scope.url_in_domain("index", **{**own, **filters})

    def rule_url(self, kind: str) -> str:
        """Return the URL of Clean Up with a rule of this kind chosen."""
        return self.scope.url_in_domain("rules", rule=kind)

    def row(self, label: str, tally: Tally, filters: Filters, is_name: bool = False) -> Row:
        url = hidden_url = ""
        if filters is not None:
            url = self.list_url(**filters)
            hidden_url = self.list_url(**filters, hidden="true")
        return Row(label, tally, url, hidden_url, is_name=is_name)

    @property
    def has_stores(self) -> bool:
        return bool(self.figures.by[storage.STORE])

    def by_project(self, is_whole: bool) -> Chart | None:
        """Return the projects with the most bytes; all of a domain, once all is counted.

        Of all domains, each project's name would be a request to Keystone.
        """
        if not self.scope.lists_all_owners:
            return None
        groups = dict(self.figures.by[storage.PROJECT])
        rest = groups.pop(REST, None)
        ordered = sorted(groups, key=lambda owner: (-groups[owner].size_bytes, owner))
        shown, others = ordered[:PROJECTS], ordered[PROJECTS:]
        of_domain = self.scope.domain_id is not None or self.scope.is_for_domain_managers
        shows_all = is_whole and of_domain
        names = panel_names(self.request, self.scope, ordered if shows_all else shown)

        def row(owner: str) -> Row:
            label = names.get(owner) or owner or _("No project")
            filters = {"owner": owner} if owner else None
            return self.row(label, groups[owner], filters, is_name=bool(owner))

        rows = [row(owner) for owner in shown]
        if others or rest:
            other = _sum([*(groups[owner] for owner in others), *([rest] if rest else [])])
            label = _("Further projects") if rest else words.other_projects(len(others))
            rows.append(self.row(label, other, None))
        return Chart(
            "project",
            _("By project"),
            _("Project"),
            _with_bars(rows),
            [row(owner) for owner in others] if shows_all else (),
            words.other_projects(len(others)),
        )

    def others(self) -> list[Chart]:
        charts = [self._by_age(), self._by_format(), self._by_visibility(), self._by_type()]
        return [*charts, self._by_store()] if self.has_stores else charts

    def _by_type(self) -> Chart:
        names = {IMAGE: _("Image"), SNAPSHOT: _("Snapshot")}
        rows = self._rows(storage.TYPE, names.get, lambda name: {"type": name}, names)
        return Chart("type", _("By type"), _("Type"), rows)

    def _by_format(self) -> Chart:
        known = {name for name, _label in settings.OPENSTACK_IMAGE_BACKEND["image_formats"]}

        def label(name: str) -> str:
            return _("Other formats") if name == REST else labels.format_label(name) or _("None")

        def filters(name: str) -> Filters:
            return {"format": name} if name and name in known else None

        rows = self._rows(storage.FORMAT, label, filters)
        return Chart("format", _("By format"), _("Format"), rows)

    def _by_visibility(self) -> Chart:
        rows = self._rows(
            storage.VISIBILITY,
            labels.visibility_label,
            lambda name: {"visibility": name} if name in VISIBILITIES else None,
            VISIBILITIES,
        )
        return Chart("visibility", _("By visibility"), _("Visibility"), rows)

    def _by_store(self) -> Chart:
        def label(name: str) -> str:
            return _("Other stores") if name == REST else name

        def filters(name: str) -> Filters:
            return {"store": name} if name != REST else None

        rows = self._rows(storage.STORE, label, filters, is_name=True)
        several = _("An image with copies in several stores counts in each of them.")
        none = _("Images without data are in no store.")
        return Chart("store", _("By store"), _("Store"), rows, note=f"{several} {none}")

    def _by_age(self) -> Chart:
        names = [str(number) for number in range(len(AGES_DAYS) + 1)]
        rows = self._rows(storage.AGE, _age_label, self._age_filters, [*names, ""])
        return Chart("age", _("By age"), _("Created"), rows)

    def _age_filters(self, name: str) -> Filters:
        if not name:
            return None
        days, number = self.figures.days.ages, int(name)
        filters = {}
        if number < len(days):
            filters["created_from"] = days[number].iso
        if number:
            last = date.fromisoformat(days[number - 1].iso) - timedelta(days=1)
            filters["created_to"] = last.isoformat()
        return filters

    def _rows(
        self,
        grouping: str,
        label: Callable[[str], str | None],
        filters: Callable[[str], Filters],
        order: Iterable[str] = (),
        is_name: bool = False,
    ) -> list[Row]:
        """Return a row for each group that has images, in this order or the largest first."""
        groups = self.figures.by[grouping]
        by_size = sorted(groups, key=lambda name: (-groups[name].size_bytes, name))
        names = list(dict.fromkeys([*(name for name in order if name in groups), *by_size]))
        return _with_bars(
            [self.row(label(name) or name, groups[name], filters(name), is_name) for name in names]
        )


def _age_label(name: str) -> str:
    if not name:
        return _("Unknown")
    number = int(name)
    if number == 0:
        return _("In the last %(days)s days") % {"days": AGES_DAYS[0]}
    if number == len(AGES_DAYS):
        return _("More than %(days)s days ago") % {"days": AGES_DAYS[-1]}
    values = {"from": AGES_DAYS[number - 1], "to": AGES_DAYS[number]}
    return _("%(from)s to %(to)s days ago") % values


def _sum(tallies: Iterable[Tally]) -> Tally:
    found = Tally()
    for tally in tallies:
        found.merge(tally)
    return found


def _with_bars(rows: Sequence[Row]) -> list[Row]:
    """Give the rows bars, of which the longest is as long as all may be."""
    most = max((row.tally.size_bytes for row in rows), default=0)

    def bar(row: Row) -> Row:
        tally = row.tally
        whole = _percent(tally.size_bytes, most)
        snapshots = min(whole, _percent(tally.snapshot_bytes, most))
        return Row(
            row.label,
            tally,
            row.images_url,
            row.hidden_url,
            whole - snapshots,
            snapshots,
            row.is_name,
        )

    return [bar(row) for row in rows]


def _percent(size_bytes: int, most: int) -> int:
    """Return the length, which is never nothing for something."""
    return max(1, round(100 * size_bytes / most)) if size_bytes and most else 0
