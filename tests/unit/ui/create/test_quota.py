# SPDX-License-Identifier: Apache-2.0
import json

import pytest

from helion_images_panel.core.quota import MIB, Quota, Resource
from helion_images_panel.ui.create import quota as words

GIB = 1024 * MIB


def test_describe():
    room = Quota(
        size=Resource(int(12.5 * GIB), 50 * GIB),
        count=Resource(7, 10),
        staging=Resource(0, 20 * GIB),
        uploading=Resource(0, 50),
    )
    assert [(line.text, line.percent) for line in words.describe(room)] == [
        ("Storage: 12.5 GiB of 50 GiB used, 37.5 GiB left", 25),
        ("Images: 7 of 10 used, 3 left", 70),
        ("Staging area for imports: 0 B of 20 GiB used, 20 GiB left", 0),
    ]


@pytest.mark.parametrize(
    ("used", "limit", "percent", "nearly_full"),
    [
        (0, 0, 100, True),
        (1, 1000, 5, False),
        (90, 100, 90, False),
        (91, 100, 95, True),
        (12, 10, 100, True),
    ],
)
def test_bar(used, limit, percent, nearly_full):
    line = words.describe(Quota(count=Resource(used, limit)))[1]
    assert (line.percent, line.is_nearly_full) == (percent, nearly_full)


def test_describe_without_limits():
    assert words.describe(None) == []
    assert words.describe(Quota(count=Resource(7)))[1] == words.QuotaLine(
        "Images: 7 used, no limit", None
    )


def test_uploads_are_told_of_while_there_are_some():
    room = Quota(uploading=Resource(2, 50))
    assert words.describe(room)[-1].text == "Uploads and imports in progress: 2 of 50, 48 left"


def test_attribute():
    room = Quota(size=Resource(0, MIB), count=Resource(7, 10), uploading=Resource(1, 1))
    assert json.loads(words.attribute(room)) == {
        "size_left_bytes": 2 * MIB - 1,
        "size_left": "1 MiB",
        "staging_left_bytes": None,
        "count_left": 3,
        "uploading_left": 0,
    }
    assert words.attribute(None) == ""


@pytest.mark.parametrize(
    ("room", "size_bytes", "said"),
    [
        (
            Quota(size=Resource(0, 64 * MIB)),
            70 * MIB,
            ("(70 MiB)", "64 MiB of quota is left", "Delete"),
        ),
        (Quota(size=Resource(70 * MIB, 64 * MIB)), None, ("use 70 MiB", "limit of 64 MiB")),
        (Quota(count=Resource(10, 10)), 1, ("limit of 10 images", "Delete an image")),
        (Quota(staging=Resource(2 * MIB, MIB)), None, ("2 MiB of 1 MiB", "upload the image")),
        (Quota(uploading=Resource(5, 5)), 1, ("limit of 5 uploads", "Wait until")),
    ],
)
def test_a_refusal_tells_the_cause_and_what_to_do(room, size_bytes, said):
    reason = words.refusal(room, size_bytes, staged=True)
    for part in said:
        assert part in reason


def test_no_refusal():
    assert words.refusal(None, 1 << 60, staged=False) == ""
    assert words.refusal(Quota(), 1 << 60, staged=True) == ""
    assert words.refusal(Quota(count=Resource(1, 1)), 1, staged=False, new=False) == ""
