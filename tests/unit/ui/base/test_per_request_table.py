# SPDX-License-Identifier: Apache-2.0
"""Threads of one process show tables of several people at the same time."""

import pytest
from django.test import RequestFactory

from helion_images_panel.ui.inbox.table import InboxTable
from helion_images_panel.ui.listing import rows
from helion_images_panel.ui.listing.table import ImagesTable
from helion_images_panel.ui.scopes.admin_scope import ADMIN
from helion_images_panel.ui.scopes.scope import PROJECT
from helion_images_panel.ui.sharing.members import MembersTable
from helion_images_panel.ui.stores.tab import StoresTable
from tests import factories

TABLES = [ImagesTable, InboxTable, MembersTable, StoresTable]


def table_of(kind, scope, user=None):
    request = RequestFactory().get("/")
    request.user = user or factories.domain_admin()
    request.session = {}
    more = {} if kind in (ImagesTable, InboxTable) else {"image": factories.image()}
    if kind is StoresTable:
        more |= {"stores": [], "task": None}
    if kind is MembersTable:
        more["rows"] = []
    return kind(request, scope=scope, **more)


@pytest.mark.parametrize("kind", TABLES)
def test_an_action_stays_its_own_tables(glance, keystone, kind):
    first = table_of(kind, PROJECT)
    second = table_of(kind, ADMIN)
    assert first.base_actions
    for name, action in first.base_actions.items():
        assert action.table is first
        assert second.base_actions[name].table is second
        if action.handles_multiple:
            assert action.multiple.__self__ is action


@pytest.mark.parametrize("kind", TABLES)
def test_check_boxes_stay_its_own_tables(glance, keystone, kind):
    """Who may act on several rows has them, whoever else looks at the same time."""
    first, second = (table_of(kind, PROJECT) for _ in range(2))
    first.set_multiselect_column_visibility(False)
    first.columns["name" if "name" in first.columns else next(iter(first.columns))].attrs["x"] = "y"
    third = table_of(kind, PROJECT)
    for other in (second, third):
        for column in other.columns.values():
            assert "hidden" not in column.classes
            assert "x" not in column.attrs


def test_rows_keep_their_boxes_beside_a_reader(glance, keystone):
    """The text of rows is made once for a process: not from what another thread hides."""
    glance.add()
    rows._templates.clear()
    member = table_of(ImagesTable, PROJECT, factories.member())
    key = [tuple(column.classes) for column in member.columns.values()]
    reader = table_of(ImagesTable, PROJECT, factories.reader())
    reader.data = []
    reader.render_table_actions()
    assert "hidden" in reader.columns["multi_select"].classes
    assert [tuple(column.classes) for column in member.columns.values()] == key
    member.data = [factories.image()]
    (row,) = member.get_rows()
    assert "multi_select_column hidden" not in row.render()
