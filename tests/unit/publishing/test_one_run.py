# SPDX-License-Identifier: Apache-2.0
"""One run of the lifecycle command at a time for a domain."""

import os
import socket

import pytest

from helion_images_panel.api import lock, projects
from helion_images_panel.core.stored_rules import ALL_DOMAINS
from helion_images_panel.publishing.one_run import NotAlone, exclusive
from tests import factories


@pytest.fixture(autouse=True)
def _keystone(keystone):
    """Knows the domains."""


def request():
    return factories.request(factories.cloud_admin())


def may_run(*domain_ids):
    try:
        with exclusive(request(), domain_ids):
            return True
    except NotAlone:
        return False


@pytest.mark.parametrize(
    ("first", "second", "both"),
    [
        ([factories.DOMAIN], [factories.DOMAIN], False),
        ([factories.DOMAIN], [factories.OTHER_DOMAIN], True),
        ([factories.DOMAIN], [], False),
        ([], [factories.DOMAIN], False),
        ([], [], False),
    ],
)
def test_which_run_beside_which(first, second, both):
    with exclusive(request(), first):
        assert may_run(*second) is both
        assert not may_run(*first)
    assert may_run(*second)
    assert may_run(*first)


def test_the_other_run_is_named():
    with (
        exclusive(request(), [factories.DOMAIN]),
        pytest.raises(NotAlone) as caught,
        exclusive(request(), []),
    ):
        pass
    assert f"on {socket.gethostname()}, process {os.getpid()}, since 20" in str(caught.value)


def test_a_run_that_ends_in_an_error_keeps_no_lock():
    with pytest.raises(ZeroDivisionError), exclusive(request(), []):
        raise ZeroDivisionError
    assert may_run(factories.DOMAIN)


def failing(*_args, **_kwargs):
    raise ConnectionError("away")


@pytest.mark.parametrize("answer", [failing, lambda *_args, **_kwargs: None])
@pytest.mark.parametrize("domain_ids", [[], [factories.DOMAIN]])
def test_a_cache_that_fails_after_the_own_lock_is_taken(monkeypatch, domain_ids, answer):
    """Otherwise each other lock would be a free one."""

    def lost(_self):
        monkeypatch.setattr(lock.cache.cache, "get", answer)

    monkeypatch.setattr(lock.Lock, "start_renewal", lost)
    with pytest.raises(NotAlone, match="cache"), exclusive(request(), domain_ids):
        pass


def test_a_domain_that_was_made_a_moment_ago(keystone):
    before = projects.domain_list(request())
    keystone.domains["new"] = "New"
    assert projects.domain_list(request()) == before
    with exclusive(request(), ["new"]):
        assert not may_run()


def test_without_the_cache_it_does_not_run(monkeypatch):
    def unavailable(*_args):
        raise lock.cache.CacheUnavailable("away")

    monkeypatch.setattr(lock.Lock, "acquire", unavailable)
    with pytest.raises(NotAlone, match="cache"), exclusive(request(), [ALL_DOMAINS]):
        pass
