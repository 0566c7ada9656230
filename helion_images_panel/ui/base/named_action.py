# SPDX-License-Identifier: Apache-2.0
"""Actions on rows, with a name for one row and for several."""

from __future__ import annotations

from django.utils.functional import Promise
from horizon import tables


class NamedBatchAction(tables.BatchAction):
    """Labels for one row and for several: `ngettext_lazy(…, "count")`."""

    names: Promise
    past_names: Promise

    def action_present(self, count: int) -> str:
        return str(self.names % {"count": count})

    def action_past(self, count: int) -> str:
        return str(self.past_names % {"count": count})
