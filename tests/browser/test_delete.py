# SPDX-License-Identifier: Apache-2.0
"""Delete, and Protect, which keeps an image from being deleted."""

from collections.abc import Callable
from typing import Any

import pytest
from glanceclient.exc import HTTPNotFound

from demo.cloud import Cloud
from helion_images_panel.core.deletion import PROPERTY
from tests.browser.browser import Browser
from tests.browser.dialogs import ConfirmDialog
from tests.browser.pages import DetailPage, ImagesPage

Unique = Callable[[str], str]
MakeImage = Callable[..., Any]


def exists(cloud: Cloud, image_id: str) -> bool:
    """Whether the image is there, and not one that is deleted and can be restored."""
    try:
        return PROPERTY not in cloud.glance_client("admin").images.get(image_id)
    except HTTPNotFound:
        return False


def is_protected(cloud: Cloud, image_id: str) -> bool:
    return bool(cloud.glance_client("alice").images.get(image_id)["protected"])


def test_protected_image_has_no_delete(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    image = make_image(unique("to protect"))
    name = image["name"]
    browser.log_in("alice")
    page = ImagesPage(browser).open()
    assert "Delete Image" in page.row(name).actions.labels()

    page.row(name).actions.choose("Protect Image")
    page.wait_for_message(f"Protected Image: {name}")
    assert is_protected(cloud, image["id"])
    assert page.row(name).is_protected
    labels = page.row(name).actions.labels()
    assert "Delete Image" not in labels
    assert "Protect Image" not in labels
    details = page.row(name).open()
    assert details.facts()["Protected"] == "Yes"
    assert "Delete Image" not in details.actions.labels()

    details.actions.choose("Unprotect Image")
    details.wait_for_message(f"Unprotected Image: {name}")
    assert not is_protected(cloud, image["id"])
    page.open()
    dialog = page.row(name).begin("Delete Image")
    assert f'Delete "{name}"?' in dialog.text
    assert "can be restored for 30 days" in dialog.text
    dialog.confirm()
    page.wait_for_message(f"Deleted Image: {name}")
    assert name not in page.names()
    assert not exists(cloud, image["id"])


def test_cancelled_deletion_deletes_nothing(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    image = make_image(unique("to keep"))
    browser.log_in("alice")
    page = ImagesPage(browser).open()
    page.row(image["name"]).begin("Delete Image").press("Cancel")
    browser.wait(lambda: not browser.all(".modal.in"), "the dialog to close")
    page.open()
    assert image["name"] in page.names()
    assert exists(cloud, image["id"])


def test_deleted_from_its_own_page(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    image = make_image(unique("own page"))
    browser.log_in("alice")
    details = DetailPage(browser).open(image["id"])
    dialog = details.begin("Delete Image")
    assert image["name"] in dialog.text
    dialog.confirm()
    page = ImagesPage(browser).wait_until_shown()
    page.wait_for_message(f"Deleted Image: {image['name']}")
    assert image["name"] not in page.names()
    assert not exists(cloud, image["id"])


def test_several_are_deleted_and_each_is_reported(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    """The page is older than the protection of one image and the end of another."""
    names = [unique(stem) for stem in ("first", "protected meanwhile", "gone meanwhile", "last")]
    images = [make_image(name) for name in names]
    client = cloud.glance_client("alice")
    browser.log_in("alice")
    page = ImagesPage(browser).open()
    for name in names:
        page.row(name).tick()
    client.images.update(images[1]["id"], protected=True)
    client.images.delete(images[2]["id"])
    dialog = page.begin_for_ticked("Delete Images")
    assert all(f'"{name}"' in dialog.text for name in names)
    dialog.confirm()

    done = page.wait_for_message("Deleted 2 Images")
    assert done.startswith("Success:")
    assert names[0] in done
    assert names[3] in done
    assert names[1] not in done
    failed = page.wait_for_message("Delete Images failed")
    assert f"{names[1]} – The image is protected. Unprotect it first." in failed
    assert f"{images[2]['id']} – Image not found." in failed
    assert [exists(cloud, image["id"]) for image in images] == [False, True, False, False]
    assert [name for name in names if name in page.names()] == [names[1]]


def test_header_box_ticks_every_row(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    name = unique("all of them")
    images = [make_image(name) for _ in range(3)]
    browser.log_in("alice")
    page = ImagesPage(browser).open()
    page.filter(name=name)
    browser.click(
        lambda: browser.one("#images thead .multi_select_column label"), "the box in the header"
    )
    page.begin_for_ticked("Delete Images").confirm()
    page.wait_for_message("Deleted 3 Images")
    assert not any(exists(cloud, image["id"]) for image in images)


@pytest.mark.parametrize("action", ["protect", "unprotect"])
def test_several_are_protected_at_once(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage, action: str
) -> None:
    wanted = action == "protect"
    names = [unique("one"), unique("two"), unique("already so")]
    images = [make_image(name, protected=not wanted) for name in names[:2]]
    images.append(make_image(names[2], protected=wanted))
    browser.log_in("alice")
    page = ImagesPage(browser).open()
    for name in names:
        page.row(name).tick()
    page.choose_for_ticked(f"{action.title()} Images")
    dialog = ConfirmDialog(browser).wait_until_open()
    assert "2 images will" in dialog.text
    assert "1 image stays as it is" in dialog.text
    dialog.confirm()

    done = page.wait_for_message(f"{action.title()}ed 2 Images")
    assert names[0] in done
    assert names[1] in done
    assert names[2] in page.wait_for_message(f"{action.title()} Image failed")
    assert [is_protected(cloud, image["id"]) for image in images] == [wanted] * 3


def test_forged_deletion_is_refused(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    """A request that no button of the page makes."""
    image = make_image(unique("protected"), protected=True)
    browser.log_in("alice")
    page = ImagesPage(browser).open()
    browser.run(
        "const body = new URLSearchParams(new FormData(document.querySelector('#images form, "
        "form:has(#images)')));"
        "body.set('action', 'images__delete__' + arguments[0]);"
        "window.answered = false;"
        "fetch(location.pathname, {method: 'POST', body, redirect: 'manual'})"
        ".then(() => { window.answered = true; });",
        image["id"],
    )
    browser.wait(lambda: browser.run("return window.answered"), "the answer")
    page.open()
    assert "The image is protected" in page.wait_for_message(image["name"])
    assert exists(cloud, image["id"])
