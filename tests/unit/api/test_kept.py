# SPDX-License-Identifier: Apache-2.0
"""A cache that fails: as one that is empty."""

import logging

import pytest
from django.core.cache import cache

from helion_images_panel.api import kept


@pytest.fixture
def broken(monkeypatch):
    def fail(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    for name in ("get", "set", "add", "delete"):
        monkeypatch.setattr(cache, name, fail)
    monkeypatch.setattr(kept, "_warned_at", -kept.WARNED_EVERY_S)


def test_what_is_kept_is_known_until_it_is_dropped():
    kept.keep("one", (1, "a"), 60)
    assert (kept.recall("one"), kept.recall("two")) == ((1, "a"), None)
    kept.drop("one")
    assert kept.recall("one") is None


def test_only_the_first_claims():
    assert [kept.claim("one", 60), kept.claim("one", 60)] == [True, False]
    kept.drop("one")
    assert kept.claim("one", 60)


def test_a_cache_that_fails_is_an_empty_one(broken, monkeypatch):
    kept.keep("one", 1, 60)
    kept.drop("one")
    assert (kept.recall("one"), kept.claim("one", 60), kept.claim("one", 60)) == (None, True, True)


def test_it_is_said_once_in_a_while(broken, caplog, monkeypatch):
    clock = iter([100.0, 101.0, 100.0 + kept.WARNED_EVERY_S])
    monkeypatch.setattr(kept.time, "monotonic", lambda: next(clock))
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            kept.recall("one")
    assert len(caplog.messages) == 2
    assert "No space left on device" in caplog.text
