# SPDX-License-Identifier: Apache-2.0
"""A raw disk with empty parts, which the page leaves out: ``python -m benchmarks sparse``."""

from __future__ import annotations

import argparse
import os
import subprocess
import tempfile
import time
from pathlib import Path

from selenium import webdriver

from benchmarks import cloud as clouds
from benchmarks.clients import Direct
from benchmarks.rounds import Turn, reporter
from benchmarks.table import machine, table
from demo.cloud import Cloud
from tests import programs
from tests.browser.browser import Browser, start_chromium
from tests.browser.dialogs import CreateImageDialog
from tests.browser.pages import ImagesPage
from tests.integration.images import Images
from tests.integration.processes import MIB

#: The data stands in so many places of the disk.
PLACES = 64
TIMEOUT_S = 1800
OFFER = "form[data-hip-create] .hip-sparse button"


class SparsePage:
    """This panel's page in Chromium: from the choice of the file until the image is active."""

    title = "this page, empty parts left out"

    def __init__(self, cloud: Cloud, driver: webdriver.Chrome):
        self.cloud = cloud
        self.browser = Browser(driver, cloud, {})
        self.browser.log_in("alice")

    def open(self) -> CreateImageDialog:
        return ImagesPage(self.browser).open().create()

    def upload(self, dialog: CreateImageDialog, file: Path) -> str:
        dialog.choose_file(file)
        self.browser.wait(lambda: self.browser.all(OFFER), "the offer")
        self.browser.one(OFFER).click()
        self.browser.wait(
            lambda: dialog.fields.value("disk_format") == "qcow2", "the whole disk read", TIMEOUT_S
        )
        dialog.create_and_follow().wait_until_active(TIMEOUT_S)
        (image,) = self.cloud.glance_client("alice").images.list()
        return str(image["id"])


def main() -> None:
    options = _parser().parse_args()
    report = reporter()
    with tempfile.TemporaryDirectory(prefix="bench-", dir=options.folder) as name:
        folder = Path(name)
        disk = make_disk(folder / "disk.raw", options.size * 1024, options.data * 1024)
        with clouds.running(folder / "cloud") as (cloud, _stock):
            images, driver = Images(cloud), start_chromium()
            try:
                direct, page = Direct(cloud), SparsePage(cloud, driver)
                rounds = []
                for number in range(options.rounds):
                    turns = [
                        lambda: direct_turn(direct, images, disk),
                        lambda: page_turn(page, images, disk),
                    ]
                    rounds.append([turn() for turn in (turns if number % 2 else turns[::-1])])
                    for turn in rounds[-1]:
                        report(f"round {number + 1}: {turn.way} {turn.took_s:.2f} s")
            finally:
                driver.quit()
    print(
        f"\nA raw disk of {options.size} GiB with {options.data} GiB of data, {options.rounds} "
        f"rounds, median (range). {machine()}\n\n{table(rounds, Direct.title)}"
    )


def direct_turn(direct: Direct, images: Images, disk: Path) -> Turn:
    direct.log_in()
    began = time.monotonic()
    image_id = direct.upload(disk)
    took_s = time.monotonic() - began
    assert images.show(images.adopt(image_id))["size"] == disk.stat().st_size
    images.clean()
    return Turn(direct.title, 1, took_s)


def page_turn(page: SparsePage, images: Images, disk: Path) -> Turn:
    """Checks afterwards that QEMU finds the same disk in what Glance has got."""
    dialog = page.open()
    began = time.monotonic()
    image_id = page.upload(dialog, disk)
    took_s = time.monotonic() - began
    stored = disk.with_name("stored.qcow2")
    images.adopt(image_id)
    with stored.open("wb") as opened:
        for chunk in page.cloud.glance_client("alice").images.data(image_id):
            opened.write(chunk)
    compare = ["compare", "-f", "raw", "-F", "qcow2", str(disk), str(stored)]
    subprocess.run([programs.path_of("qemu-img"), *compare], stdout=subprocess.DEVNULL, check=True)
    stored.unlink()
    # The page would ask after an image that has gone.
    page.browser.driver.get("about:blank")
    images.clean()
    return Turn(page.title, 1, took_s)


def make_disk(path: Path, size_mib: int, data_mib: int) -> Path:
    """A sparse file with a partition, and data that does not compress in equal distances."""
    with path.open("wb") as opened:
        opened.truncate(size_mib * MIB)
    subprocess.run(
        [programs.path_of("sfdisk"), str(path)], input=b",,L", stdout=subprocess.DEVNULL, check=True
    )
    with path.open("r+b") as opened:
        for place in range(PLACES):
            opened.seek((1 + place * size_mib // PLACES) * MIB)
            for _ in range(data_mib // PLACES):
                opened.write(os.urandom(MIB))
    return path


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks sparse",
        description="A raw disk with empty parts, which the page leaves out.",
    )
    parser.add_argument("--size", type=int, default=10, help="GiB of the disk; 10 by default")
    parser.add_argument("--data", type=int, default=1, help="GiB of it with data; 1 by default")
    parser.add_argument("--rounds", type=int, default=3, help="3 by default")
    parser.add_argument(
        "--folder",
        type=Path,
        help="where disk and cloud are for the time; needs three times the size",
    )
    return parser


if __name__ == "__main__":
    main()
