# SPDX-License-Identifier: Apache-2.0
"""Names of files that images are saved as."""

import pytest

from helion_images_panel.core.file_name import MAX_BYTES, file_name
from tests import factories


def name_of(name, disk_format="qcow2", container_format="bare", **attributes):
    return file_name(
        factories.image(
            name=name, disk_format=disk_format, container_format=container_format, **attributes
        )
    )


@pytest.mark.parametrize(
    ("disk_format", "container_format", "expected"),
    [
        ("qcow2", "bare", "debian.qcow2"),
        ("raw", "bare", "debian.img"),
        ("iso", "bare", "debian.iso"),
        ("vmdk", "bare", "debian.vmdk"),
        ("vmdk", "ova", "debian.ova"),
        ("raw", "docker", "debian.tar"),
        ("vhdx", "bare", "debian.vhdx"),
        ("aki", "aki", "debian"),
        ("qcow2", "compressed", "debian.qcow2.gz"),
        ("of the future", "bare", "debian"),
        (None, None, "debian"),
    ],
)
def test_the_ending_is_that_of_the_format(disk_format, container_format, expected):
    assert name_of("debian", disk_format, container_format) == expected


@pytest.mark.parametrize(
    ("name", "disk_format", "expected"),
    [
        ("debian.qcow2", "qcow2", "debian.qcow2"),
        ("debian.QCOW2", "qcow2", "debian.QCOW2"),
        ("cirros-disk.img", "qcow2", "cirros-disk.img"),
        ("debian.raw", "raw", "debian.raw"),
        ("debian.iso", "qcow2", "debian.iso.qcow2"),
        ("debian 13.1", "qcow2", "debian 13.1.qcow2"),
    ],
)
def test_an_ending_that_is_there_is_not_added_again(name, disk_format, expected):
    assert name_of(name, disk_format) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("../../etc/passwd", "_.._etc_passwd.img"),
        ("..\\x", "_x.img"),
        ("...", "an-id.img"),
        (".bashrc", "bashrc.img"),
        ("a\r\nSet-Cookie: b", "a Set-Cookie: b.img"),
        ("a\x00b\x1fc\x7f", "a b c.img"),
        ("safe\u202egmi.exe", "safe_gmi.exe.img"),
        ("\ud800x", "x.img"),
        ("صورة دبيان", "صورة دبيان.img"),
        ('"quoted"', '"quoted".img'),
        ("<script>alert(1)</script>", "<script>alert(1)<_script>.img"),
        ("", "an-id.img"),
        (None, "an-id.img"),
        (" . ", "an-id.img"),
    ],
)
def test_a_name_is_one_file_in_no_folder(name, expected):
    found = name_of(name, "raw", id="an-id")
    assert found == expected
    found.encode()


@pytest.mark.parametrize("letter", ["x", "ص", "😀"])
def test_a_long_name_keeps_its_ending(letter):
    found = name_of(letter * 255)
    assert found.endswith(f"{letter}.qcow2")
    assert MAX_BYTES - 4 < len(found.encode()) <= MAX_BYTES
