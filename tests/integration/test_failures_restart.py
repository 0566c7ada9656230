# SPDX-License-Identifier: Apache-2.0
"""Horizon restarted in the middle of an upload: the image waits for the next one."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator

import pytest
import requests

from demo.cloud import Cloud
from demo.horizon import Horizon
from tests.integration.aftermath import Aftermath
from tests.integration.bodies import Body
from tests.integration.client import Dashboard
from tests.integration.images import DATA, Images
from tests.integration.panels import PROJECT
from tests.integration.waiting import wait_until
from tests.thorough import only_thorough

pytestmark = only_thorough


@pytest.fixture
def horizon(cloud: Cloud) -> Iterator[Horizon]:
    """Horizon, for a test that ends it: runs again afterwards."""
    yield cloud.horizon
    if not cloud.horizon.is_running:
        cloud.horizon.start()
    wait_until(cloud.horizon.answers, bool, "Horizon to answer")


@pytest.mark.parametrize("end", [Horizon.stop, Horizon.kill], ids=["term", "kill"])
def test_horizon_restarted(
    horizon: Horizon,
    person: Callable[[str], Dashboard],
    images: Images,
    aftermath: Aftermath,
    end: Callable[[Horizon], None],
) -> None:
    image_id = images.make("restarted", data=None)
    with pytest.raises(requests.ConnectionError):
        person("alice").put(PROJECT.upload(image_id), Body(64, halfway=lambda: end(horizon)))
    images.wait_for_status(image_id, "queued")
    aftermath.check()

    horizon.start()
    (state,) = person("alice").get_json(PROJECT.progress, id=image_id)["images"]
    assert (state["status"], state["in_progress"]) == ("queued", False)
    # Nobody was left to say why; what there is to do is offered.
    assert (state["failure"], state["standstill"], state["stored_bytes"]) == ("", "", None)
    details = person("alice").get(PROJECT.detail(image_id))
    assert "This image has no data yet." in details.text
    assert (details.link("Upload Data") or "").endswith(PROJECT.upload_data(image_id))
    aftermath.sent[image_id] = hashlib.sha512(DATA).hexdigest()
    answer = person("alice").put(PROJECT.upload(image_id), DATA)
    assert answer.status_code == 200, answer.text
