# SPDX-License-Identifier: Apache-2.0
"""The notice on images that are going away, with the instances and volumes of a real Nova and
Cinder.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from demo.cloud import Cloud
from helion_images_panel.core.end_dates import EndDates, record
from helion_images_panel.core.image import Image
from tests.browser.axe import violations
from tests.browser.browser import Browser
from tests.browser.keyboard import Keyboard
from tests.browser.pages import ImagesPage
from tests.compute.machines import Machines
from tests.integration.images import Images


def test_the_notice_has_what_the_project_uses(
    browser: Browser,
    cloud: Cloud,
    machines: Machines,
    unique: Callable[[str], str],
    make_image: Callable[..., Any],
) -> None:
    images = Images(cloud)
    going, of_volume, foreign = (
        make_image(unique(name), visibility="community")
        for name in ("going away", "of a volume", "of another project")
    )
    day = datetime.now(UTC).date() + timedelta(days=20)
    for image in (going, of_volume, foreign):
        dates = record(Image.from_glance(images.show(image["id"])), EndDates(delete_on=day))
        images.update(image["id"], **dates)
    instance = unique("instance")
    machines.launch(instance, going["id"])
    machines.create_volume(unique("volume"), of_volume["id"])
    machines.launch(unique("of bob"), foreign["id"], "bob")

    browser.log_in("alice", fresh=True)
    ImagesPage(browser).open().wait_until_shown()
    browser.wait(lambda: browser.all("[data-hip-ending] .alert"), "the notice")
    text = browser.one("[data-hip-ending]").text
    assert "Instances and volumes of acme-web use images that are going away" in text
    assert f"{going['name']} (" in text
    assert "1 instance)" in text
    assert f"{of_volume['name']} (" in text
    assert "1 volume)" in text
    assert foreign["name"] not in text
    assert violations(browser, "[data-hip-ending]") == []
    Keyboard(browser).press_button("Dismiss")
    browser.wait(lambda: not browser.all("[data-hip-ending] .alert"), "the notice to go")
