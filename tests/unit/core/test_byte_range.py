# SPDX-License-Identifier: Apache-2.0
"""Range headers, as RFC 9110 has them."""

import pytest

from helion_images_panel.core.byte_range import ByteRange, Unsatisfiable, requested

SIZE = 10


@pytest.mark.parametrize(
    ("header", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=0-", 0, 9),
        ("bytes=3-5", 3, 5),
        ("bytes=9-", 9, 9),
        ("bytes=3-9999999999", 3, 9),
        ("bytes=-4", 6, 9),
        ("bytes=-99", 0, 9),
        ("BYTES= 3-5 ", 3, 5),
    ],
)
def test_one_range(header, first, last):
    assert requested(header, SIZE) == ByteRange(first, last)


@pytest.mark.parametrize(
    "header",
    ["", "bytes", "bytes=", "bytes=-", "bytes=5-3", "bytes=0-1,4-5", "bytes=0-1,", "lines=1-2",
     "bytes=a-b", "bytes=-3-5", "bytes=1-2-3", "bytes=٣-٥", "bytes=0-1\n", "bytes=" + "9" * 5000],
)  # fmt: skip
def test_everything_else_is_the_whole_file(header):
    assert requested(header, SIZE) is None


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=10-20", "bytes=999999-", "bytes=-0"])
def test_beyond_the_end(header):
    with pytest.raises(Unsatisfiable):
        requested(header, SIZE)


@pytest.mark.parametrize("header", ["bytes=0-", "bytes=-1", "bytes=0-0"])
def test_nothing_lies_in_an_empty_file(header):
    with pytest.raises(Unsatisfiable):
        requested(header, 0)


def test_in_words_of_headers():
    part = ByteRange(3, 5)
    assert (str(part), part.size_bytes) == ("bytes=3-5", 3)
    assert part.content_range(SIZE) == "bytes 3-5/10"
