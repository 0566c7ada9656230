# SPDX-License-Identifier: Apache-2.0
"""A process that is killed at each of its calls to Glance, and the same step afterwards.

The unit tests do the same with many more states of images, and without Glance.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest

from demo.cloud import Cloud
from helion_images_panel.core.deletion import PROPERTY, is_deleted, is_interrupted
from helion_images_panel.core.family import FORMER, LATEST, NEW
from helion_images_panel.core.image import Image
from tests.integration.images import Images
from tests.integration.killed import Killing, killing
from tests.integration.test_versions import Families
from tests.thorough import only_thorough


@pytest.fixture(scope="module")
def admin(cloud: Cloud) -> Iterator[Killing]:
    with killing(cloud, "admin") as program:
        yield program


def shared(images: Images, image_id: str) -> str:
    """Share it with a project that has accepted, and with one that has rejected."""
    images.share(image_id, "acme-data")
    images.share(image_id, "acme-lab", "rejected")
    return image_id


def members_of(images: Images, image_id: str) -> dict[str, str]:
    state = images.state(image_id)
    assert state
    return state[1]


@pytest.mark.parametrize("is_sent", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", ["delete", "restore"])
def test_deleted_and_restored(admin: Killing, images: Images, step: str, is_sent: bool) -> None:
    """No project gets half of an image, and none is lost."""
    for call in count():
        image_id = shared(images, images.make("killed", visibility="shared"))
        before = images.state(image_id)
        if step == "restore":
            admin.take("delete", image_id)
        at_first = images.unchanging(image_id)
        was_killed = admin.take(step, image_id, call, is_sent)
        found = Image.from_glance(images.show(image_id))
        if step == "delete" or was_killed:
            # What is begun is in the list of deleted images, and nobody else has it.
            is_begun = images.unchanging(image_id) != at_first
            is_over = step == "restore" and not is_deleted(found)
            assert is_deleted(found) or not is_begun or is_over
            assert not is_deleted(found) or found.visibility == "private"
        if step == "delete" and was_killed:
            admin.take("delete", image_id)
            found = Image.from_glance(images.show(image_id))
        assert not is_interrupted(found) or step == "restore"
        if PROPERTY in images.show(image_id):
            admin.take("restore", image_id)
        assert images.state(image_id) == before
        if not was_killed:
            break
    assert call >= 2


@pytest.mark.parametrize(
    ("ending", "is_sent"),
    [
        ("make_latest", True),
        ("undo", False),
        pytest.param("make_latest", False, marks=only_thorough),
        pytest.param("undo", True, marks=only_thorough),
    ],
)
def test_the_latest_version_is_replaced(
    admin: Killing, images: Images, ending: str, is_sent: bool
) -> None:
    """At each moment somebody has the plain name, and each project one of the two versions."""
    for call in count():
        family = Families(images)
        old = shared(images, family.make(LATEST, "", visibility="shared", protected=True))
        new = family.make(NEW, "(new)")
        before = [images.state(image_id) for image_id in (old, new)]
        members = members_of(images, old)
        was_killed = admin.take("make_latest", new, call, is_sent)
        assert family.name in {images.name(image_id) for image_id in (old, new)}
        assert members_of(images, old) == members
        assert members_of(images, new).items() <= members.items() | {
            (project_id, "pending") for project_id in members
        }
        is_over = family.role(old) == FORMER
        if was_killed and (ending == "make_latest" or not family.is_over(new)):
            admin.take(ending, new)
        assert family.is_over(old, new)
        if ending == "undo" and was_killed and not is_over:
            assert [images.state(image_id) for image_id in (old, new)] == before
        else:
            assert (family.role(old), family.role(new)) == (FORMER, LATEST)
            assert images.name(new) == family.name
            # Who has rejected the old one is not given another.
            accepted = {id_: status for id_, status in members.items() if status == "accepted"}
            assert members_of(images, new) == accepted
            assert images.show(old)["os_hidden"]
            assert images.show(new)["protected"]
        if not was_killed:
            break
    assert call >= 4
