# SPDX-License-Identifier: Apache-2.0
"""Rows have the actions that Horizon's own code finds for them, found once for alike images."""

from __future__ import annotations

import itertools
from dataclasses import fields, replace

import pytest

from helion_images_panel.core.family import ROLES, Family, family_property
from helion_images_panel.core.image import COPYING_TO, FAILED_STORES, IMPORT_TASK, Image
from helion_images_panel.core.publication import DOMAIN, Publication, publication_property
from helion_images_panel.ui.listing.row_actions import RowActions
from helion_images_panel.ui.listing.table import ImagesTable
from helion_images_panel.ui.scopes.admin_scope import ADMIN
from helion_images_panel.ui.scopes.scope import PROJECT
from tests import factories
from tests.unit.ui.listing.test_rows import request_of

ID = factories.image_id()
PUBLISHED = publication_property(ID, Publication(DOMAIN, "private", factories.DOMAIN))

#: Other values of each attribute than those of an image of the project with data.
OTHERS = {
    "id": [factories.image_id()],
    "name": [None, "other"],
    "status": ["queued", "saving", "importing", "deactivated", "killed", "pending_delete"],
    "visibility": ["shared", "community", "public"],
    "protected": [True],
    "os_hidden": [True],
    "owner": [None, factories.SIBLING, factories.FOREIGN],
    "disk_format": [None, "iso", "aki"],
    "container_format": [None, "docker", "aki", "ari", "ova"],
    "size_bytes": [None, 0],
    "virtual_size_bytes": [1],
    "min_disk_gib": [1],
    "min_ram_mib": [1],
    "checksum": [None],
    "hash_algorithm": [None],
    "hash_value": [None],
    "created_at": [None],
    "updated_at": [None],
    "tags": [("tag",)],
    "stores": [(), ("fast",), ("fast", "archive")],
    "locations": [("https://example.org/image",)],
    "properties": [
        {"os_distro": "ubuntu"},
        {"image_type": "snapshot"},
        {"image_type": "snapshot", "instance_uuid": ID},
        {"block_device_mapping": '[{"source_type": "snapshot"}]'},
        {IMPORT_TASK: "task"},
        {IMPORT_TASK: "task", FAILED_STORES: "fast"},
        {COPYING_TO: "fast"},
        PUBLISHED,
        *(family_property(ID, factories.PROJECT, Family("f", "", role)) for role in ROLES),
    ],
}
CHANGES = [{name: value} for name, values in OTHERS.items() for value in values]


def images() -> list[Image]:
    """An image, and all that differ from it in one attribute or in two."""
    first = replace(factories.image(), id=ID, size_bytes=1)
    pairs = [one | other for one, other in itertools.combinations(CHANGES, 2)]
    return [replace(first, **change) for change in ({}, *CHANGES, *pairs)]


def test_each_attribute_of_an_image_is_tried():
    assert OTHERS.keys() == {field.name for field in fields(Image)}


@pytest.mark.parametrize("scope", [PROJECT, ADMIN], ids=["project", "admin"])
@pytest.mark.parametrize("who", ["member", "domain_admin", "cloud_admin"])
def test_actions_are_those_that_horizon_finds_for_each_image(glance, keystone, scope, who):
    table = ImagesTable(request_of(factories.PEOPLE[who]()), data=[], scope=scope)
    found = RowActions(table._allowed_actions)
    menus = set()
    for image in images():
        names = [action.name for action in table._allowed_actions(image)]
        menus.add(tuple(names))
        assert [action.name for action in found.of(image)] == names, image
    assert len(menus) > 1


def test_alike_images_are_looked_at_once():
    asked = []
    found = RowActions(lambda image: asked.append(image) or [])
    for _ in range(3):
        found.of(factories.image())
    assert len(asked) == 1
    found.of(factories.image(protected=True))
    assert len(asked) == 2


def test_a_publication_belongs_to_its_own_image():
    """It is signed for the image's ID, and not valid on a copy."""
    asked = []
    found = RowActions(lambda image: asked.append(image.id) or [])
    ids = [factories.image_id() for _ in range(2)]
    for image_id in ids:
        found.of(replace(factories.image(), id=image_id, properties=PUBLISHED))
    assert asked == ids
