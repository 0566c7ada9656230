# SPDX-License-Identifier: Apache-2.0
"""The person changes the project in another tab while an image is on its way."""

from collections.abc import Callable

from demo.cloud import Cloud
from tests.browser.browser import Browser
from tests.browser.pages import ImagesPage
from tests.thorough import only_thorough

pytestmark = only_thorough

Unique = Callable[[str], str]

SWITCH = """
const done = arguments[arguments.length - 1];
fetch(arguments[0], {credentials: 'same-origin'}).then(() => done(), () => done());
"""


NAME = """
const done = arguments[arguments.length - 1];
fetch('/project/images/', {credentials: 'same-origin'}).then(answer => answer.text()).then(text => {
  const page = new DOMParser().parseFromString(text, 'text/html');
  done(page.querySelector('.context-project').textContent);
}, () => done(''));
"""


def switch_to(browser: Browser, cloud: Cloud, project: str) -> None:
    """As a page of the same session does it.

    Once more where it is undone: Horizon's own requests of a page write the
    session back as they have found it.
    """
    path = f"/auth/switch/{cloud.project_id(project)}/?next=/project/images/"

    def is_there() -> bool:
        browser.driver.execute_async_script(SWITCH, path)
        return project in browser.driver.execute_async_script(NAME)

    browser.wait(is_there, f"project {project} to be the active one")


def test_image_of_another_project_is_not_called_deleted(
    browser: Browser, cloud: Cloud, unique: Unique
) -> None:
    name = unique("left behind")
    browser.log_in("mona", fresh=True)
    browser.go("/project/images/")
    switch_to(browser, cloud, "acme-data")
    dialog = ImagesPage(browser).open().create()
    dialog.fields.fill("name", name)
    dialog.choose_location(f"{cloud.files.url}/slow/cirros-like.qcow2?seconds=12")
    dialog.fields.choose("disk_format", "QCOW2 - QEMU Emulator")
    item = dialog.create_and_follow()
    item.wait_for_line("You can leave this page")
    switch_to(browser, cloud, "acme-lab")
    assert "Switch back to acme-data" in item.wait_for_failure()
    assert item.buttons() == ["Retry"]
    switch_to(browser, cloud, "acme-data")
    item.press("Retry")
    item.wait_until_active(within_s=60)
