# SPDX-License-Identifier: Apache-2.0
"""The pages that wait for a service: how many, and what the others are told."""

import threading
from contextlib import ExitStack

import pytest

from helion_images_panel import exceptions
from helion_images_panel.api import waiting
from helion_images_panel.api.parallel import in_parallel
from helion_images_panel.api.waiting import Queue


@pytest.fixture
def queue(settings):
    settings.HELION_IMAGES_WAITING_PER_PROCESS = 2
    return Queue(exceptions.image_service_does_not_answer)


@pytest.fixture
def full(queue):
    """Two other pages wait until the test is over, or calls what it is given."""
    release = threading.Event()
    waits = threading.Barrier(3)

    def wait():
        with queue.turn():
            waits.wait(timeout=30)
            release.wait(timeout=30)

    pages = [threading.Thread(target=wait) for _ in range(2)]
    for page in pages:
        page.start()
    waits.wait(timeout=30)
    yield release.set
    release.set()
    for page in pages:
        page.join()
    assert queue.pages == 0


def test_a_page_more_than_may_wait_is_refused(queue, full, monkeypatch):
    monkeypatch.setattr(waiting, "TURN_S", 0.05)
    with pytest.raises(exceptions.ImageServiceUnavailable), queue.turn():
        pass
    assert queue.pages == 2


def test_a_page_takes_its_turn_when_another_leaves(queue, full, monkeypatch):
    monkeypatch.setattr(waiting, "TURN_S", 30)
    threading.Timer(0.05, full).start()
    with queue.turn():
        assert queue.pages <= 2


def test_the_parallel_requests_of_a_page_count_once(queue):
    met = threading.Barrier(4)

    def request(_number):
        with queue.turn():
            met.wait(timeout=30)
            return queue.pages

    assert in_parallel(request, range(4)) == [1, 1, 1, 1]
    assert queue.pages == 0


def test_requests_of_one_page_may_be_nested(queue, full, monkeypatch):
    full()
    with ExitStack() as turns:
        for _ in range(5):
            turns.enter_context(queue.turn())
    assert queue.pages <= 2


def test_an_error_leaves_the_queue(queue):
    with pytest.raises(ValueError, match="wrong"), queue.turn():
        raise ValueError("wrong")
    assert queue.pages == 0


def test_a_queue_that_was_idle_for_long_has_patience(queue, monkeypatch):
    """It counts from when it became full, and not from when a page left it last."""
    queue._moved_at -= 3600
    entered = threading.Event()
    release = threading.Event()

    def wait():
        with queue.turn():
            entered.set()
            release.wait(timeout=30)

    other = threading.Thread(target=wait)
    other.start()
    assert entered.wait(timeout=30)
    last = threading.Thread(target=wait)
    last.start()
    while queue.pages < 2:
        pass
    threading.Timer(0.05, release.set).start()
    with queue.turn():
        assert queue.pages >= 1
    for page in (other, last):
        page.join()
