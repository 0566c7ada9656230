# SPDX-License-Identifier: Apache-2.0
"""Files dropped onto the page, and several chosen at once."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from demo import imagefiles
from demo.cloud import Cloud
from tests.browser.browser import Browser
from tests.browser.dialogs import CreateImageDialog, SeveralDialog
from tests.browser.pages import ADMIN, FILE_LENDER, PROJECT, ImagesPage
from tests.thorough import only_thorough

MIB = 1024 * 1024
GIB = 1024 * MIB
Unique = Callable[[str], str]


@pytest.fixture
def files(unique: Unique, tmp_path: Path) -> list[Path]:
    """A QCOW2, an ISO, and one whose content says nothing."""
    contents = {
        unique("first"): imagefiles.qcow2(2 * GIB, b"first"),
        unique("second"): imagefiles.iso9660("SECOND", {}),
        unique("third"): b"nobody knows what this is",
    }
    found = []
    for name, content in contents.items():
        found.append(tmp_path / f"{name}.bin")
        found[-1].write_bytes(content)
    return found


def named(cloud: Cloud, name: str) -> list[Any]:
    return list(cloud.glance_client("alice").images.list(filters={"name": name}))


@pytest.mark.parametrize("panel", [PROJECT, ADMIN])
def test_overlay_says_what_will_happen(browser: Browser, files: list[Path], panel: str) -> None:
    browser.log_in("acme-admin")
    page = ImagesPage(browser, panel).open()
    assert page.overlay == ""
    page.drag(files[0])
    assert "Drop the file to create an image" in page.overlay
    page.drag(*files)
    assert "Drop 3 files to create 3 images" in page.overlay
    browser.run(
        "document.dispatchEvent(new DragEvent('dragleave', {bubbles: true, relatedTarget: null}))"
    )
    assert page.overlay == ""


def test_one_file_opens_the_dialog_with_it(
    browser: Browser, cloud: Cloud, files: list[Path]
) -> None:
    browser.log_in("alice")
    page = ImagesPage(browser).open()
    page.drop(files[0])
    dialog = CreateImageDialog(browser).wait_until_open()
    dialog.wait_for_content("QCOW2, virtual size 2 GiB")
    assert page.overlay == ""
    assert dialog.fields.value("name") == files[0].stem
    assert dialog.fields.value("disk_format") == "qcow2"
    assert dialog.fields.value("min_disk") == "2"
    dialog.create_and_follow().wait_until_active()
    assert named(cloud, files[0].stem)[0]["min_disk"] == 2


def test_file_dropped_onto_the_open_dialog_is_chosen(browser: Browser, files: list[Path]) -> None:
    browser.log_in("alice")
    page = ImagesPage(browser).open()
    dialog = page.create()
    page.drop(files[1])
    dialog.wait_for_content("ISO 9660")
    assert dialog.fields.value("disk_format") == "iso"


def check_several(browser: Browser, cloud: Cloud, dialog: SeveralDialog, files: list[Path]) -> None:
    names = [file.stem for file in files]
    assert dialog.heading == "Create 3 Images"
    assert dialog.values("name") == names
    browser.wait(lambda: dialog.values("format") == ["qcow2", "iso", ""], "the formats to be seen")
    assert dialog.values("min_disk")[0] == "2"

    dialog.create()
    browser.wait(lambda: dialog.errors() == ["", "", "Choose a format."], "the format to be missed")
    assert browser.driver.switch_to.active_element == dialog.field(2, "format")
    assert not named(cloud, names[0])
    dialog.choose_format(2, "raw")
    dialog.create()
    dialog.wait_until_closed()
    dock = ImagesPage(browser).dock
    for name in names:
        dock.item(name).wait_until_active()
    found = [named(cloud, name)[0] for name in names]
    assert [image["disk_format"] for image in found] == ["qcow2", "iso", "raw"]
    assert [image["status"] for image in found] == ["active"] * 3
    assert dock.summary == "3 images ready"


def test_several_files_become_as_many_images(
    browser: Browser, cloud: Cloud, files: list[Path]
) -> None:
    browser.log_in("alice")
    page = ImagesPage(browser).open()
    check_several(browser, cloud, page.drop_several(*files), files)
    for file in files:
        page.wait_for_status(file.stem, "Active Verified")


def test_several_files_in_the_field_of_the_dialog(
    browser: Browser, cloud: Cloud, files: list[Path]
) -> None:
    """For those who drag nothing."""
    browser.log_in("alice")
    ImagesPage(browser).open().create().choose_file(*files)
    check_several(browser, cloud, SeveralDialog(browser).wait_until_open(), files)


def test_one_line_fails_and_the_rest_goes_on(
    browser: Browser, cloud: Cloud, unique: Unique, files: list[Path]
) -> None:
    """The dashboard refuses a name that is too long; the browser would let it pass."""
    browser.log_in("alice")
    dialog = ImagesPage(browser).open().drop_several(*files[:2])
    browser.wait(lambda: dialog.values("format") == ["qcow2", "iso"], "the formats to be seen")
    browser.run("arguments[0].value = 'x'.repeat(300)", dialog.field(0, "name"))
    dialog.create()
    browser.wait(lambda: "255" in " ".join(dialog.errors()), "the name to be refused")
    browser.wait(lambda: dialog.heading == "Create 1 Image", "the other line to go")
    dock = ImagesPage(browser).dock
    dock.item(files[1].stem)
    name = unique("shorter")
    dialog.rename(0, name)
    dialog.create()
    dialog.wait_until_closed()
    for each in (files[1].stem, name):
        dock.item(each).wait_until_active()


def test_files_dropped_onto_the_dialog_are_lines_more(browser: Browser, files: list[Path]) -> None:
    browser.log_in("alice")
    page = ImagesPage(browser).open()
    dialog = page.drop_several(*files[:2])
    page.drag(files[2])
    assert "Drop 1 file to add it" in page.overlay
    page.drop(files[2])
    browser.wait(lambda: dialog.heading == "Create 3 Images", "the line to come")
    assert dialog.values("name") == [file.stem for file in files]


def test_dialog_of_several_files_shows_the_room(browser: Browser, files: list[Path]) -> None:
    browser.log_in("alice")
    dialog = ImagesPage(browser).open().drop_several(*files[:2])
    assert "Project quota" in dialog.text
    assert "used" in dialog.text


def test_room_is_asked_for_anew(browser: Browser, cloud: Cloud, files: list[Path]) -> None:
    """What did not fit when the dialog opened may fit now."""
    browser.log_in("alice")
    dialog = ImagesPage(browser).open().drop_several(*files[:2])
    browser.wait(lambda: dialog.values("format") == ["qcow2", "iso"], "the formats to be seen")
    browser.run(
        "const dialog = document.querySelector('form[data-hip-several]').hipDialog;"
        "const room = {size_left_bytes: 1, size_left: '1 B'};"
        "dialog.template.setAttribute('data-hip-quota', JSON.stringify(room));"
        "dialog.count()"
    )
    assert "The files are too large" in dialog.text
    dialog.create()
    dialog.wait_until_closed()
    dock = ImagesPage(browser).dock
    for file in files[:2]:
        dock.item(file.stem).wait_until_active()


UNTAKEN = """
const field = document.getElementById('lent_files'), data = new DataTransfer();
for (const file of field.files) data.items.add(file);
field.remove();
return ['dragover', 'drop'].map(name => document.querySelector(arguments[0]).dispatchEvent(
  new DragEvent(name, {bubbles: true, cancelable: true, dataTransfer: data})));
"""


@pytest.mark.parametrize(("person", "onto"), [("alice", ".modal.in"), ("reader", "#content_body")])
def test_files_that_nobody_takes_do_not_open_in_the_browser(
    browser: Browser,
    unique: Unique,
    make_image: Callable[..., Any],
    files: list[Path],
    person: str,
    onto: str,
) -> None:
    """Over a dialog about something else, and for who may not create images."""
    image = make_image(unique("edited"))
    browser.log_in(person)
    page = ImagesPage(browser).open()
    if person == "alice":
        page.row(image["name"]).edit()
    browser.run(FILE_LENDER)
    browser.one("#lent_files").send_keys(str(files[0]))
    assert browser.run(UNTAKEN, onto) == [False, False]
    assert page.overlay == ""
    assert len(browser.all(".modal.in")) == (1 if person == "alice" else 0)


@only_thorough
@pytest.mark.parametrize(
    ("file_name", "name"),
    [
        ("ubuntu-24.04", "ubuntu-24.04"),
        ("ubuntu-24.04.qcow2", "ubuntu-24.04"),
        ("debian-12.7.0.raw.xz", "debian-12.7.0"),
        ("Fedora.40.IMG", "Fedora.40"),
        (".img", ".img"),
    ],
)
def test_name_keeps_its_version(
    browser: Browser, tmp_path: Path, file_name: str, name: str
) -> None:
    file = tmp_path / file_name
    file.write_bytes(b"no format that anybody knows")
    browser.log_in("alice")
    ImagesPage(browser).open().drop(file)
    dialog = CreateImageDialog(browser).wait_until_open()
    browser.wait(lambda: dialog.fields.value("name") == name, f"the name {name}")


def test_lines_can_be_left_out(browser: Browser, files: list[Path]) -> None:
    browser.log_in("alice")
    dialog = ImagesPage(browser).open().drop_several(*files)
    dialog.leave_out(1)
    browser.wait(lambda: dialog.heading == "Create 2 Images", "the line to go")
    assert dialog.values("name") == [files[0].stem, files[2].stem]
    dialog.leave_out(0)
    dialog.leave_out(0)
    dialog.wait_until_closed()


def test_what_is_no_file_is_left_out_with_a_word(browser: Browser) -> None:
    """A folder has an entry that is no file; a dragged text is nothing to the page."""
    browser.log_in("alice")
    page = ImagesPage(browser).open()
    browser.run(
        """
        const item = {kind: 'file', getAsFile: () => null,
                      webkitGetAsEntry: () => ({isFile: false, name: 'my folder'})};
        const text = {types: ['text/plain'], items: []}, folder = {types: ['Files'], items: [item]};
        for (const data of [text, folder]) {
          const event = new Event('drop', {bubbles: true, cancelable: true});
          event.dataTransfer = data;
          document.getElementById('content_body').dispatchEvent(event);
        }
        """
    )
    page.wait_for_message("Only files can become images. Skipped: my folder")
    assert not browser.all(".modal.in")


def test_reader_drops_nothing(browser: Browser, files: list[Path]) -> None:
    browser.log_in("reader")
    page = ImagesPage(browser).open()
    page.drag(files[0])
    assert page.overlay == ""
