# SPDX-License-Identifier: Apache-2.0
"""Base class of batch actions with labels for one row and for several."""

from __future__ import annotations

from django.utils.functional import Promise
from horizon import tables


class NamedBatchAction(tables.BatchAction):
    """A batch action with `names` and `past_names`: labels for one row and for several, made
    by `ngettext_lazy`.
    """

    names: Promise
    past_names: Promise

    def action_present(self, count: int) -> str:
        return str(self.names % {"count": count})

    def action_past(self, count: int) -> str:
        return str(self.past_names % {"count": count})
