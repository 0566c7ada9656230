# SPDX-License-Identifier: Apache-2.0
"""Who uses an image, as its confirmation tells; the demo has no compute service."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.integration.client import Dashboard
from tests.integration.images import Images
from tests.integration.panels import ADMIN, DOMAIN, PROJECT, Panel


def uses(dashboard: Dashboard, panel: Panel, *image_ids: str) -> Any:
    return dashboard.get_json(panel.uses, id=list(image_ids))["uses"]


def test_snapshots_and_members(person: Callable[[str], Dashboard], images: Images) -> None:
    image_id, unused = images.make("used", visibility="shared"), images.make("unused")
    images.share(image_id, "acme-data")
    images.share(image_id, "acme-lab", "pending")
    images.make("snapshot", base_image_ref=image_id, image_type="snapshot")
    images.make("foreign snapshot", "globex-ops", base_image_ref=image_id)
    expected = {
        image_id: ["1 snapshot based on it", "Shared with 2 projects"],
        unused: [],
    }
    assert uses(person("alice"), PROJECT, image_id, unused) == expected
    assert uses(person("acme-admin"), ADMIN, image_id, unused) == expected
    told = uses(person("admin"), ADMIN, image_id)[image_id]
    assert told == ["2 snapshots based on it", "Shared with 2 projects"]


def test_others_are_told_nothing(person: Callable[[str], Dashboard], images: Images) -> None:
    image_id = images.make("seen", visibility="public")
    images.make("snapshot", "globex-research", base_image_ref=image_id)
    foreign = images.make("foreign", "globex-ops")
    assert uses(person("bob"), PROJECT, image_id, foreign) == {}
    assert uses(person("acme-admin"), ADMIN, foreign) == {}
    assert person("bob").get(ADMIN.uses, id=image_id).status == 403
    assert person("anonymous").get(PROJECT.uses, id=image_id).is_login


def test_the_manager_of_a_domain_is_told_of_hers(
    person: Callable[[str], Dashboard], images: Images
) -> None:
    """In the project that the image belongs to, which is not the active one."""
    image_id, other = images.make("used", "acme-lab", visibility="shared"), images.make("not hers")
    images.share(image_id, "acme-web")
    images.make("snapshot", "acme-lab", base_image_ref=image_id, image_type="snapshot")
    images.make("snapshot", "acme-web", base_image_ref=other)
    told = uses(person("mona"), DOMAIN, image_id, other)
    assert told == {image_id: ["1 snapshot based on it", "Shared with 1 project"]}
    for page in (DOMAIN.index, DOMAIN.detail(image_id)):
        (panel,) = person("mona").get(page).tree.all(data_uses_url=DOMAIN.uses)
        assert "data-hip-images" in panel.attributes
    assert person("alice").get(DOMAIN.uses, id=image_id).status == 403
