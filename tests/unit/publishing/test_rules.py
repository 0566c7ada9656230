# SPDX-License-Identifier: Apache-2.0
"""Stored rules, applied by the command: to their domain, and to what is still as found."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from helion_images_panel import exceptions
from helion_images_panel.api import images, instances, stored_rules
from helion_images_panel.core import rules
from helion_images_panel.core.deletion import deletion_of
from helion_images_panel.core.family import FORMER, LATEST, Family, family_property
from helion_images_panel.core.image import Image
from helion_images_panel.core.rules import DUPLICATES, FAMILY, QUEUED, SNAPSHOTS, Rule
from helion_images_panel.core.stored_rules import ALL_DOMAINS, StoredRule
from helion_images_panel.core.uses import Uses
from helion_images_panel.publishing import deletion
from helion_images_panel.publishing.rules import NotApplied, apply_rules
from helion_images_panel.transfers.progress import Progress
from tests import factories
from tests.unit.fakes import FakeHttp

OLD = factories.ago(days=200)
SNAPSHOT = {"image_type": "snapshot", "created_at": OLD}
OWNER = factories.domain_admin()


@pytest.fixture(autouse=True)
def admins(keystone):
    keystone.admins = {(OWNER.id, factories.DOMAIN)}
    return keystone.admins


def request():
    return factories.request(factories.cloud_admin())


def stored(rule, owner=OWNER):
    at = "2026-11-30T10:00:00Z"
    return StoredRule(rule, "kim", owner.id, owner.user_domain_id, at)


def store(*found, domain=factories.DOMAIN, owner=OWNER):
    stored_rules.rules_set(request(), domain, [stored(rule, owner) for rule in found])


def applied(domain_ids=(), dry_run=False):
    return list(apply_rules(request(), datetime.now(UTC), domain_ids, dry_run))


def outcomes(**kwargs):
    return {each.image.id: (each.kept, each.error) for each in applied(**kwargs)}


def is_deleted(glance, image_id):
    return deletion_of(Image.from_glance(glance.images[image_id])) is not None


def test_a_rule_deletes_what_it_finds_in_its_domain_alone(glance):
    own = glance.add(**SNAPSHOT)["id"]
    hidden = glance.add(**SNAPSHOT, os_hidden=True)["id"]
    sibling = glance.add(**SNAPSHOT, owner=factories.SIBLING)["id"]
    foreign = glance.add(**SNAPSHOT, owner=factories.FOREIGN)["id"]
    new = glance.add(image_type="snapshot", created_at=factories.ago(days=1))["id"]
    store(Rule(SNAPSHOTS, 180))
    before = len(glance.writes)
    assert outcomes(dry_run=True) == dict.fromkeys([own, hidden, sibling], ("", ""))
    assert len(glance.writes) == before
    assert outcomes() == dict.fromkeys([own, hidden, sibling], ("", ""))
    assert {id_ for id_ in glance.images if is_deleted(glance, id_)} == {own, hidden, sibling}
    assert deletion_of(Image.from_glance(glance.images[own])).by == "kim"
    assert glance.images[foreign]["status"] == glance.images[new]["status"] == "active"
    # A run that breaks off is continued: what was deleted is found no more.
    assert outcomes() == {}


def test_what_is_kept_is_said(glance):
    protected = glance.add(**SNAPSHOT, protected=True)["id"]
    shared = glance.add(**SNAPSHOT, visibility="shared")["id"]
    glance.members[shared] = {factories.FOREIGN: "accepted"}
    alone = glance.add(**SNAPSHOT, visibility="shared")["id"]
    store(Rule(SNAPSHOTS, 180))
    assert outcomes() == {shared: (rules.SHARED, ""), alone: ("", "")}
    assert not is_deleted(glance, protected)


def test_what_is_in_use_is_kept(glance, monkeypatch):
    used, free = (glance.add(**SNAPSHOT)["id"] for _ in range(2))
    asked = []

    def using(_request, image_id, *, everywhere):
        asked.append(everywhere)
        return factories.uses(factories.FOREIGN) if image_id == used else Uses()

    monkeypatch.setattr(instances, "using", using)
    store(Rule(SNAPSHOTS, 180))
    assert outcomes() == {used: (rules.IN_USE, ""), free: ("", "")}
    assert asked == [True, True]


def test_images_whose_use_cannot_be_read_are_kept(glance, monkeypatch):
    images = [glance.add(**SNAPSHOT)["id"] for _ in range(3)]
    asked = []

    def using(_request, image_id, *, everywhere):
        asked.append(image_id)
        raise exceptions.compute_does_not_answer()

    monkeypatch.setattr(instances, "using", using)
    store(Rule(SNAPSHOTS, 180))
    assert outcomes() == dict.fromkeys(images, (rules.USE_UNKNOWN, ""))
    assert len(asked) == 1
    assert not any(is_deleted(glance, id_) for id_ in images)


def test_duplicates_leave_one(glance):
    images = [glance.add(created_at=factories.ago(days=days))["id"] for days in (3, 2, 1)]
    other = glance.add(owner=factories.FOREIGN)["id"]
    store(Rule(DUPLICATES))
    assert set(outcomes()) == {images[1], images[2]}
    assert [is_deleted(glance, id_) for id_ in images] == [False, True, True]
    assert not is_deleted(glance, other)
    assert outcomes() == {}


@pytest.mark.parametrize("attributes", [{}, {"os_hidden": True}, {"owner": factories.FOREIGN}])
@pytest.mark.parametrize("name", ["kernel_id", "ramdisk_id"])
def test_what_others_boot_with_is_kept(glance, name, attributes):
    """A kernel may have the format "raw", and its project be another one."""
    base = {"disk_format": "raw", "visibility": "shared"}
    _kept, used, free = (
        glance.add(created_at=factories.ago(days=days), **base)["id"] for days in (3, 2, 1)
    )
    glance.add(**{name: used}, disk_format="qcow2", os_hash_value="b" * 128, **attributes)
    glance.add(**factories.deleted(**{name: free}))
    store(Rule(DUPLICATES))
    assert outcomes() == {used: (rules.BOOTED, ""), free: ("", "")}


def test_images_that_others_may_boot_with_are_kept_if_that_cannot_be_read(glance, monkeypatch):
    disk_formats = ("raw", "qcow2")
    raw, disk = (glance.add(disk_format=each, **SNAPSHOT)["id"] for each in disk_formats)

    def fail(*_args):
        raise exceptions.ImageServiceUnavailable("no")

    monkeypatch.setattr(images, "images_naming", fail)
    store(Rule(SNAPSHOTS, 180))
    assert outcomes() == {raw: (rules.USE_UNKNOWN, ""), disk: ("", "")}


def test_images_without_data_are_deleted_permanently_unless_they_receive_some(glance, monkeypatch):
    queued = {"status": "queued", "size": None, "updated_at": OLD}
    stuck, receiving, imported = (glance.add(**queued)["id"] for _ in range(3))
    glance.tasks[imported] = [{"status": "processing", "updated_at": factories.ago(hours=1)}]
    glance.tasks[stuck] = [{"status": "processing", "updated_at": OLD}]
    store(Rule(QUEUED, 7))
    with Progress(request(), receiving):
        found = outcomes()
    assert found == {
        stuck: ("", ""),
        receiving: (rules.RECEIVES_DATA, ""),
        imported: (rules.RECEIVES_DATA, ""),
    }
    assert set(glance.images) == {receiving, imported}


def test_an_image_that_changes_before_it_is_deleted_is_kept(glance, monkeypatch):
    image = glance.add(**SNAPSHOT)
    held = deletion.held

    def protected_meanwhile(request_, image_):
        image["protected"] = True
        return held(request_, image_)

    monkeypatch.setattr(deletion, "held", protected_meanwhile)
    store(Rule(SNAPSHOTS, 180))
    assert outcomes() == {image["id"]: (rules.CHANGED, "")}
    assert not is_deleted(glance, image["id"])


def test_one_that_cannot_be_deleted_stops_no_other(glance):
    bad, good = (glance.add(**SNAPSHOT)["id"] for _ in range(2))
    glance.failing[f"PATCH /v2/images/{bad}"] = exceptions.ImageServiceError("Away.", 503)
    store(Rule(SNAPSHOTS, 180))
    assert outcomes() == {bad: ("", "Away."), good: ("", "")}
    assert is_deleted(glance, good)
    glance.failing.clear()
    assert outcomes() == {bad: ("", "")}


def test_rules_that_are_not_signed_are_ignored_and_named(glance):
    image = glance.add(**SNAPSHOT)["id"]
    store(Rule(SNAPSHOTS, 180), domain=factories.OTHER_DOMAIN)
    copied = glance.metadefs[f"helion_rules_{factories.OTHER_DOMAIN}"]
    glance.metadefs = {f"helion_rules_{factories.DOMAIN}": copied}
    (found,) = applied()
    assert (found.image, found.rule, found.domain_id) == (None, None, factories.DOMAIN)
    assert "not signed" in found.error
    assert not is_deleted(glance, image)


@pytest.mark.parametrize("loses", ["role", "enabled", "user"])
def test_a_rule_does_no_more_than_its_owner_may(glance, keystone, loses):
    image = glance.add(**SNAPSHOT)["id"]
    store(Rule(SNAPSHOTS, 180))
    if loses == "role":
        keystone.admins.clear()
    elif loses == "enabled":
        keystone.disabled.add(OWNER.id)
    else:
        keystone.gone.add(OWNER.id)
    (found,) = applied()
    assert found.image is None
    assert "no admin" in found.error
    assert not is_deleted(glance, image)


def test_only_a_cloud_admin_has_rules_for_all_domains(glance, keystone):
    images = [glance.add(**SNAPSHOT, owner=id_)["id"] for id_ in factories.PROJECTS]
    store(Rule(SNAPSHOTS, 180), domain=ALL_DOMAINS)
    (found,) = applied()
    assert "no admin" in found.error
    cloud_admin = factories.cloud_admin()
    keystone.admins.add((cloud_admin.id, factories.CLOUD_DOMAIN))
    store(Rule(SNAPSHOTS, 180), domain=ALL_DOMAINS, owner=cloud_admin)
    assert set(outcomes(domain_ids=(factories.OTHER_DOMAIN,))) == {images[2]}
    assert set(outcomes()) == {images[0], images[1], images[3]}


def test_a_domain_may_be_named(glance, keystone):
    own = glance.add(**SNAPSHOT)["id"]
    store(Rule(SNAPSHOTS, 180))
    assert outcomes(domain_ids=(factories.OTHER_DOMAIN,)) == {}
    assert set(outcomes(domain_ids=(factories.DOMAIN,))) == {own}


def test_a_rule_for_projects_goes_beyond_none_of_them(glance, keystone):
    """Neither in the domain, nor for a project of another one; nor if a project has moved."""
    own, sibling, foreign = (
        glance.add(**SNAPSHOT, owner=id_)["id"]
        for id_ in (factories.PROJECT, factories.SIBLING, factories.FOREIGN)
    )
    store(Rule(SNAPSHOTS, 180, (factories.SIBLING, factories.FOREIGN)))
    (found,) = applied(dry_run=True)
    assert found.image.id == sibling
    assert found.rule.rule.projects == (factories.SIBLING, factories.FOREIGN)
    assert set(outcomes()) == {sibling}
    del keystone.projects[factories.SIBLING]
    assert outcomes() == {}
    assert not is_deleted(glance, own)
    assert not is_deleted(glance, foreign)


def test_rules_of_one_kind_for_several_projects(glance):
    own, sibling = (
        glance.add(**SNAPSHOT, owner=id_)["id"] for id_ in (factories.PROJECT, factories.SIBLING)
    )
    new = factories.ago(days=50)
    newer = glance.add(image_type="snapshot", created_at=new, owner=factories.SIBLING)["id"]
    store(Rule(SNAPSHOTS, 180), Rule(SNAPSHOTS, 30, (factories.SIBLING,)))
    assert set(outcomes()) == {own, sibling, newer}


def test_a_rule_of_all_domains_for_projects(glance, keystone):
    images = [glance.add(**SNAPSHOT, owner=id_)["id"] for id_ in factories.PROJECTS]
    cloud_admin = factories.cloud_admin()
    keystone.admins.add((cloud_admin.id, factories.CLOUD_DOMAIN))
    rule = Rule(SNAPSHOTS, 180, (factories.FOREIGN,))
    store(rule, domain=ALL_DOMAINS, owner=cloud_admin)
    assert outcomes(domain_ids=(factories.DOMAIN,)) == {}
    assert set(outcomes()) == {images[2]}


def test_duplicates_of_other_projects_are_not_compared(glance):
    data = {"os_hash_value": "b" * 128, "size": 5}
    for owner in (factories.PROJECT, factories.SIBLING):
        for _ in range(2):
            glance.add(owner=owner, **data)
    store(Rule(DUPLICATES, 0, (factories.SIBLING,)))
    (found,) = applied()
    assert found.image.owner == factories.SIBLING


def test_without_a_bin_nothing_is_deleted(glance, settings):
    settings.HELION_IMAGES_RESTORE_DAYS = 0
    image = glance.add(**SNAPSHOT)["id"]
    store(Rule(SNAPSHOTS, 180))
    ((kept, error),) = outcomes().values()
    assert (kept, "RESTORE_DAYS" in error) == ("", True)
    assert glance.images[image]["status"] == "active"


def test_nobody_but_an_admin_applies_rules(glance):
    with pytest.raises(NotApplied):
        list(apply_rules(factories.request(factories.member()), datetime.now(UTC)))
    assert glance.calls == []


def add_version(glance, role, days):
    """A version that was created so many days ago."""
    image_id = factories.image_id()
    family = family_property(image_id, factories.PROJECT, Family("ubuntu", "", role))
    return glance.add(id=image_id, created_at=factories.ago(days=days), **family)["id"]


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize(
    "found", [(Rule(SNAPSHOTS, 180), Rule(DUPLICATES), Rule(QUEUED, 7)), (Rule(FAMILY, 1),)]
)
def test_a_run_that_is_killed_at_any_call_is_finished_by_the_next(glance, monkeypatch, found):
    called, calls = FakeHttp._called, []
    limit = 0

    def counting(self, method, path, *args, **kwargs):
        calls.append(method)
        if len(calls) == limit:
            raise Killed()
        called(self, method, path, *args, **kwargs)
        if method == "PATCH":
            glance.images[path.split("/")[3]]["updated_at"] = factories.ago(seconds=0)

    monkeypatch.setattr(FakeHttp, "_called", counting)
    store(*found)
    kinds = {rule.kind for rule in found}
    while True:
        limit += 1
        glance.images.clear()
        foreign = {"owner": factories.FOREIGN}
        others = [glance.add(**foreign, **SNAPSHOT)["id"], glance.add(**foreign)["id"]]
        in_bin, queued = [], ""
        if SNAPSHOTS in kinds:
            in_bin += [glance.add(**SNAPSHOT, os_hash_value=f"{n}" * 128)["id"] for n in range(2)]
            others.append(glance.add(protected=True, os_hash_value="e" * 128, **SNAPSHOT)["id"])
        if DUPLICATES in kinds:
            twins = [glance.add(created_at=factories.ago(days=n))["id"] for n in (3, 2, 1)]
            in_bin += twins[1:]
            others.append(twins[0])
        if FAMILY in kinds:
            in_bin += [add_version(glance, FORMER, days=days) for days in (7, 6)]
            others.append(add_version(glance, LATEST, days=5))
        if QUEUED in kinds:
            queued = glance.add(status="queued", size=None, updated_at=OLD)["id"]
        before = {id_: dict(glance.images[id_]) for id_ in others}
        calls.clear()
        try:
            applied()
        except Killed:
            interrupted = True
        else:
            interrupted = False
        # Nothing is lost that could not be restored, at any moment.
        assert set(glance.images) >= {*in_bin, *others}
        assert {id_: glance.images[id_] for id_ in before} == before
        limit_now, limit = limit, 0
        applied()
        limit = limit_now
        kept_ids = {id_ for id_ in glance.images if glance.images[id_]["status"] == "active"}
        assert kept_ids == set(others), limit
        assert all(is_deleted(glance, id_) for id_ in in_bin)
        assert queued not in glance.images
        assert {id_: glance.images[id_] for id_ in before} == before
        if not interrupted:
            break
    assert limit > 5 * len(in_bin)


def test_a_restoration_that_was_broken_off_is_left_alone(glance):
    image = glance.add(**factories.deleted(**SNAPSHOT))
    image.update(status="active", updated_at=factories.ago(days=0, hours=-1))
    store(Rule(SNAPSHOTS, 180))
    assert applied() == []
    assert image["status"] == "active"
