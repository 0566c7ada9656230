# SPDX-License-Identifier: Apache-2.0
import pytest

from helion_images_panel.core.checksum_files import candidates, checksum_in
from helion_images_panel.core.checksums import Checksum

BASE = "https://files.example/24.04/"
DIGITS, OTHER = "0123456789abcdef" * 4, "f" * 64


def test_candidates_are_beside_the_file():
    found = candidates(f"{BASE}disk%201.img")
    assert f"{BASE}disk%201.img.sha256" in found
    assert f"{BASE}SHA256SUMS" in found
    assert all(url.startswith(BASE) for url in found)
    assert len(found) == 12


@pytest.mark.parametrize("url", [BASE, "https://files.example", f"{BASE}disk.img?signature=abc"])
def test_no_candidates(url):
    assert candidates(url) == ()


@pytest.mark.parametrize(
    ("list_name", "text", "found"),
    [
        ("disk.img.sha256", DIGITS, True),
        ("disk.img.sha256", f"{DIGITS}  disk.img\n", True),
        ("SHA256SUMS", f"{OTHER} *other.img\n{DIGITS} *disk.img\n", True),
        ("CHECKSUM", f"SHA256 (disk.img) = {DIGITS}\n", True),
        # A list that does not name the file, or names one whose name has it as a part.
        ("SHA256SUMS", f"{DIGITS} *other.img\n", False),
        ("SHA256SUMS", f"{DIGITS} *disk.img.xz\n", False),
        ("SHA256SUMS", f"{DIGITS} *my-disk.img\n", False),
        ("SHA256SUMS", "Nothing of disk.img is here.", False),
        ("disk.img.sha256", "", False),
    ],
)
def test_checksum(list_name, text, found):
    expected = Checksum("sha256", DIGITS) if found else None
    assert checksum_in(BASE + list_name, text, "disk.img") == expected
