# SPDX-License-Identifier: Apache-2.0
"""Tables whose actions belong to one request."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from horizon import tables
from horizon.tables.base import DataTableOptions


class PerRequestActions:
    """Mixin before DataTable, which has one set of actions for all of a process.

    Each new table makes itself theirs. Where a process has threads, an action
    would then be asked about the image, the panel and the person of another
    request, and act on that.
    """

    base_actions: dict[str, tables.BaseAction]
    _meta: DataTableOptions

    def __init__(self, *args: Any, **kwargs: Any):
        # New ones, for an action holds on to itself: a copy would call its original.
        self.base_actions = {name: type(action)() for name, action in self.base_actions.items()}
        super().__init__(*args, **kwargs)

    @classmethod
    def handles_post(cls, request: HttpRequest) -> bool:
        """Whether the posted action belongs to this table."""
        return str(request.POST.get("action", "")).startswith(f"{cls._meta.name}__")
