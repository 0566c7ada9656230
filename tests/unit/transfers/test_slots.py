# SPDX-License-Identifier: Apache-2.0
import threading

import pytest

from helion_images_panel import conf
from helion_images_panel.transfers import slots
from helion_images_panel.transfers.slots import Slots


@pytest.fixture
def two(settings):
    setattr(settings, conf.UPLOADS_PER_PROCESS.name, 2)
    return Slots(conf.UPLOADS_PER_PROCESS)


def test_no_more_than_the_setting_says(two):
    first, second = two.acquire(), two.acquire()
    assert first
    assert second
    assert two.acquire() is None
    first.release()
    third = two.acquire()
    assert third
    assert two.acquire() is None


def test_a_place_is_given_back_once(two):
    first, second = two.acquire(), two.acquire()
    first.release()
    first.release()
    assert two.in_use == 1
    second.release()


def test_a_place_is_given_back_whatever_happens(two):
    def break_off():
        with two.acquire():
            assert two.in_use == 1
            raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        break_off()
    assert two.in_use == 0


def test_a_place_may_be_given_back_by_another_thread(two):
    slot = two.acquire()
    thread = threading.Thread(target=slot.release)
    thread.start()
    thread.join()
    assert two.in_use == 0


def test_the_setting_counts_as_it_is_now(two, settings):
    setattr(settings, conf.UPLOADS_PER_PROCESS.name, 1)
    first = two.acquire()
    assert first
    assert two.acquire() is None
    setattr(settings, conf.UPLOADS_PER_PROCESS.name, 2)
    assert two.acquire()


def test_uploads_and_downloads_have_their_own():
    assert slots.UPLOADS is not slots.DOWNLOADS
    assert (slots.UPLOADS.in_use, slots.DOWNLOADS.in_use) == (0, 0)


def test_many_at_once(two):
    """As many places as there were, whoever takes them."""
    taken, together = [], threading.Barrier(16)

    def take():
        together.wait()
        taken.append(two.acquire())

    threads = [threading.Thread(target=take) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([slot for slot in taken if slot]) == 2


def test_a_place_that_is_lost_is_free_and_counted(two, caplog):
    kept = two.acquire()
    two.acquire()
    assert two.in_use == 1
    again = two.acquire()
    assert again
    assert two.acquire() is None
    assert [record.args for record in caplog.records] == [(1,)]
    kept.release()
    again.release()


def test_what_does_not_begin_gives_its_place_to_who_needs_it(two):
    ended = []
    first, second = two.acquire(), two.acquire()
    first.expect_begin(-1, lambda: ended.append(first))
    second.expect_begin(-1, lambda: ended.append(second))
    assert second.begin()
    assert two.acquire()
    assert ended == [first]
    assert not first.begin()


def test_what_has_time_to_begin_keeps_its_place(two):
    first, second = two.acquire(), two.acquire()
    for slot in (first, second):
        slot.expect_begin(60, pytest.fail)
    assert two.acquire() is None
    assert first.begin()
