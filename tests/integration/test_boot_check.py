# SPDX-License-Identifier: Apache-2.0
"""The boot checks of a form that is not sent yet: who may ask, and that nothing is created."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from demo.cloud import Cloud
from tests.integration.client import Dashboard
from tests.integration.panels import PROJECT

FIELDS = {
    "check_boot": "true",
    "disk_format": "qcow2",
    "name": "checked only",
    "properties": "hw_disk_bus = VirtIO",
}


def test_a_member_gets_findings_and_no_image(
    cloud: Cloud, person: Callable[[str], Dashboard]
) -> None:
    answer = person("alice").post(PROJECT.create, FIELDS).response.json()
    (finding,) = answer["findings"]
    assert "VirtIO" in finding["sentence"]
    assert finding["changes"] == {"hw_disk_bus": "virtio"}
    images = cloud.glance_client("alice").images.list(filters={"name": FIELDS["name"]})
    assert not list(images)


@pytest.mark.parametrize("question", [FIELDS, {**FIELDS, "check_content": "true"}])
@pytest.mark.parametrize("who", ["anonymous", "reader"])
def test_who_may_not_create_images_gets_nothing(
    person: Callable[[str], Dashboard], who: str, question: dict[str, str]
) -> None:
    answer = person(who).post(PROJECT.create, question)
    assert "findings" not in answer.html
    assert "needs" not in answer.html
    assert who == "anonymous" or answer.status == 403
