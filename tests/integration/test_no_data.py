# SPDX-License-Identifier: Apache-2.0
"""Images that are complete and have no data in Glance: snapshots of volumes, and empty ones."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.verification import expected_property
from tests.integration.client import Dashboard
from tests.integration.images import Images
from tests.integration.panels import ADMIN, PROJECT
from tests.integration.test_stores import act, offered

REASONS = {
    "volume": (
        "The image is a snapshot of an instance that boots from a volume. Its data is in a volume "
        "snapshot, not in the image service."
    ),
    "empty": "The image has no data.",
}
SHA256 = Checksum("sha256", "ab" * 32)


def make(images: Images, kind: str) -> str:
    """As Nova leaves it: active, of 0 bytes."""
    mapping = [{"source_type": "snapshot", "snapshot_id": "5" * 32, "boot_index": 0}]
    fields = {"block_device_mapping": json.dumps(mapping)} if kind == "volume" else {}
    image_id = images.make(kind, data=b"", **fields)
    assert (images.status(image_id), images.show(image_id)["size"]) == ("active", 0)
    return image_id


@pytest.mark.parametrize("kind", REASONS)
def test_download_is_not_offered_and_the_details_say_why(
    person: Callable[[str], Dashboard], images: Images, kind: str
) -> None:
    image_id, other = make(images, kind), images.make("has-data")
    details = person("alice").get(PROJECT.detail(image_id))
    assert "download" not in details.offered(image_id)
    assert REASONS[kind] in details.text
    listed = person("alice").get(PROJECT.index, name=images.name(image_id))
    assert "download" not in listed.row_actions(image_id)
    assert "edit" in listed.row_actions(image_id)
    offered = person("alice").get(PROJECT.detail(other))
    assert "download" in offered.offered(other)
    assert "volume snapshot" not in offered.text


@pytest.mark.parametrize("kind", REASONS)
def test_download_is_refused(person: Callable[[str], Dashboard], images: Images, kind: str) -> None:
    image_id = make(images, kind)
    page = person("alice").get(PROJECT.download(image_id))
    assert page.path == PROJECT.index
    name = images.name(image_id)
    assert f"Image {name} was not downloaded. {REASONS[kind]}" in " ".join(page.errors)
    resumed = person("alice").request(
        "GET", PROJECT.download(image_id), headers={"Range": "bytes=0-5"}
    )
    assert (resumed.status, resumed.response.text) == (409, REASONS[kind])


@pytest.mark.parametrize("kind", REASONS)
def test_a_check_is_refused_and_removes_nothing(
    person: Callable[[str], Dashboard], images: Images, kind: str
) -> None:
    """No data has the checksum, and the image would be deleted for that."""
    image_id = make(images, kind)
    images.update(image_id, **expected_property(image_id, SHA256))
    answer = person("alice").post(PROJECT.verify(image_id)).response
    assert (answer.status_code, answer.json()["reason"]) == (409, REASONS[kind])
    details = person("alice").get(PROJECT.detail(image_id))
    assert "data-hip-verify-now" not in details.html
    assert 'data-hip-verify="' not in details.html
    assert images.status(image_id) == "active"


@pytest.mark.parametrize("kind", REASONS)
def test_a_copy_is_not_offered_and_refused(
    person: Callable[[str], Dashboard], images: Images, kind: str
) -> None:
    image_id = make(images, kind)
    path = ADMIN.detail(image_id)
    page = person("admin").get(path)
    assert offered(page, "archive") == set()
    refused = act(person("admin"), path, "copy", "archive")
    assert REASONS[kind].rstrip(".") in " ".join(refused.errors)
    assert images.show(image_id)["stores"] == "fast"
