# SPDX-License-Identifier: Apache-2.0
"""The ways to get a file into Glance, each from its first request until the image is active.

Logging in comes before. Whatever goes over HTTP is sent by the same few lines,
so that the ways differ in the servers alone.
"""

from __future__ import annotations

import http.client
import json
import subprocess
import time
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from benchmarks import relay
from demo.cloud import Cloud
from demo.horizon import Horizon
from demo.service import script
from tests.integration.client import Dashboard
from tests.integration.panels import PROJECT

USER = "alice"
CHUNK_BYTES = 256 * 1024
TIMEOUT_S = 3600
POLL_S = 0.05


class Way(Protocol):
    """`title` heads its row; `horizon` is the dashboard that the bytes pass through, if any."""

    title: str
    horizon: Horizon | None

    def log_in(self) -> None: ...

    def upload(self, file: Path) -> str:
        """Returns the ID of the image when it is active."""
        ...


class Panel:
    """What this panel's page does: the form, then the file as the body of one PUT."""

    title = "this panel"
    #: What its form sends besides.
    more_fields: Mapping[str, str] = {}

    def __init__(self, cloud: Cloud):
        self.cloud = cloud
        self.horizon: Horizon | None = cloud.horizon

    def log_in(self) -> None:
        self.dashboard = Dashboard(self.cloud.horizon.url).log_in(self.cloud.user(USER))
        self.form = self.dashboard.get(PROJECT.create).form("disk_format")

    def upload(self, file: Path) -> str:
        page = self.dashboard.submit(
            self.form,
            name=_name(),
            source="file",
            file_name=file.name,
            file_size=file.stat().st_size,
            disk_format="raw",
            **self.more_fields,
        )
        assert page.status == 201, page.text[:500]
        steps = page.response.json()
        while True:
            status, answer = send(
                "PUT",
                self.cloud.horizon.url + steps["upload_url"],
                _as_browser(self.dashboard, "application/octet-stream"),
                file,
            )
            if status != 503 or answer.get("kind") != "busy":
                break
            time.sleep(answer["retry_after_s"])
        assert status == 200, (status, answer)
        return str(steps["id"])


class Direct:
    """A PUT to Glance with nothing between."""

    title = "direct PUT"
    horizon: Horizon | None = None

    def __init__(self, cloud: Cloud):
        self.cloud = cloud
        self.data_url = cloud.glance.url

    def log_in(self) -> None:
        self.session = self.cloud.session(USER)
        self.token = str(self.session.get_token())

    def upload(self, file: Path) -> str:
        images = f"{self.cloud.glance.url}/v2/images"
        record = {"name": _name(), "disk_format": "raw", "container_format": "bare"}
        image_id = str(self.session.post(images, json=record).json()["id"])
        headers = {"X-Auth-Token": self.token, "Content-Type": "application/octet-stream"}
        data_url = f"{self.data_url}/v2/images/{image_id}/file"
        status, answer = send("PUT", data_url, headers, file)
        assert status == 204, (status, answer)
        return image_id


class Relayed(Direct):
    """The same PUT through a process that only reads, hashes and sends on."""

    title = "bare relay"

    def __init__(self, cloud: Cloud, port: int):
        super().__init__(cloud)
        self.data_url = f"http://{relay.HOST}:{port}"


class OpenStackClient:
    """The command ``openstack image create``, which logs in by itself."""

    title = "openstack image create"
    horizon: Horizon | None = None

    def __init__(self, cloud: Cloud):
        self.cloud = cloud

    def log_in(self) -> None:
        self.environment = {"PATH": "/usr/bin:/bin", **self.cloud.environment(USER)}

    def upload(self, file: Path) -> str:
        command = [script("openstack"), "image", "create", "-f", "json", _name()]
        command += ["--disk-format", "raw", "--container-format", "bare", "--file", str(file)]
        done = subprocess.run(command, env=self.environment, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()[-500:]
        return str(json.loads(done.stdout)["id"])


class StockPanel:
    """What the stock AngularJS panel does: one multipart form with the file in it.

    It is answered when Horizon has the file; a thread of Horizon then sends it on.
    """

    title = "stock panel"

    def __init__(self, cloud: Cloud, stock: Horizon):
        self.cloud = cloud
        self.horizon: Horizon | None = stock
        self.url = stock.url

    def log_in(self) -> None:
        self.dashboard = Dashboard(self.url).log_in(self.cloud.user(USER))
        self.session = self.cloud.session(USER)

    def upload(self, file: Path) -> str:
        fields = {
            "source_type": "file-legacy",
            "name": _name(),
            "disk_format": "raw",
            "container_format": "bare",
            "visibility": "shared",
            "protected": False,
            "min_disk": 0,
            "min_ram": 0,
        }
        parts = {"$$originalJSON": json.dumps(fields)}
        boundary = uuid.uuid4().hex
        headers = _as_browser(self.dashboard, f"multipart/form-data; boundary={boundary}")
        status, answer = send(
            "POST",
            f"{self.url}/api/glance/images/",
            headers,
            file,
            head=_multipart_head(boundary, parts, file.name),
            tail=f"\r\n--{boundary}--\r\n".encode(),
        )
        assert status == 201, (status, answer)
        image_id = str(answer["id"])
        while self._status(image_id) != "active":
            time.sleep(POLL_S)
        return image_id

    def _status(self, image_id: str) -> str:
        image = self.session.get(f"{self.cloud.glance.url}/v2/images/{image_id}").json()
        assert image["status"] != "killed", image
        return str(image["status"])


def send(
    method: str,
    url: str,
    headers: Mapping[str, str],
    file: Path,
    *,
    head: bytes = b"",
    tail: bytes = b"",
) -> tuple[int, Any]:
    """Streams a file with its Content-Length; returns the status and what its JSON says."""
    address = urlsplit(url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=TIMEOUT_S)
    size_bytes = len(head) + file.stat().st_size + len(tail)
    try:
        target = address.path + (f"?{address.query}" if address.query else "")
        connection.request(
            method,
            target,
            body=_chunks(file, head, tail),
            headers={**headers, "Content-Length": str(size_bytes)},
        )
        response = connection.getresponse()
        text = response.read()
    finally:
        connection.close()
    return response.status, json.loads(text) if text.startswith(b"{") else {}


def _chunks(file: Path, head: bytes, tail: bytes) -> Iterator[bytes]:
    if head:
        yield head
    with file.open("rb", buffering=0) as opened:
        while chunk := opened.read(CHUNK_BYTES):
            yield chunk
    if tail:
        yield tail


def _as_browser(dashboard: Dashboard, content_type: str) -> dict[str, str]:
    cookies = "; ".join(f"{name}={value}" for name, value in dashboard.session.cookies.items())
    return {
        "Cookie": cookies,
        "X-CSRFToken": dashboard.csrf_token,
        "X-Requested-With": "XMLHttpRequest",
        "Referer": dashboard.base,
        "Content-Type": content_type,
    }


def _multipart_head(boundary: str, fields: Mapping[str, str], file_name: str) -> bytes:
    lines = []
    for name, value in fields.items():
        lines += [
            f"--{boundary}",
            f'Content-Disposition: form-data; name="{name}"',
            "",
            value,
        ]
    lines += [
        f"--{boundary}",
        f'Content-Disposition: form-data; name="data"; filename="{file_name}"',
        "Content-Type: application/octet-stream",
        "",
        "",
    ]
    return "\r\n".join(lines).encode()


def _name() -> str:
    return f"bench-{uuid.uuid4().hex[:8]}"
