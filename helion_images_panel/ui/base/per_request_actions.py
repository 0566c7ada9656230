# SPDX-License-Identifier: Apache-2.0
"""Tables whose action objects belong to one request."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from horizon import tables
from horizon.tables.base import DataTableOptions


class PerRequestActions:
    """Mixin before DataTable, whose action objects are shared by the whole process.

    Each new table sets itself as the table of these actions. In a process with threads,
    an action would then use the image, the panel and the user of another request.
    """

    base_actions: dict[str, tables.BaseAction]
    _meta: DataTableOptions

    def __init__(self, *args: Any, **kwargs: Any):
        # New objects: an action refers to itself, so a copy would call the original.
        self.base_actions = {name: type(action)() for name, action in self.base_actions.items()}
        super().__init__(*args, **kwargs)

    @classmethod
    def handles_post(cls, request: HttpRequest) -> bool:
        """Whether the posted action belongs to this table."""
        return str(request.POST.get("action", "")).startswith(f"{cls._meta.name}__")
