# SPDX-License-Identifier: Apache-2.0
"""The figure of unused images, the largest of them, and what is not known."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from helion_images_panel.core.rules import SNAPSHOTS
from helion_images_panel.core.uses import INSTANCES, VOLUMES
from helion_images_panel.core.visible_text import isolated
from helion_images_panel.ui.base import labels
from helion_images_panel.ui.storage import words
from helion_images_panel.ui.storage.charts import Charts
from helion_images_panel.ui.storage.count import Count
from helion_images_panel.ui.storage.tables import Card, LargeRow, large_rows


class UnusedPart:
    """What the page shows of unused images; nothing before all uses were read."""

    def __init__(self, charts: Charts, count: Count):
        self._charts = charts
        self._search = count.uses
        self._tally = count.uses.unused.candidates
        self.is_whole = count.is_whole

    @property
    def problem(self) -> str:
        """Why the unused images are not known; empty if they are."""
        return self._search.problem

    @property
    def is_known(self) -> bool:
        return self.is_whole and not self.problem

    def card(self) -> Card:
        title, url = _("Unused"), "#hip_storage_unused"
        if not self.is_whole:
            return Card("unused", title, "…", _("Counted at the end"))
        if self.problem:
            return Card("unused", title, _("Not known"), _("Why it is not known"), url=url)
        tally = self._tally
        text = words.unused_images(tally.images) if tally.images else _("No image is unused.")
        return Card(
            "unused",
            title,
            labels.size_label(tally.size_bytes),
            text,
            labels.exact_size_label(tally.size_bytes),
            url,
        )

    @cached_property
    def largest(self) -> Sequence[LargeRow]:
        return large_rows(self._charts, self._search.unused.largest) if self.is_known else ()

    @property
    def images(self) -> int:
        return self._tally.images

    @property
    def rules_url(self) -> str:
        """The page of rules, with the one about unused images."""
        return self._charts.rule_url(SNAPSHOTS)

    def notes(self) -> list[str]:
        """Return what counts as a use, and what is not known."""
        others = self._search.unused.others.images
        found = [self._of_whom(), *self._lacking(), words.not_seen(others) if others else ""]
        return [note for note in found if note]

    def _of_whom(self) -> str:
        scope = self._charts.scope
        if len(self._search.lacking) == len((INSTANCES, VOLUMES)):
            return ""
        if scope.is_of_active_project:
            name = isolated(self._charts.request.user.project_name)
            return _("Only instances and volumes of project %(name)s are known to you.") % {
                "name": name
            }
        if scope.is_for_domain_managers:
            return _("Only instances and volumes of the projects where you have a role are known.")
        if not self._search.unused.sees_all:
            return _("Only instances and volumes of the domain's projects are known to you.")
        return ""

    def _lacking(self) -> list[str]:
        lacking = self._search.lacking
        if INSTANCES in lacking and VOLUMES in lacking:
            return [_("The cloud has no compute and no volume service that you may use.")]
        if INSTANCES in lacking:
            return [_("The cloud has no compute service that you may use.")]
        return [_("The cloud has no volume service that you may use.")] if lacking else []
