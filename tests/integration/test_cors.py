# SPDX-License-Identifier: Apache-2.0
"""A Glance that lets the dashboard's pages talk to it: what direct uploads stand on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests

from demo.cloud import Cloud
from tests.integration.images import Images
from tests.integration.reconfigured import reconfigured

ELSEWHERE = "http://elsewhere.example"
HEADERS = "content-type,x-auth-token,x-image-meta-store"


@pytest.fixture(scope="module")
def origin(cloud: Cloud) -> Iterator[str]:
    with reconfigured(cloud, cors_origins=(cloud.horizon.url,)):
        yield cloud.horizon.url


def preflight(cloud: Cloud, origin: str, path: str) -> requests.Response:
    """What a browser asks before it sends."""
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": HEADERS,
    }
    return requests.options(cloud.glance.url + path, headers=headers, timeout=60)


def test_preflight(cloud: Cloud, images: Images, origin: str) -> None:
    answer = preflight(cloud, origin, f"/v2/images/{images.make(data=None)}/file")
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == origin
    assert "PUT" in answer.headers["Access-Control-Allow-Methods"]
    allowed = answer.headers["Access-Control-Allow-Headers"].lower().split(",")
    assert set(HEADERS.split(",")) <= set(allowed)


def test_put(cloud: Cloud, images: Images, origin: str) -> None:
    image_id, data = images.make(data=None), b"from a browser" * 100_000
    headers = {
        "Origin": origin,
        "X-Auth-Token": cloud.session("alice").get_token(),
        "Content-Type": "application/octet-stream",
        "X-Image-Meta-Store": "archive",
    }
    url = f"{cloud.glance.url}/v2/images/{image_id}/file"
    answer = requests.put(url, data=data, headers=headers, timeout=60)
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == origin
    assert images.data(image_id) == data
    assert images.show(image_id)["stores"] == "archive"


def test_a_refusal_can_be_read_too(cloud: Cloud, images: Images, origin: str) -> None:
    headers = {"Origin": origin, "X-Auth-Token": "none", "Content-Type": "application/octet-stream"}
    url = f"{cloud.glance.url}/v2/images/{images.make(data=None)}/file"
    answer = requests.put(url, data=b"x", headers=headers, timeout=60)
    assert answer.status_code == 401
    assert answer.headers["Access-Control-Allow-Origin"] == origin


def test_not_from_elsewhere(cloud: Cloud, images: Images, origin: str) -> None:
    answer = preflight(cloud, ELSEWHERE, f"/v2/images/{images.make(data=None)}/file")
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert "Access-Control-Allow-Methods" not in answer.headers
