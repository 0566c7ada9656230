# SPDX-License-Identifier: Apache-2.0
"""One at a time, for as long as it takes; nobody ends what another holds."""

import threading
import time
from contextlib import ExitStack

import pytest
from django.core.cache import cache as django_cache
from django.core.cache.backends.locmem import LocMemCache

from helion_images_panel.api import cache, lock

NAME = "helion_images.of-the-test"
#: Seconds after which a test gives up what it waits for.
PATIENCE_S = 30


def is_free():
    try:
        with lock.held(NAME):
            return True
    except lock.LockHeld:
        return False


def test_one_holds_it_until_the_end():
    with lock.held(NAME):
        assert not is_free()
    assert is_free()
    with pytest.raises(ZeroDivisionError), lock.held(NAME):
        raise ZeroDivisionError
    assert is_free()


def test_another_name_is_another_lock():
    with lock.held("helion_images.of-another-test"):
        assert is_free()


def test_an_expired_lock_is_not_removed_by_its_former_owner():
    with ExitStack() as next_one:
        with lock.held(NAME):
            # As if its time had passed.
            cache.delete(NAME)
            next_one.enter_context(lock.held(NAME))
        assert not is_free()
    assert is_free()


def test_a_former_owner_is_told_and_does_not_take_it_back():
    with lock.held(NAME) as first:
        assert first.renew()
        cache.delete(NAME)
        with lock.held(NAME) as second:
            assert not first.renew()
            assert second.renew()
        # Nobody has it, so it is the first one's once more.
        assert first.renew()
        assert not is_free()


def test_a_lock_that_the_cache_forgot_is_held_on():
    with lock.held(NAME) as held:
        django_cache.clear()
        assert held.renew()
        assert not is_free()


def test_a_lock_that_was_lost_for_its_lifetime_is_not_taken_back(monkeypatch):
    """Another one may have had it since, and is done."""
    with lock.held(NAME) as held:
        django_cache.clear()
        monkeypatch.setattr(held, "_stored_at", time.monotonic() - lock.HELD_S)
        assert not held.renew()
    assert is_free()


def test_a_token_is_not_left_in_a_cache_that_fails_after_storing_it(monkeypatch):
    get, failures = LocMemCache.get, [ConnectionError]

    def failing_once(*args, **kwargs):
        if failures:
            raise failures.pop()
        return get(*args, **kwargs)

    monkeypatch.setattr(LocMemCache, "get", failing_once)
    with pytest.raises(cache.CacheUnavailable), lock.held(NAME):
        pass
    assert is_free()


def test_a_long_work_renews_it(monkeypatch):
    monkeypatch.setattr(lock, "HELD_S", 1.5)
    monkeypatch.setattr(lock, "RENEWED_EVERY_S", 0.1)
    threads = set(threading.enumerate())
    with lock.held(NAME):
        time.sleep(2)
        assert not is_free()
    assert set(threading.enumerate()) <= threads


def test_each_renewal_gives_it_all_its_time(monkeypatch):
    given, keep = [], django_cache.set
    monkeypatch.setattr(
        django_cache,
        "set",
        lambda key, value, for_s: given.append(for_s) or keep(key, value, for_s),
    )
    with lock.held(NAME) as held:
        assert held.renew()
    assert given == [lock.HELD_S]
    assert lock.HELD_S > 3 * lock.RENEWED_EVERY_S


def test_who_has_lost_it_renews_it_no_more(monkeypatch):
    monkeypatch.setattr(lock, "RENEWED_EVERY_S", 0.01)
    with lock.held(NAME) as first:
        cache.set(NAME, "of somebody else", 60)
        first._renewal_thread.join(PATIENCE_S)
        assert not first._renewal_thread.is_alive()
        assert cache.get(NAME) == "of somebody else"
    assert cache.get(NAME) == "of somebody else"


def test_who_waits_has_it_next(monkeypatch):
    first, waiting = ExitStack(), threading.Event()
    first.enter_context(lock.held(NAME))
    monkeypatch.setattr(lock.time, "sleep", lambda _s: waiting.set())

    def end():
        assert waiting.wait(PATIENCE_S)
        first.close()

    ending = threading.Thread(target=end)
    ending.start()
    with lock.held(NAME, wait_s=PATIENCE_S):
        assert not is_free()
    ending.join()


def test_nobody_waits_for_ever(monkeypatch):
    clock = iter(range(100))
    monkeypatch.setattr(lock.time, "monotonic", lambda: next(clock))
    slept = []
    monkeypatch.setattr(lock.time, "sleep", slept.append)
    cache.set(NAME, "of somebody else", 60)
    with pytest.raises(lock.LockHeld), lock.held(NAME, wait_s=3):
        pass
    assert slept == [lock.POLL_S] * 2


@pytest.fixture
def fail(monkeypatch):
    """Makes the cache fail from now on, in one of the ways of caches."""

    def raise_error(*_args, **_kwargs):
        raise OSError(111, "Connection refused")

    #: For a second after an error, pymemcache returns its defaults; a DummyCache always does.
    ways = {
        "raises": dict.fromkeys(("add", "get", "set", "delete"), raise_error),
        "silent": {
            "add": lambda *_args: False,
            "get": lambda _key, default=None: default,
            "set": lambda *_args: None,
            "delete": lambda *_args: False,
        },
        "stores nothing": {
            "add": lambda *_args: True,
            "get": lambda _key, default=None: default,
            "set": lambda *_args: None,
            "delete": lambda *_args: True,
        },
    }

    def begin(way):
        for name, function in ways[way].items():
            monkeypatch.setattr(django_cache, name, function)

    return begin


WAYS = pytest.mark.parametrize("way", ["raises", "silent", "stores nothing"])


@WAYS
def test_no_lock_without_a_cache(fail, way):
    fail(way)
    with pytest.raises(cache.CacheUnavailable), lock.held(NAME, wait_s=PATIENCE_S):
        pass


@WAYS
def test_a_lock_is_not_renewed_without_a_cache(fail, way):
    with lock.held(NAME) as held:
        fail(way)
        with pytest.raises(cache.CacheUnavailable):
            held.renew()


def test_a_lock_outlives_a_cache_that_fails_for_a_while(monkeypatch):
    monkeypatch.setattr(lock, "RENEWED_EVERY_S", 0.01)
    failed, renewed, keep = threading.Event(), threading.Event(), LocMemCache.get

    def fail_once(self, *args):
        if not failed.is_set():
            failed.set()
            raise OSError(111, "Connection refused")
        renewed.set()
        return keep(self, *args)

    with lock.held(NAME) as held:
        # Each thread has an object of its own for the cache.
        monkeypatch.setattr(LocMemCache, "get", fail_once)
        assert failed.wait(PATIENCE_S)
        assert renewed.wait(PATIENCE_S)
        assert held.renew()


@WAYS
def test_what_is_safe_without_a_lock_is_done(fail, way):
    fail(way)
    with lock.held(NAME, required=False) as first, lock.held(NAME, required=False) as second:
        assert first.renew()
        assert second.renew()
    with lock.brief(NAME), lock.brief(NAME):
        pass


def test_a_lock_that_ends_between_two_calls_is_free(monkeypatch):
    """The key was taken when it was added, and is free when it is read."""
    cache.set(NAME, "of somebody else", 60)
    keep = LocMemCache.get

    def ends(self, *_args):
        monkeypatch.setattr(LocMemCache, "get", keep)
        self.delete(NAME)

    monkeypatch.setattr(LocMemCache, "get", ends)
    with lock.held(NAME):
        assert not is_free()


def test_a_brief_lock_is_waited_for(monkeypatch):
    entered, waiting = threading.Event(), threading.Event()
    monkeypatch.setattr(lock.time, "sleep", lambda _s: waiting.set())
    order = []

    def first():
        with lock.brief(NAME):
            entered.set()
            assert waiting.wait(PATIENCE_S)
            order.append("first")

    working = threading.Thread(target=first)
    working.start()
    assert entered.wait(PATIENCE_S)
    with lock.brief(NAME):
        order.append("second")
    working.join()
    assert order == ["first", "second"]


def test_a_brief_lock_of_a_killed_process_is_not_waited_for_long(monkeypatch):
    clock = iter(range(100))
    monkeypatch.setattr(lock.time, "monotonic", lambda: next(clock))
    slept = []
    monkeypatch.setattr(lock.time, "sleep", slept.append)
    cache.set(NAME, "of somebody else", 60)
    with lock.brief(NAME):
        assert slept == [lock.BRIEF_POLL_S]
    assert cache.get(NAME) == "of somebody else"
