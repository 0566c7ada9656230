# SPDX-License-Identifier: Apache-2.0
"""One at a time, for as long as it takes; nobody ends what another holds."""

import threading
import time
from contextlib import ExitStack

import pytest
from django.core.cache import cache as django_cache

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


def test_a_long_work_renews_it(monkeypatch):
    monkeypatch.setattr(lock, "HELD_S", 1.5)
    monkeypatch.setattr(lock, "RENEWED_EVERY_S", 0.1)
    threads = threading.active_count()
    with lock.held(NAME):
        time.sleep(2)
        assert not is_free()
    assert threading.active_count() == threads


def test_each_renewal_gives_it_all_its_time(monkeypatch):
    given, keep = [], cache.set
    monkeypatch.setattr(
        cache, "set", lambda key, value, for_s: given.append(for_s) or keep(key, value, for_s)
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


def test_a_cache_that_fails_keeps_nobody_off(monkeypatch):
    def fail(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    for name in ("get", "set", "add", "delete"):
        monkeypatch.setattr(django_cache, name, fail)
    with lock.held(NAME) as first, lock.held(NAME) as second:
        assert first.renew()
        assert second.renew()
