# SPDX-License-Identifier: Apache-2.0
"""Unused images: what is left is what a plain look at all of them finds."""

import json

from hypothesis import given
from hypothesis import strategies as st

from helion_images_panel.core import unused
from helion_images_panel.core.unused import Unused
from helion_images_panel.core.uses import UsedImages
from tests import factories
from tests.factories import image_id

IDS = [image_id(number) for number in range(12)]


@st.composite
def images(draw):
    return [
        factories.image(
            id=id_,
            status=draw(st.sampled_from(("active", "deactivated", "queued"))),
            visibility=draw(st.sampled_from(("private", "shared", "public"))),
            size=draw(st.sampled_from((None, 0, 1, 5))),
            os_hidden=draw(st.booleans()),
            base_image_ref=draw(st.sampled_from(("", *IDS, "no ID"))),
            kernel_id=draw(st.sampled_from(("", *IDS, "no ID"))),
        )
        for id_ in draw(st.lists(st.sampled_from(IDS), unique=True))
    ]


def again(found):
    return Unused.from_json(json.loads(json.dumps(found.to_json())))


@given(images(), st.sets(st.sampled_from(IDS)), st.booleans())
def test_what_is_left_is_unused(rows, used, sees_all):
    found = Unused(sees_all)
    for image in rows:
        found.add(image)
        found = again(found)
    found.add_used(UsedImages(tuple((f"vm {id_}", id_, "one") for id_ in used)))
    found = again(found)
    for image in rows:
        if image.id in found.used:
            found.take_off(image)
    named = [
        (image.id, image.properties[name])
        for image in rows
        for name in ("base_image_ref", "kernel_id")
    ]
    needed = {id_ for image_id, id_ in named if id_ != image_id}
    expected = [
        image
        for image in rows
        if image.status != "queued"
        and image.size_bytes
        and (sees_all or image.visibility == "private")
        and image.id not in used | needed
    ]
    assert found.candidates.images == len(expected)
    assert found.candidates.size_bytes == sum(image.size_bytes for image in expected)
    assert {each.id for each in found.largest} == {image.id for image in expected}
    if sees_all:
        assert found.others.images == 0


def test_deleted_images_are_not_among_them():
    found = Unused(sees_all=True)
    found.add(factories.image(**factories.deleted(size=7)))
    assert found.candidates.images == 0


def test_kernels_and_ramdisks_are_in_use():
    found = Unused(sees_all=True)
    found.add(factories.image(id=IDS[0], kernel_id=IDS[1], ramdisk_id=IDS[2]))
    # Of an image that has no data yet, too.
    found.add(factories.image(status="queued", size=None, kernel_id=IDS[3], ramdisk_id=None))
    found.add(factories.image(id=IDS[4], kernel_id=IDS[4], ramdisk_id="../x"))
    found.add(factories.image(**factories.deleted(kernel_id=IDS[5])))
    assert found.used == set(IDS[1:4])


def test_the_data_of_a_shelved_instance_is_in_use():
    found = Unused(sees_all=True)
    shelved, running = image_id(20), image_id(21)
    for number, vm in enumerate((shelved, running, shelved, "any text")):
        found.add(factories.image(id=IDS[number], name="web-shelved", instance_uuid=vm, size=1))
    instances = tuple((vm, "", "one") for vm in (shelved, running, "any text"))
    found.add_used(UsedImages(instances, {shelved, "any text"}))
    # The second one of the same instance too: which of them it needs is not known.
    assert found.used == {IDS[0], IDS[2]}


def test_too_many_to_compare(monkeypatch):
    monkeypatch.setattr(unused, "MOST_USED", 2)
    found = Unused(sees_all=True)
    items = [(str(number), id_, "one") for number, id_ in enumerate(IDS)]
    found.add_used(UsedImages(tuple(items[:2])))
    assert not found.has_too_many
    found.add_used(UsedImages(tuple(items[1:3])))
    assert again(found).has_too_many
    assert len(found.used) == 2


def test_the_largest_are_bounded(monkeypatch):
    monkeypatch.setattr(unused, "MOST_LARGE", 3)
    found = Unused(sees_all=True)
    for number, id_ in enumerate(IDS, 1):
        found.add(factories.image(id=id_, size=number))
    found.add_used(UsedImages((("vm", IDS[-1], "one"),)))
    assert [each.size_bytes for each in found.largest] == [11, 10]
