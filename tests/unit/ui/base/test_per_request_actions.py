# SPDX-License-Identifier: Apache-2.0
"""Threads of one process show tables of several people at the same time."""

import pytest
from django.test import RequestFactory

from helion_images_panel.ui.inbox.table import InboxTable
from helion_images_panel.ui.listing.table import ImagesTable
from helion_images_panel.ui.scopes.scope import ADMIN, PROJECT
from helion_images_panel.ui.sharing.members import MembersTable
from helion_images_panel.ui.stores.tab import StoresTable
from tests import factories

TABLES = [ImagesTable, InboxTable, MembersTable, StoresTable]


def table_of(kind, scope):
    request = RequestFactory().get("/")
    request.user = factories.domain_admin()
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
