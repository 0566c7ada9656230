# SPDX-License-Identifier: Apache-2.0
"""The sentence above the uses: never more than is known."""

import pytest

from helion_images_panel.core.uses import ImageUses, Uses
from helion_images_panel.ui.uses.verdict import verdict
from tests import factories

NONE, SOME_MORE = Uses(), Uses(is_complete=False)
FAILURE = {"volumes": Exception("no")}


def in_projects(*numbers):
    """Uses in that many projects, each with so many."""
    projects = [str(index) for index, number in enumerate(numbers) for _ in range(number)]
    return factories.uses(*projects)


@pytest.mark.parametrize(
    ("uses", "kind", "expected"),
    [
        (ImageUses(NONE, NONE, NONE), "success", "Nothing that you can see uses this image."),
        # A cloud without these services.
        (ImageUses(images=NONE), "success", "Nothing that you can see uses this image."),
        (
            ImageUses(NONE, NONE, NONE, members=1),
            "info",
            "Nothing that you can see uses this image. It is shared with 1 project.",
        ),
        (
            ImageUses(NONE, None, NONE, members=2, failures=FAILURE),
            "warning",
            "No use was found, but not everything could be checked. It is shared with 2 projects.",
        ),
        (
            ImageUses(SOME_MORE, NONE, NONE),
            "warning",
            "No use was found, but not everything could be checked.",
        ),
        (
            ImageUses(NONE, None, NONE, failures=FAILURE),
            "warning",
            "No use was found, but not everything could be checked.",
        ),
        (
            ImageUses(in_projects(1), NONE, NONE),
            "warning",
            "1 instance uses this image: if it is deleted, the instance can no longer be rebuilt "
            "from it.",
        ),
        (
            ImageUses(NONE, NONE, NONE, booting=in_projects(1)),
            "warning",
            "1 image boots with it: if it is deleted, no instance can be launched from that image.",
        ),
        (
            ImageUses(NONE, NONE, NONE, booting=factories.uses(*["p"] * 100)),
            "warning",
            "At least 100 images boot with it: if it is deleted, no instance can be launched from "
            "them.",
        ),
        (
            ImageUses(in_projects(7, 3, 2), NONE, NONE),
            "warning",
            "12 instances use this image: if it is deleted, they can no longer be rebuilt from it. "
            "They belong to 3 projects.",
        ),
        (
            ImageUses(factories.uses(*["p"] * 100), NONE, NONE),
            "warning",
            "At least 100 instances use this image: if it is deleted, they can no longer be "
            "rebuilt from it.",
        ),
        (
            ImageUses(NONE, in_projects(1), in_projects(2)),
            "info",
            "1 volume was created from it, and keeps its data. "
            "2 images were made from it, and have data of their own.",
        ),
        (
            ImageUses(in_projects(2), None, NONE, failures=FAILURE),
            "warning",
            "2 instances use this image: if it is deleted, they can no longer be rebuilt from it. "
            "Not everything could be checked.",
        ),
        (
            ImageUses(SOME_MORE, in_projects(2), NONE),
            "info",
            "2 volumes were created from it, and keep their data. Not everything could be checked.",
        ),
    ],
)
def test_the_verdict(uses, kind, expected):
    found = verdict(uses)
    assert (found.kind, " ".join(found.sentences)) == (kind, expected)


def test_the_snapshot_of_a_shelved_instance():
    found = verdict(ImageUses(), may_be_shelved=True)
    assert found.kind == "warning"
    assert "shelved instance" in found.sentences[0]
