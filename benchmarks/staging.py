# SPDX-License-Identifier: Apache-2.0
"""One file staged and imported, by a bare client too: ``python -m benchmarks staging``."""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import cloud as clouds
from benchmarks.clients import POLL_S, Direct, Panel, Way, send
from benchmarks.rounds import WARM_UP_MIB, play, read_once, reporter, warm_up
from benchmarks.table import machine, table
from benchmarks.uploads import make_file
from demo.cloud import Cloud
from tests.integration.images import Images
from tests.integration.processes import MIB

SETTINGS = {"HELION_IMAGES_UPLOAD_METHOD": "stage"}


class StagedDirect(Direct):
    """A PUT to Glance's staging area, and the import, with nothing between."""

    title = "bare client"

    def upload(self, file: Path) -> str:
        images = f"{self.cloud.glance.url}/v2/images"
        record = {"name": "bench", "disk_format": "raw", "container_format": "bare"}
        image_id = str(self.session.post(images, json=record).json()["id"])
        headers = {"X-Auth-Token": self.token, "Content-Type": "application/octet-stream"}
        status, answer = send("PUT", f"{images}/{image_id}/stage", headers, file)
        assert status == 204, (status, answer)
        method = {"method": {"name": "glance-direct"}, "all_stores_must_succeed": False}
        self.session.post(f"{images}/{image_id}/import", json=method)
        wait_until_active(self.cloud, self.session, image_id)
        return image_id


class StagingPanel(Panel):
    """What this panel's page does, until Glance has imported the file."""

    def log_in(self) -> None:
        super().log_in()
        self.session = self.cloud.session("alice")
        self.session.get_token()

    def upload(self, file: Path) -> str:
        image_id = super().upload(file)
        image = wait_until_active(self.cloud, self.session, image_id)
        assert "staged" in image["helion_images_requested"], image
        return image_id


def wait_until_active(cloud: Cloud, session: Any, image_id: str) -> dict[str, Any]:
    """Returns the image when Glance has ended the import too: before that a deletion may fail."""
    url = f"{cloud.glance.url}/v2/images/{image_id}"
    while True:
        image: dict[str, Any] = session.get(url).json()
        if image["status"] == "active":
            (task,) = session.get(f"{url}/tasks").json()["tasks"]
            if task["status"] == "success":
                return image
            time.sleep(POLL_S)
            continue
        assert image["status"] in ("uploading", "importing"), image
        time.sleep(POLL_S)


def main() -> None:
    options = _parser().parse_args()
    report = reporter()
    with tempfile.TemporaryDirectory(prefix="bench-", dir=options.folder) as name:
        folder = Path(name)
        file = make_file(folder / "image.raw", options.size * MIB)
        small = make_file(folder / "small.raw", WARM_UP_MIB * MIB)
        with clouds.running(folder / "cloud", settings=SETTINGS) as (cloud, _stock):
            ways: list[Way] = [StagedDirect(cloud), StagingPanel(cloud)]
            images = Images(cloud)
            warm_up(ways, images, small, report)
            read_once(file.path)
            rounds = play(ways, images, file, 1, options.rounds, report)
    text = table(rounds, StagedDirect.title).replace("direct PUT", StagedDirect.title, 1)
    print(
        f"\n{options.size} MiB raw, {options.rounds} rounds, median (range). {machine()}\n\n{text}"
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks staging", description="One file staged and imported."
    )
    parser.add_argument("--size", type=int, default=1024, help="MiB of the file; 1024 by default")
    parser.add_argument("--rounds", type=int, default=3, help="3 by default")
    parser.add_argument(
        "--folder",
        type=Path,
        help="where the file and the cloud are for the time; 5 times the size",
    )
    return parser


if __name__ == "__main__":
    main()
