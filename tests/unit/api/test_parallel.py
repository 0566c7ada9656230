# SPDX-License-Identifier: Apache-2.0
import threading

import pytest
from django.utils import translation

from helion_images_panel.api.parallel import in_parallel


class Crowd:
    """Counts who is inside at the same time; lets nobody out before `expected` are in."""

    def __init__(self, expected):
        self.lock = threading.Lock()
        self.barrier = threading.Barrier(expected)
        self.inside = self.most = 0

    def __call__(self, item):
        with self.lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
        self.barrier.wait(timeout=10)
        with self.lock:
            self.inside -= 1
        return item


def test_results_come_in_the_order_of_the_items():
    assert in_parallel(lambda n: n * n, list(range(50))) == [n * n for n in range(50)]


def test_nothing_of_nothing():
    assert in_parallel(len, []) == []


def test_a_single_item_needs_no_thread():
    assert in_parallel(lambda _item: threading.get_ident(), ["x"]) == [threading.get_ident()]


def test_as_many_at_a_time_as_the_setting_allows_and_no_more(settings):
    settings.HELION_IMAGES_CONCURRENCY = 3
    crowd = Crowd(3)
    assert in_parallel(crowd, list(range(9))) == list(range(9))
    assert crowd.most == 3


def test_the_first_error_is_raised_here():
    def fail(item):
        if item:
            raise ValueError(item)
        return item

    with pytest.raises(ValueError, match=r"^1$"):
        in_parallel(fail, [0, 1, 2])


def test_the_person_reads_one_language():
    with translation.override("de"):
        assert set(in_parallel(lambda _item: translation.get_language(), range(4))) == {"de"}
