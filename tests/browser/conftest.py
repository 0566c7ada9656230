# SPDX-License-Identifier: Apache-2.0
"""Fixtures of the browser tests.

What a test does to an image it does to images of its own, with names that
nobody else uses; they are gone after the test however it ends.
"""

import io
import os
import re
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from glanceclient.exc import HTTPNotFound
from selenium import webdriver

from demo import imagefiles
from demo.cloud import Cloud
from tests.browser.browser import HOW_TO_GET_IT, Browser, is_installed, start_chromium
from tests.browser.waiting import wait_for

FAILURES = Path(__file__).parent / "failures"
MIB = 1024 * 1024


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip before anything is started; REQUIRE_BROWSER=1 fails instead."""
    if is_installed():
        return
    if os.environ.get("REQUIRE_BROWSER") == "1":
        pytest.fail(HOW_TO_GET_IT, pytrace=False)
    pytest.skip(HOW_TO_GET_IT)


@pytest.fixture(scope="session")
def chromium(cloud: Cloud) -> Iterator[webdriver.Chrome]:
    driver = start_chromium()
    try:
        # A page of the dashboard that stays open keeps the process of all others.
        driver.get(f"{cloud.horizon.url}/auth/login/")
        yield driver
    finally:
        driver.quit()


@pytest.fixture(scope="session")
def logins() -> dict[str, list[dict[str, Any]]]:
    """The cookies of each user's login, from the first test that needed it."""
    return {}


_FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    report: Any = yield
    if report.when == "call" and (report.failed or hasattr(report, "wasxfail")):
        item.stash[_FAILED] = True
    return report


@pytest.fixture
def unique(cloud: Cloud) -> Iterator[Callable[[str], str]]:
    """Makes names that nobody else uses. Images of such a name are removed afterwards."""
    mark = uuid.uuid4().hex[:8]
    yield lambda stem: f"{stem} {mark}"
    admin = cloud.glance_client("admin")
    for hidden in (False, True):
        filters = {"visibility": "all", "os_hidden": hidden}
        for image in admin.images.list(filters=filters, page_size=500):
            if mark in (image.get("name") or ""):
                remove(cloud, image["id"])


@pytest.fixture
def make_image(cloud: Cloud) -> Iterator[Callable[..., Any]]:
    """Makes an image through Glance's API, and removes it afterwards.

    ``content=None`` leaves it queued; ``os_hidden`` and other fields as in the API.
    """
    made: list[str] = []

    def make(
        name: str | None,
        user: str = "alice",
        content: bytes | None = b"",
        disk_format: str = "qcow2",
        **fields: Any,
    ) -> Any:
        client = cloud.glance_client(user)
        named = {} if name is None else {"name": name}
        attributes = {"visibility": "private", **named, **fields}
        image = client.images.create(disk_format=disk_format, container_format="bare", **attributes)
        made.append(image["id"])
        if content is not None:
            data = content or imagefiles.qcow2(MIB, image["id"].encode())
            client.images.upload(image["id"], io.BytesIO(data), image_size=len(data))
        return client.images.get(image["id"])

    yield make
    for image_id in made:
        remove(cloud, image_id)


@pytest.fixture
def browser(
    chromium: webdriver.Chrome,
    cloud: Cloud,
    logins: dict[str, list[dict[str, Any]]],
    request: pytest.FixtureRequest,
    unique: Callable[[str], str],
    make_image: Callable[..., Any],
) -> Iterator[Browser]:
    """A fresh tab. The test fails if the page reports an error of its own.

    It closes before the images that a test made go: a page that follows one
    would report rightly that it is gone.
    """
    tab = Browser(chromium, cloud, logins)
    tab.console_errors()
    try:
        yield tab
        if request.node.stash.get(_FAILED, False):
            tab.keep(FAILURES / re.sub(r"\W+", "_", request.node.name))
        else:
            errors = tab.console_errors()
            assert not errors, f"The browser's console has errors: {errors}"
    finally:
        tab.close()


@pytest.fixture
def set_width(browser: Browser) -> Iterator[Callable[[int], None]]:
    """Give the window another width, until the test ends."""

    def set_to(width: int) -> None:
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)

    yield set_to
    browser.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def remove(cloud: Cloud, image_id: str) -> None:
    """Remove an image whatever its state, unless it is gone."""
    admin = cloud.glance_client("admin")

    def gone() -> bool:
        try:
            if admin.images.get(image_id)["protected"]:
                admin.images.update(image_id, protected=False)
            admin.images.delete(image_id)
        except HTTPNotFound:
            return True
        return False

    wait_for(gone, f"image {image_id} to go", lambda: dict(admin.images.get(image_id)))
