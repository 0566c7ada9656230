# SPDX-License-Identifier: Apache-2.0
import gzip

import pytest

from demo import imagefiles
from helion_images_panel.transfers.first_bytes import HEAD_BYTES, Detected, detect

MIB = 1024 * 1024
PAGE = b"<!DOCTYPE html><title>Log in</title>"


@pytest.mark.parametrize(
    ("content", "name", "content_type", "detected"),
    [
        (imagefiles.qcow2(64 * MIB), "a.img", "", Detected("qcow2", 64 * MIB)),
        (imagefiles.qcow2(64 * MIB), "a.raw", "text/html", Detected("qcow2", 64 * MIB)),
        (imagefiles.vmdk(64 * MIB), "a", "", Detected("vmdk", 64 * MIB)),
        (imagefiles.iso9660("A", {"A.TXT": b"a"}), "a", "", Detected("iso")),
        (gzip.compress(b"a", mtime=0), "a.img.gz", "", Detected(packed="gzip")),
        (b"\xfd7zXZ\0" + bytes(600), "a.raw", "", Detected(packed="xz")),
        (bytes(257) + b"ustar", "a.tar", "", Detected(packed="tar")),
        (bytes(257) + b"ustar", "A.OVA", "", Detected("ova")),
        (PAGE, "a.qcow2", "", Detected(is_web_page=True)),
        (b"\xef\xbb\xbf\r\n <HTML>", "a.qcow2", "", Detected(is_web_page=True)),
        (b"Log in, please.", "a.qcow2", "text/html", Detected(is_web_page=True)),
        (bytes(600), "a.img", "text/html", Detected("raw", is_by_name=True)),
        (bytes(600), "a.raw", "", Detected("raw", is_by_name=True)),
        (bytes(600), "a", "", Detected()),
        (b"", "", "", Detected()),
        (b"QFI", "a.qcow2", "", Detected()),
    ],
)
def test_detect(content, name, content_type, detected):
    assert detect(content[:HEAD_BYTES], name, content_type) == detected
