# SPDX-License-Identifier: Apache-2.0
import pytest
from django.core.cache import cache

from helion_images_panel.api import client
from helion_images_panel.transfers import progress
from helion_images_panel.transfers.progress import Progress, taken_bytes
from tests import factories


@pytest.fixture
def request_():
    return factories.request()


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        now = 100.0

    monkeypatch.setattr(progress.time, "monotonic", lambda: Clock.now)
    return Clock


def test_the_bytes_are_known_while_the_upload_runs_and_no_longer(clock, request_):
    assert taken_bytes(request_, "one") is None
    with Progress(request_, "one") as noted:
        assert taken_bytes(request_, "one") == 0
        clock.now += progress.EVERY_S
        noted.report(7)
        assert (taken_bytes(request_, "one"), taken_bytes(request_, "two")) == (7, None)
    assert taken_bytes(request_, "one") is None


def test_a_note_a_second_and_the_last_word(clock, request_):
    with Progress(request_, "one") as noted:
        noted.report(1)
        clock.now += 0.9
        noted.report(2)
        assert taken_bytes(request_, "one") == 0
        noted.report(3, at_last=True)
        assert taken_bytes(request_, "one") == 3
        clock.now += progress.EVERY_S
        noted.report(4)
        assert taken_bytes(request_, "one") == 4


def test_nothing_stays_of_an_upload_that_failed(clock, request_):
    with pytest.raises(ZeroDivisionError), Progress(request_, "one"):
        _ = 1 / 0
    assert taken_bytes(request_, "one") is None


def test_the_end_of_one_upload_leaves_the_other_its_note(request_):
    key = client.image_cache_key(request_, "upload_progress", "one")
    with Progress(request_, "one"):
        with Progress(request_, "one") as noted:
            noted.report(7, at_last=True)
            kept = cache.get(key)
        cache.set(key, kept)
    assert taken_bytes(request_, "one") == 7


def test_a_cache_that_fails_ends_no_upload(monkeypatch, clock, request_):
    def fail(*_args, **_kwargs):
        raise ConnectionResetError(104, "Connection reset by peer")

    for name in ("get", "set", "delete"):
        monkeypatch.setattr(cache, name, fail)
    with Progress(request_, "one") as noted:
        noted.report(7, at_last=True)
    assert taken_bytes(request_, "one") is None
    with pytest.raises(ZeroDivisionError), Progress(request_, "one"):
        _ = 1 / 0
