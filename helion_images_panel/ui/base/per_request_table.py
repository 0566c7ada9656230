# SPDX-License-Identifier: Apache-2.0
"""Tables whose action and column objects belong to one request."""

from __future__ import annotations

import copy
from collections import OrderedDict
from typing import Any

from django.http import HttpRequest
from horizon import tables
from horizon.tables.base import STRING_SEPARATOR, DataTableOptions


class PerRequestTable:
    """Mixin before DataTable, whose objects are partly shared by the whole process.

    Each new table sets itself as the table of the same actions. In a process with
    threads, an action would then use the image, the panel and the user of another
    request. A table without actions on several rows hides the check boxes by a class in
    a list that its columns share with those of all other tables.
    """

    base_actions: dict[str, tables.BaseAction]
    _columns: OrderedDict[str, tables.Column]
    _meta: DataTableOptions

    def __init__(self, *args: Any, **kwargs: Any):
        # New objects: an action refers to itself, so a copy would call the original.
        self.base_actions = {name: type(action)() for name, action in self.base_actions.items()}
        self._columns = OrderedDict((key, _own(column)) for key, column in self._columns.items())
        super().__init__(*args, **kwargs)

    @staticmethod
    def parse_action(action_string: str) -> tuple[str | None, str | None, str | None]:
        """Return table, action and row; Horizon's own fails at a text that names no action."""
        if STRING_SEPARATOR not in action_string:
            return None, None, None
        parsed: tuple[str, str, str | None] = tables.DataTable.parse_action(action_string)
        return parsed

    @classmethod
    def handles_post(cls, request: HttpRequest) -> bool:
        """Whether the posted action belongs to this table."""
        return str(request.POST.get("action", "")).startswith(f"{cls._meta.name}__")


def _own(column: tables.Column) -> tables.Column:
    own = copy.copy(column)
    own.classes = list(column.classes)
    own.attrs = dict(column.attrs)
    return own
