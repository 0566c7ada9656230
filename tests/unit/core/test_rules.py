# SPDX-License-Identifier: Apache-2.0
"""What rules find, and the reasons to keep an image all the same."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import permutations

import pytest

from helion_images_panel.core import family, publication, rules
from helion_images_panel.core.family import FORMER, LATEST, NEW, Family
from helion_images_panel.core.rule_search import RuleSearch
from helion_images_panel.core.rules import DUPLICATES, FAMILY, QUEUED, SNAPSHOTS, Rule
from helion_images_panel.core.uses import ImageUses, Uses
from tests import factories

NOW = datetime.now(UTC)
OLD = factories.ago(days=200)


def snapshot(**attributes):
    return factories.image(**{"image_type": "snapshot", "created_at": OLD, **attributes})


def twin(days, **attributes):
    return factories.image(**{"created_at": factories.ago(days=days), **attributes})


def version(days, role=FORMER, name="ubuntu", journal="", **attributes):
    image_id = factories.image_id()
    owner = attributes.get("owner", factories.PROJECT)
    signed = family.family_property(image_id, owner, Family(name, "", role, journal))
    return twin(days, **{**signed, "id": image_id, **attributes})


def published(**attributes):
    image_id = factories.image_id()
    record = publication.Publication(publication.DOMAIN, "private", factories.DOMAIN)
    changes = publication.publication_property(image_id, record)
    return twin(5, id=image_id, visibility="shared", **changes, **attributes)


def search(rule, images, **limits):
    """All images, with the search written and read again after each."""
    found = RuleSearch(rule, NOW, **limits)
    for image in images:
        found.add(image)
        if not limits:
            found = RuleSearch.from_json(json.loads(json.dumps(found.to_json())))
    return found


def ids(found):
    return {each.id for each in found.candidates()}


@pytest.mark.parametrize(
    ("rule", "is_valid"),
    [
        (Rule(SNAPSHOTS, 180), True),
        (Rule(SNAPSHOTS, 0), False),
        (Rule(SNAPSHOTS, 3651), False),
        (Rule(QUEUED, 1), True),
        (Rule(FAMILY, 20), True),
        (Rule(FAMILY, 21), False),
        (Rule(DUPLICATES), True),
        (Rule(DUPLICATES, 1), False),
        (Rule("everything"), False),
    ],
)
def test_a_rule_has_a_number_that_makes_sense(rule, is_valid):
    assert rule.is_valid == is_valid


@pytest.mark.parametrize(
    ("attributes", "is_found"),
    [
        ({}, True),
        ({"created_at": factories.ago(days=170)}, False),
        ({"created_at": None}, False),
        ({"created_at": "yesterday"}, False),
        ({"image_type": "image"}, False),
        ({"status": "queued"}, False),
        ({"status": "saving"}, False),
        ({"status": "deactivated"}, True),
        ({"os_hidden": True}, True),
    ],
)
def test_old_snapshots(attributes, is_found):
    image = snapshot(**attributes)
    assert ids(search(Rule(SNAPSHOTS, 180), [image])) == ({image.id} if is_found else set())


@pytest.mark.parametrize("status", ["queued", "saving", "uploading", "importing"])
def test_images_without_data(status):
    old = factories.image(status=status, size=None, updated_at=OLD)
    new = factories.image(status=status, size=None, updated_at=factories.ago(days=6))
    assert ids(search(Rule(QUEUED, 7), [old, new, factories.image(updated_at=OLD)])) == {old.id}


def test_deleted_images_are_found_by_no_rule():
    image = factories.image(**factories.deleted(image_type="snapshot", created_at=OLD))
    for kind in rules.KINDS:
        found = search(Rule(kind, 1), [image])
        assert (ids(found), found.images) == (set(), 0)


@pytest.mark.parametrize("disk_format", ["aki", "ari"])
def test_kernels_and_ramdisks_are_no_duplicates(disk_format):
    """Other images name one of them by its ID."""
    images = [twin(days, disk_format=disk_format) for days in (1, 2)]
    assert ids(search(Rule(DUPLICATES), images)) == set()
    assert ids(search(Rule(DUPLICATES), [twin(days) for days in (1, 2)]))


@pytest.mark.parametrize(
    ("attributes", "reason"),
    [
        ({"protected": True}, rules.PROTECTED),
        ({"visibility": "public"}, rules.PUBLIC),
        ({"visibility": "community"}, rules.COMMUNITY),
        ({"visibility": "shared"}, ""),
        (
            {
                "size": 0,
                "block_device_mapping": '[{"source_type": "snapshot", "snapshot_id": "s"}]',
            },
            rules.VOLUME_DATA,
        ),
        ({"name": "web-shelved", "instance_uuid": factories.image_id(7)}, rules.SHELVED),
        ({"name": "web-shelved", "instance_uuid": "a" * 60_000}, ""),
        ({"name": "web-shelved"}, ""),
    ],
)
def test_reasons_of_the_image_itself(attributes, reason):
    image = snapshot(**attributes)
    assert rules.reason_to_keep(image) == reason
    found = search(Rule(SNAPSHOTS, 180), [image])
    assert list(found.kept.by_reason) == ([reason] if reason else [])


def test_a_published_image_is_kept():
    assert rules.reason_to_keep(published()) == rules.PUBLISHED


@pytest.mark.parametrize(
    ("uses", "reason"),
    [
        (ImageUses(), ""),
        (ImageUses(instances=Uses(), volumes=Uses(), images=factories.uses("p")), ""),
        (ImageUses(instances=factories.uses("p")), rules.IN_USE),
        (ImageUses(volumes=factories.uses("p")), rules.IN_USE),
        (ImageUses(instances=Uses((), is_complete=False)), rules.USE_UNKNOWN),
        (ImageUses(booting=factories.uses("p")), rules.BOOTED),
        (ImageUses(booting=Uses((), is_complete=False)), rules.USE_UNKNOWN),
        (ImageUses(failures={"booting": OSError()}), rules.USE_UNKNOWN),
        (ImageUses(booting=factories.uses("p"), instances=factories.uses("p")), rules.IN_USE),
        (ImageUses(members=2), rules.SHARED),
        (ImageUses(failures={"volumes": OSError()}), rules.USE_UNKNOWN),
        (ImageUses(failures={"images": OSError()}), ""),
        (ImageUses(instances=factories.uses("p"), failures={"volumes": OSError()}), rules.IN_USE),
        (None, rules.USE_UNKNOWN),
    ],
)
def test_a_use_that_is_harmed_or_unknown_keeps_the_image(uses, reason):
    assert rules.use_to_keep(snapshot(), uses) == reason


def test_a_shared_image_whose_members_are_unknown_is_kept():
    image = snapshot(visibility="shared")
    assert rules.use_to_keep(image, ImageUses()) == rules.USE_UNKNOWN
    assert rules.use_to_keep(image, ImageUses(members=0)) == ""


def test_of_duplicates_the_oldest_is_kept_in_any_order():
    images = [twin(days) for days in (3, 1, 2)]
    for order in permutations(images):
        found = list(search(Rule(DUPLICATES), order).candidates())
        assert {each.id for each in found} == {images[1].id, images[2].id}
        assert {each.kept_ids for each in found} == {(images[0].id,)}


def test_one_that_stays_anyway_is_kept_instead():
    oldest, protected, newest = twin(3), twin(2, protected=True), twin(1)
    for order in permutations([oldest, protected, newest]):
        found = search(Rule(DUPLICATES), order)
        assert ids(found) == {oldest.id, newest.id}
        assert {each.kept_ids for each in found.candidates()} == {(protected.id,)}
        assert found.kept.images == 0


def test_a_second_one_that_stays_anyway_is_named_with_its_reason():
    images = [twin(3, protected=True), twin(2, visibility="public"), twin(1)]
    for order in permutations(images):
        found = search(Rule(DUPLICATES), order)
        assert ids(found) == {images[2].id}
        assert {reason: list(kept.named) for reason, kept in found.kept.by_reason.items()} == {
            rules.PUBLIC: [images[1].id]
        }


@pytest.mark.parametrize(
    "attributes",
    [
        {"owner": factories.SIBLING},
        {"size": 1},
        {"os_hash_value": "b" * 128},
        {"os_hash_algo": "sha256"},
        {"os_hash_value": None},
        {"status": "deactivated"},
        {"status": "queued"},
    ],
)
def test_what_is_no_duplicate(attributes):
    assert ids(search(Rule(DUPLICATES), [twin(2), twin(1, **attributes)])) == set()


def test_the_smallest_data_are_not_compared_if_there_are_too_many():
    images = [
        twin(days, size=size, os_hash_value=str(size) * 64)
        for size in range(1, 9)
        for days in (2, 1)
    ]
    for step in (1, 3, 5, 7, 11):
        order = [images[step * number % 16] for number in range(16)]
        found = search(Rule(DUPLICATES), order, most_groups=3)
        assert ids(found) == {each.id for each in images[1::2] if each.size_bytes > 5}
        assert found.not_above == 5


def test_more_than_the_maximum_are_counted():
    found = search(Rule(SNAPSHOTS, 1), [snapshot() for _ in range(5)], most_found=2)
    assert (len(ids(found)), found.further) == (2, 3)
    found = search(Rule(DUPLICATES), [twin(number) for number in range(5)], most_found=2)
    assert (len(ids(found)), found.further) == (2, 2)


def test_of_a_family_the_newest_versions_are_kept_in_any_order():
    images = [version(1, LATEST), version(2), version(3), version(4)]
    other = version(9, name="debian")
    for order in permutations([*images, other]):
        found = search(Rule(FAMILY, 2), order)
        assert ids(found) == {images[2].id, images[3].id}
        assert {each.kept_ids for each in found.candidates()} == {(images[0].id, images[1].id)}


def test_the_order_of_versions_is_that_of_families():
    images = [version(5, LATEST), version(1), version(3), version(2), version(7, LATEST)]
    by_rank = sorted(images, key=lambda image: rules.rank_of(Rule(FAMILY, 1), image))
    assert by_rank == family.newest_first(images)


def test_after_a_roll_back_the_latest_version_is_kept():
    older, newer = version(5, LATEST), version(1)
    assert ids(search(Rule(FAMILY, 1), [newer, older])) == {newer.id}


def test_the_next_version_is_kept():
    latest, coming, never = version(5, LATEST), version(1, NEW), version(9, NEW)
    swapping = version(7, FORMER, journal="{}")
    for order in permutations([latest, coming, never, swapping]):
        found = search(Rule(FAMILY, 1), order)
        assert ids(found) == {never.id}
        assert list(found.kept.by_reason) == [rules.NEXT_VERSION]


def test_the_next_version_takes_the_place_of_none():
    images = [version(5, LATEST), version(6), version(7), version(1, NEW), version(2, NEW)]
    for order in permutations(images):
        assert ids(search(Rule(FAMILY, 2), order)) == {images[2].id}


def test_a_family_without_a_latest_version_keeps_the_newest():
    images = [version(days, NEW) for days in (1, 2, 3)]
    for order in permutations(images):
        assert ids(search(Rule(FAMILY, 2), order)) == {images[2].id}


def test_versions_that_stay_anyway_are_named():
    images = [version(1, LATEST), version(2), version(3, protected=True), version(4)]
    for order in permutations(images):
        found = search(Rule(FAMILY, 1), order)
        assert ids(found) == {images[1].id, images[3].id}
        assert list(found.kept.by_reason[rules.PROTECTED].named) == [images[2].id]


def test_too_many_families_are_counted():
    images = [version(days, name=name) for name in "abc" for days in (1, 2)]
    found = search(Rule(FAMILY, 1), images, most_groups=2)
    assert ids(found) == {images[1].id, images[3].id}
    assert found.left_out == 2


NO_USES = ImageUses()


def test_what_is_deleted_is_decided_again():
    rule, image = Rule(SNAPSHOTS, 180), snapshot()

    def reason(image, uses=NO_USES):
        return rules.reason_now(rule, image, NOW, (), uses)

    assert reason(image) == ""
    assert reason(snapshot(protected=True)) == rules.PROTECTED
    assert reason(snapshot(created_at=factories.ago(days=1))) == rules.CHANGED
    assert reason(factories.image(**factories.deleted(image_type="snapshot"))) == rules.DELETED
    assert reason(image, None) == rules.USE_UNKNOWN
    assert (
        rules.reason_now(Rule(QUEUED, 7), factories.image(status="queued", updated_at=OLD), NOW)
        == ""
    )


def test_a_duplicate_is_deleted_only_beside_what_is_kept():
    rule, kept, image = Rule(DUPLICATES), twin(3), twin(1)

    def reason(*others):
        return rules.reason_now(rule, image, NOW, others, NO_USES)

    assert reason(kept) == ""
    for other in (
        None,
        image,
        twin(3, os_hash_value="b" * 128),
        twin(3, owner=factories.SIBLING),
        twin(3, status="deactivated"),
        factories.image(**factories.deleted()),
    ):
        assert reason(other) == rules.CHANGED
    assert reason() == rules.CHANGED


def test_a_version_is_deleted_only_if_as_many_newer_ones_are_there():
    rule, image = Rule(FAMILY, 2), version(5)
    newest, second = version(1, LATEST), version(3)

    def reason(*others, of=image):
        return rules.reason_now(rule, of, NOW, others, NO_USES)

    assert reason(newest, second) == ""
    assert reason(newest, None) == rules.CHANGED
    assert reason(newest, version(9)) == rules.CHANGED
    assert reason(newest, version(3, name="other")) == rules.CHANGED
    # It was rolled back to.
    assert reason(newest, second, of=version(5, LATEST)) == rules.CHANGED
    assert reason(newest, second, of=version(5, journal="{}")) == rules.CHANGED
