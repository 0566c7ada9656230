# SPDX-License-Identifier: Apache-2.0
"""Horizon's policy engine with the default rules that it ships for Glance."""

import copy
import json

import pytest
from horizon import exceptions as horizon_exceptions
from openstack_auth import policy as auth_policy

from helion_images_panel import policy
from tests import factories

CHANGES = (policy.ADD_IMAGE, policy.UPLOAD_IMAGE, policy.MODIFY_IMAGE, policy.DELETE_IMAGE)
READS = (policy.GET_IMAGES, policy.GET_MEMBERS)
ADMINS = (policy.ADMIN, policy.PUBLICIZE_IMAGE)

MEMBERS = (policy.COMMUNITIZE_IMAGE, policy.DOWNLOAD_IMAGE)

OWN = {"reader": READS, "member": (*READS, *CHANGES, *MEMBERS)}


@pytest.mark.parametrize("person", ["reader", "member", "domain_admin", "cloud_admin"])
@pytest.mark.parametrize("rule", [*READS, *CHANGES, *ADMINS, *MEMBERS])
def test_what_each_role_may_in_its_own_project(person, rule):
    request = factories.request(factories.PEOPLE[person]())
    image = factories.image(owner=request.user.project_id)
    expected = "admin" in person or rule in OWN[person]
    assert policy.allows(request, rule, image) is expected


@pytest.mark.parametrize("rule", [policy.MODIFY_IMAGE, policy.DELETE_IMAGE, policy.UPLOAD_IMAGE])
@pytest.mark.parametrize("owner", [factories.SIBLING, None, ""])
def test_a_member_may_not_change_what_others_or_nobody_owns(rule, owner):
    request = factories.request(factories.member())
    assert not policy.allows(request, rule, factories.image(owner=owner))


def test_rules_of_other_services():
    request = factories.request(factories.reader())
    assert not policy.allows(request, policy.CREATE_SNAPSHOT)
    request = factories.request(factories.member())
    assert policy.allows(request, policy.LAUNCH_INSTANCE)
    assert policy.allows(request, policy.CREATE_VOLUME)


def test_a_verdict_is_asked_once_for_each_owner(settings):
    asked = []

    def check(actions, request, target):
        asked.append((actions, target))
        return True

    settings.POLICY_CHECK_FUNCTION = check
    request = factories.request()
    for _ in range(20):
        assert policy.allows(request, policy.MODIFY_IMAGE, factories.image(owner="p1"))
        assert policy.allows(request, policy.MODIFY_IMAGE, factories.image(owner="p2"))
        assert policy.allows(request, policy.MODIFY_IMAGE)
    assert [actions for actions, _target in asked] == [(("image", "modify_image"),)] * 3
    assert [target.get("owner") for _actions, target in asked[:2]] == ["p1", "p2"]
    for _actions, target in asked:
        assert set(target.values()) <= {target.get("owner"), target.get("visibility")}


def test_a_verdict_may_depend_on_the_visibility():
    request = factories.request(factories.member())
    for visibility, expected in (("private", False), ("public", True), ("shared", True)):
        image = factories.image(owner=factories.FOREIGN, visibility=visibility)
        assert policy.allows(request, policy.DOWNLOAD_IMAGE, image) is expected


@pytest.mark.parametrize(
    ("read", "times"),
    [
        (lambda target: target["owner"], 1),
        (lambda target: target["visibility"], 3),
        (lambda target: target.get("visibility"), 3),
        (lambda target: "%(visibility)s".__mod__(target), 3),
        (lambda target: dict(target), 3),
        (lambda target: {**target}, 3),
        (lambda target: list(target.items()), 3),
        (lambda target: list(target.values()), 3),
        (lambda target: target.copy(), 3),
        (copy.copy, 3),
        (copy.deepcopy, 3),
        (json.dumps, 3),
        (lambda target: "visibility" in target, 3),
        (lambda target: list(target.keys()), 3),
        (lambda target: "owner" in target and list(target), 1),
    ],
    ids=[
        *("another value", "by name", "get", "text", "dict", "unpacked", "items", "values"),
        *("own copy", "copy", "deepcopy", "JSON", "in", "keys", "names"),
    ],
)
def test_a_verdict_is_asked_once_for_all_visibilities_that_it_does_not_depend_on(
    monkeypatch, read, times
):
    asked = []

    def check(request, rule, target):
        asked.append(rule)
        return bool(read(target))

    monkeypatch.setattr(policy, "_check", check)
    request = factories.request()
    for visibility in ("private", "shared", "public") * 2:
        assert policy.allows(request, policy.MODIFY_IMAGE, factories.image(visibility=visibility))
    assert len(asked) == times


def test_a_verdict_does_not_outlive_its_request():
    assert policy.allows(factories.request(factories.member()), policy.ADD_IMAGE)
    assert not policy.allows(factories.request(factories.reader()), policy.ADD_IMAGE)


def test_a_rule_of_the_operator_replaces_the_default(settings, tmp_path):
    """Also with a Horizon that has deprecated rules, which the default ones come without."""
    file = tmp_path / "glance_policy.yaml"
    file.write_text('"add_image": "role:reader"\n')
    settings.POLICY_FILES = {**settings.POLICY_FILES, "image": str(file)}
    auth_policy.reset()
    try:
        request = factories.request(factories.reader())
        assert policy.allows(request, policy.ADD_IMAGE)
        assert not policy.allows(request, policy.MODIFY_IMAGE)
    finally:
        auth_policy.reset()


def test_require():
    policy.require(factories.request(factories.member()), policy.ADD_IMAGE)
    with pytest.raises(horizon_exceptions.NotAuthorized):
        policy.require(factories.request(factories.reader()), policy.ADD_IMAGE)
