# SPDX-License-Identifier: Apache-2.0
"""Results of policy that a process keeps, with Horizon's policy engine."""

import os

import pytest
from openstack_auth import policy as auth_policy

from helion_images_panel import policy, policy_results
from tests import factories


@pytest.fixture
def checked(monkeypatch):
    """Rules that were checked and not taken from what is kept."""
    rules = []
    check = policy._check

    def noting(request, rule, target):
        rules.append(rule[1])
        return check(request, rule, target)

    monkeypatch.setattr(policy, "_check", noting)
    return rules


@pytest.fixture
def rules(settings, tmp_path):
    """The operator's file of rules for Glance, and a folder with more."""
    file = tmp_path / "glance_policy.yaml"
    folder = tmp_path / "glance_policy.d"
    file.write_text('"add_image": "role:reader"\n')
    folder.mkdir()
    settings.POLICY_FILES = {**settings.POLICY_FILES, "image": str(file)}
    settings.POLICY_DIRS = {**settings.POLICY_DIRS, "image": [str(folder)]}
    auth_policy.reset()
    yield tmp_path
    auth_policy.reset()


def later(path):
    """Give the file a time of change after all others: a clock of files may stand for a while."""
    newest = max(os.stat(each).st_mtime for each in [path, *path.parent.iterdir()])
    os.utime(path, (newest + 10, newest + 10))


def reader_may(rule):
    return policy.allows(factories.request(factories.reader()), rule)


def test_a_result_is_kept_for_the_next_page(checked):
    image = factories.image(owner=factories.PROJECT)
    for _ in range(3):
        request = factories.request(factories.member())
        assert policy.allows(request, policy.MODIFY_IMAGE, image)
        assert policy.allows(request, policy.ADD_IMAGE)
    assert checked == [policy.MODIFY_IMAGE, policy.ADD_IMAGE]


@pytest.mark.parametrize(
    "other",
    [
        lambda: factories.member_elsewhere(),
        lambda: factories.reader(),
        lambda: factories.cloud_admin(),
        lambda: factories.user(["member"], factories.SIBLING),
    ],
    ids=["another user", "other roles", "an admin", "another project"],
)
def test_a_result_is_not_kept_for_another(checked, other):
    first = factories.request(factories.member())
    policy.allows(first, policy.ADD_IMAGE)
    second = factories.request(other())
    expected = policy._check(
        second,
        ("image", policy.ADD_IMAGE),
        {"project_id": second.user.project_id, "owner": second.user.project_id},
    )
    checked.clear()
    assert policy.allows(second, policy.ADD_IMAGE) is expected
    assert checked == [policy.ADD_IMAGE]


def test_the_same_user_with_a_role_less(checked):
    person = factories.member()
    assert policy.allows(factories.request(person), policy.ADD_IMAGE)
    person.roles = [{"name": "reader"}]
    vars(person).pop("_credentials", None)
    assert not policy.allows(factories.request(person), policy.ADD_IMAGE)


def test_a_changed_rule_holds_at_once(rules):
    assert reader_may(policy.ADD_IMAGE)
    (rules / "glance_policy.yaml").write_text('"add_image": "role:admin"\n')
    later(rules / "glance_policy.yaml")
    assert not reader_may(policy.ADD_IMAGE)


def test_a_rule_in_a_new_file_of_the_folder_holds_at_once(rules):
    assert reader_may(policy.ADD_IMAGE)
    added = rules / "glance_policy.d" / "site.yaml"
    added.write_text('"add_image": "role:admin"\n')
    later(added)
    assert not reader_may(policy.ADD_IMAGE)
    added.write_text('"add_image": "role:reader"\n')
    later(added)
    os.utime(added, (added.stat().st_mtime + 10,) * 2)
    assert reader_may(policy.ADD_IMAGE)


def test_results_end_after_a_time(checked, monkeypatch):
    now = policy_results.time.monotonic()
    monkeypatch.setattr(policy_results.time, "monotonic", lambda: now)
    reader_may(policy.ADD_IMAGE)
    now += policy_results.KEPT_S - 1
    reader_may(policy.ADD_IMAGE)
    assert len(checked) == 1
    now += 2
    reader_may(policy.ADD_IMAGE)
    assert len(checked) == 2


def test_results_of_an_operators_own_check_are_not_kept(settings, checked):
    settings.POLICY_CHECK_FUNCTION = lambda actions, request, target: True
    for _ in range(2):
        assert reader_may(policy.ADD_IMAGE)
    assert len(checked) == 2


def test_the_number_of_users_is_bounded(monkeypatch):
    monkeypatch.setattr(policy_results, "MAX_USERS", 3)
    for roles in (["member"], ["admin"], ["reader"], ["member", "reader"], ["member", "admin"]):
        request = factories.request(factories.user(roles))
        policy.allows(request, policy.ADD_IMAGE)
        assert 0 < len(policy_results._kept.of_users) <= 3
