# SPDX-License-Identifier: Apache-2.0
"""Views of the list, as the real Glance filters them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration.client import Dashboard
from tests.integration.images import Images, unique
from tests.integration.panels import ADMIN, PROJECT, Panel

Person = Callable[[str], Dashboard]

MAPPING = '[{"source_type": "snapshot", "destination_type": "volume"}]'


@pytest.mark.parametrize(
    ("who", "panel"), [("alice", PROJECT), ("acme-admin", PROJECT), ("acme-admin", ADMIN)]
)
def test_views(person: Person, images: Images, who: str, panel: Panel) -> None:
    name = unique("view")
    made = {
        "plain": images.make(name=name),
        "queued": images.make(name=name, data=None),
        "snapshot": images.make(name=name, image_type="snapshot"),
        "queued snapshot": images.make(name=name, data=None, image_type="snapshot"),
        "of a volume": images.make(name=name, data=b"", block_device_mapping=MAPPING),
        "public": images.make(name=name, visibility="public"),
        "community": images.make(name=name, visibility="community"),
        "hidden": images.make(name=name, os_hidden=True),
    }
    images.make("foreign", "globex-ops", data=None, name=name, image_type="snapshot")
    expected = {
        "Snapshots": {"snapshot", "queued snapshot", "of a volume"},
        "In progress or failed": {"queued", "queued snapshot"},
        "Public": {"public"},
        "Community": {"community"},
        "Hidden": {"hidden"},
    }
    page = person(who).get(panel.index)
    for label, found in expected.items():
        url = page.link(label)
        assert url, label
        view = person(who).get(url, name=name)
        assert set(view.rows) == {made[each] for each in found}, label
        assert view.errors == []


def test_the_own_project(person: Person, images: Images) -> None:
    name = unique("own")
    own = images.make(name=name)
    images.make("public", "acme-data", name=name, visibility="public")
    url = f"{PROJECT.index}?owner={images.cloud.project_id('acme-web')}"
    assert f'href="{url}"' in person("alice").get(PROJECT.index).html
    assert set(person("alice").get(url, name=name).rows) == {own}
    assert len(person("alice").get(PROJECT.index, name=name).rows) == 2
