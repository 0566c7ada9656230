# SPDX-License-Identifier: Apache-2.0
"""What the browser knows of a file by its content, before a byte is sent."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from selenium.webdriver import ActionChains

from demo import imagefiles
from tests.browser import disks
from tests.browser.browser import Browser
from tests.browser.dialogs import CreateImageDialog
from tests.browser.pages import ImagesPage
from tests.verdicts.files import skopeo_archive

MIB = 1024 * 1024
GIB = 1024 * MIB

#: By a name that says nothing: content, format, minimum disk, and what is said.
KNOWN: dict[str, tuple[bytes | disks.Parts, str, str, str]] = {
    "qcow2": (imagefiles.qcow2(10 * GIB), "qcow2", "10", "QCOW2, virtual size 10 GiB."),
    "vmdk": (imagefiles.vmdk(5 * GIB), "vmdk", "5", "VMDK, virtual size 5 GiB."),
    "descriptor": (disks.vmdk_descriptor(3 * GIB), "vmdk", "3", "only describes a disk"),
    "vhd": (disks.vhd_dynamic(7 * GIB + 1), "vhd", "8", "VHD, virtual size 7 GiB."),
    "fixed": (disks.vhd_fixed(MIB), "raw", "1", "its last 512 bytes, the footer"),
    "fixed of 1 GiB": (disks.vhd_fixed(GIB), "raw", "2", "Fixed-size VHD, virtual size 1 GiB."),
    "luks": (
        b"LUKS\xba\xbe\0\1".ljust(MIB, b"\0"),
        "raw",
        "1",
        "Raw (encrypted), virtual size 1 MiB.",
    ),
    "huge": (
        imagefiles.qcow2(MIB)[:24] + (2**62).to_bytes(8, "big") + bytes(480),
        "qcow2",
        "",
        "QCOW2",
    ),
    "vhdx": (disks.vhdx(6 * GIB), "vhdx", "6", "VHDX, virtual size 6 GiB."),
    "vdi": (disks.vdi(4 * GIB), "vdi", "4", "VDI, virtual size 4 GiB."),
    "iso": (
        imagefiles.iso9660("X", {"A": b"a" * MIB}),
        "iso",
        "1",
        "ISO 9660, virtual size 1 MiB.",
    ),
    "appended": (
        (imagefiles.iso9660("X", {"A": b"a"}), GIB),
        "iso",
        "2",
        "ISO 9660, virtual size 1 GiB.",
    ),
    "gpt": (
        disks.raw_gpt(2 * MIB),
        "raw",
        "1",
        "Raw disk with GPT partitions, virtual size 2 MiB.",
    ),
    "ova": (disks.tar("machine.ovf", "disk.vmdk"), "ova", "", "OVA."),
    "docker": (disks.tar("manifest.json", "layer.tar"), "docker", "", "Docker."),
    "skopeo": (skopeo_archive(), "docker", "", "Docker."),
    "tar": (disks.tar("letter.txt"), "", "", "This is an archive"),
    "nothing": (b"no format that anybody knows", "", "", "Format not recognized."),
}


@pytest.fixture
def dialog(browser: Browser) -> CreateImageDialog:
    browser.log_in("alice")
    return ImagesPage(browser).open().create()


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, bytes], Path]:
    def written(name: str, content: bytes) -> Path:
        return disks.write(tmp_path / name, content)

    return written


Write = Callable[[str, bytes], Path]


def test_each_format_is_known_by_its_content(browser: Browser, tmp_path: Path) -> None:
    files = [
        disks.write(
            tmp_path / f"{name}.bin", *(content if isinstance(content, tuple) else (content,))
        )
        for name, (content, *_) in KNOWN.items()
    ]
    browser.log_in("alice")
    dialog = ImagesPage(browser).open().drop_several(*files)
    browser.wait(lambda: all(" " in note for note in dialog.notes()), "all files to be read")

    offered = {
        option.get_attribute("value")
        for option in browser.all(f'{dialog.form} tr:first-child [name="format"] option')
    }
    said = map(" ".join, zip(dialog.notes(), dialog.errors(), strict=True))
    found = zip(dialog.values("format"), dialog.values("min_disk"), said, strict=True)
    for (name, known), (format_, min_disk, note) in zip(KNOWN.items(), found, strict=True):
        assert format_ == (known[1] if known[1] in offered else ""), name
        assert min_disk == known[2], name
        assert known[3] in note, name


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("disk.raw.lz4", b"\x04\x22\x4d\x18" + b"disk"),
        ("disk.7z", b"7z\xbc\xaf\x27\x1c" + b"disk"),
        ("disk.zip", b""),
    ],
)
def test_compressed_file_is_named(
    dialog: CreateImageDialog, write: Write, name: str, content: bytes
) -> None:
    file = write(name, content)
    if name.endswith(".zip"):
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("disk.raw", b"disk")
    dialog.choose_file(file)
    dialog.wait_for_content("This is a compressed file. Extract it first")
    assert dialog.fields.value("disk_format") == ""


@pytest.mark.parametrize(
    ("content", "warning"),
    [
        (imagefiles.qcow2(GIB, backing_file="/etc/passwd"), "backing file"),
        (imagefiles.qcow2(GIB, external_data=True), "stores its data in another file"),
    ],
)
def test_disk_that_needs_another_file_is_told_at_once(
    dialog: CreateImageDialog, write: Write, content: bytes, warning: str
) -> None:
    dialog.choose_file(write("disk.qcow2", content))
    dialog.wait_for_content(warning)


def test_minimum_disk_is_suggested_until_the_person_knows_better(
    dialog: CreateImageDialog, write: Write
) -> None:
    ten, three = (write(f"{n}.qcow2", imagefiles.qcow2(n * GIB)) for n in (10, 3))
    dialog.choose_file(ten)
    said = dialog.wait_for_content("virtual size 10 GiB")
    assert said == "QCOW2, virtual size 10 GiB. Minimum disk set to 10 GB."
    assert dialog.fields.value("min_disk") == "10"
    dialog.choose_file(three)
    dialog.wait_for_content("Minimum disk set to 3 GB.")
    assert dialog.fields.value("min_disk") == "3"
    assert dialog.fields.value("name") == "3"

    dialog.open_requirements()
    dialog.fields.fill("min_disk", "25")
    dialog.browser.click(
        lambda: dialog.browser.one('[data-target="#create_image__source"]'), "the tab Image"
    )
    dialog.choose_file(ten)
    assert "Minimum disk set" not in dialog.wait_for_content("virtual size 10 GiB")
    assert dialog.fields.value("min_disk") == "25"


def test_what_is_typed_replaces_the_name_of_the_file(dialog: CreateImageDialog) -> None:
    """The file is read for a while, and somebody may be about to type by then."""
    dialog.browser.run(
        """
        const form = document.querySelector('form[data-hip-create]');
        const file = form.querySelector('[data-hip-file]'), chosen = new DataTransfer();
        chosen.items.add(new File(['no format that anybody knows'], 'disk.qcow2'));
        file.files = chosen.files;
        form.querySelector('[name=name]').focus();
        file.dispatchEvent(new Event('change', {bubbles: true}));
        """
    )
    dialog.wait_for_content("Format not recognized.")
    assert dialog.fields.value("name") == "disk"
    ActionChains(dialog.browser.driver).send_keys("mine").perform()
    assert dialog.fields.value("name") == "mine"


def test_format_other_than_chosen_can_be_switched(dialog: CreateImageDialog, write: Write) -> None:
    dialog.fields.choose("disk_format", "Raw")
    dialog.choose_file(write("disk.img", imagefiles.qcow2(GIB)))
    dialog.wait_for_content("The file is QCOW2, but the chosen format is Raw.")
    dialog.switch_format()
    dialog.browser.wait(
        lambda: dialog.fields.value("disk_format") == "qcow2", "the format to be switched"
    )
    assert "but the chosen format" not in dialog.content


def test_suffix_counts_where_the_content_says_nothing(
    dialog: CreateImageDialog, write: Write
) -> None:
    dialog.choose_file(write("disk.img", bytes(MIB)))
    dialog.wait_for_content("Raw.")
    assert dialog.fields.value("disk_format") == "raw"
    assert dialog.fields.value("min_disk") == ""


def test_file_that_may_not_fit_is_for_the_dashboard_to_refuse(
    dialog: CreateImageDialog, write: Write, unique: Callable[[str], str]
) -> None:
    """What the form said when it was opened may be old; here it is made smaller."""
    dialog.browser.run(
        "const form = document.querySelector('form[data-hip-create]');"
        "const room = {size_left_bytes: 1024, size_left: '1 KiB'};"
        "form.setAttribute('data-hip-quota', JSON.stringify(room))"
    )
    dialog.choose_file(write("disk.qcow2", imagefiles.qcow2(MIB)))
    dialog.wait_for_content("1 KiB of quota is left")
    dialog.fields.fill("name", unique("fits by now"))
    dialog.create_and_follow().wait_until_active()


def test_file_that_does_not_fit_is_not_sent(browser: Browser, write: Write) -> None:
    """Carol's project has little room; a sparse file is larger than that."""
    file = write("disk.raw", b"")
    with file.open("r+b") as large:
        large.truncate(2 * 1024**4)
    browser.log_in("carol")
    dialog = ImagesPage(browser).open().create()
    dialog.choose_file(file)
    dialog.wait_for_content("The file is too large")
    dialog.fields.choose("disk_format", "Raw")
    dialog.create()
    browser.wait(lambda: "The project's limit is" in dialog.text, "the dashboard to refuse")
    assert dialog.text.count("The file is too large") == 1
    assert dialog.buttons() == ["Cancel", "Create Image"]
    assert not browser.all("[data-hip-dock]")


def test_sizes_are_written_as_the_language_writes_them(browser: Browser, write: Write) -> None:
    """As in what the dashboard says itself."""
    browser.log_in("alice")
    ImagesPage(browser).open()
    # Horizon has browsers keep the formats of the language before.
    browser.driver.execute_cdp_cmd("Network.setCacheDisabled", {"cacheDisabled": True})
    browser.driver.add_cookie({"name": "horizon_language", "value": "de", "path": "/"})
    try:
        ImagesPage(browser).open()
        browser.click(lambda: browser.one("#images__action_create"), "the button that creates")
        form = CreateImageDialog(browser)
        browser.wait(lambda: browser.all("form[data-hip-create] [data-hip-file]"), "the dialog")
        form.choose_file(write("disk", imagefiles.qcow2(3 * GIB // 2)))
        form.wait_for_content("1,5 GiB")
    finally:
        browser.driver.delete_cookie("horizon_language")
