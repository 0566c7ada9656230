# SPDX-License-Identifier: Apache-2.0
import hashlib
import queue
import threading

import pytest

from helion_images_panel.core.checksums import Checksum
from helion_images_panel.transfers import digests as digests_module
from helion_images_panel.transfers.digests import (
    CHUNKS_AHEAD,
    AlgorithmUnavailable,
    ChecksumRefused,
    Digests,
    is_available,
)

DATA = b"the data of an image" * 1000
CHUNKS = [DATA[i : i + 777] for i in range(0, len(DATA), 777)]

pytestmark = pytest.mark.usefixtures("threads")


def of(algorithm, data=DATA):
    return Checksum(algorithm, hashlib.new(algorithm, data).hexdigest())


class Slow:
    """A hash that waits until the test lets it go on."""

    digest_size = 1

    def __init__(self):
        self.go, self.began = threading.Event(), threading.Event()

    def update(self, chunk):
        self.began.set()
        self.go.wait(10)

    def hexdigest(self):
        return "ab"


@pytest.fixture
def slow(monkeypatch):
    hash_ = Slow()
    monkeypatch.setattr(digests_module.hashlib, "new", lambda *_args, **_kwargs: hash_)
    return hash_


@pytest.mark.parametrize("algorithms", [["sha512"], ["sha512", "md5"], ["sha256", "sha256"], []])
def test_the_checksums_are_those_of_all_chunks(algorithms):
    with Digests(algorithms) as digests:
        for chunk in CHUNKS:
            digests.update(chunk)
        assert digests.checksums == {}
        digests.finish()
    assert digests.checksums == {name: of(name) for name in algorithms}


@pytest.mark.parametrize("algorithm", ["md5", "sha256", "sha512"])
def test_what_is_expected_is_computed_too(algorithm):
    with Digests(["sha512"], of(algorithm)) as digests:
        for chunk in CHUNKS:
            digests.update(chunk)
        digests.finish()
    assert digests.checksums == {name: of(name) for name in {"sha512", algorithm}}


def test_other_data_than_expected_is_refused_with_both_values():
    expected = of("sha256", b"other data")
    with Digests(["sha512"], expected) as digests:
        for chunk in CHUNKS:
            digests.update(chunk)
        with pytest.raises(ChecksumRefused) as caught:
            digests.finish()
    assert (caught.value.expected, caught.value.actual) == (expected, of("sha256"))


def test_an_algorithm_that_this_python_does_not_know_is_left_out():
    with Digests(["sha512", "of-tomorrow"]) as digests:
        digests.update(b"abc")
        digests.finish()
    assert set(digests.checksums) == {"sha512"}


def test_the_thread_ends_with_an_upload_that_breaks_off():
    digests = Digests(["sha512"])

    def break_off():
        with digests:
            for _ in range(3 * CHUNKS_AHEAD):
                digests.update(b"abc")
            raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        break_off()
    assert digests.checksums == {}


def test_the_thread_ends_although_it_is_far_behind(slow):
    """Whoever leaves waits for the chunks that are on their way, and for no more."""
    with Digests(["sha512"]) as digests:
        for _ in range(CHUNKS_AHEAD):
            digests.update(b"abc")
        slow.began.wait(10)
        letting_go = threading.Thread(target=slow.go.set)
        letting_go.start()
    assert not digests._thread.is_alive()
    letting_go.join()


def test_no_more_chunks_are_kept_than_said(slow):
    with Digests(["sha512"]) as digests:
        for _ in range(CHUNKS_AHEAD):
            digests.update(b"abc")
        slow.began.wait(10)
        digests.update(b"abc")
        assert digests._chunks.full()
        with pytest.raises(queue.Full):
            digests._chunks.put(b"abc", block=False)
        slow.go.set()


def test_an_error_in_the_thread_comes_out_and_blocks_nobody(monkeypatch):
    class Broken:
        digest_size = 1

        def update(self, chunk):
            raise MemoryError("none left")

    monkeypatch.setattr(digests_module.hashlib, "new", lambda *_args, **_kwargs: Broken())
    with Digests(["sha512"]) as digests:
        for _ in range(5 * CHUNKS_AHEAD):
            digests.update(b"abc")
        with pytest.raises(MemoryError):
            digests.finish()


def test_an_algorithm_that_python_refuses_is_left_out(without_md5):
    with Digests(["sha512", "md5"]) as digests:
        digests.update(DATA)
        digests.finish()
    assert digests.checksums == {"sha512": of("sha512")}


def test_an_expected_algorithm_that_python_refuses_is_said_at_first(without_md5):
    with pytest.raises(AlgorithmUnavailable):
        Digests(["sha512"], Checksum("md5", "0" * 32))


@pytest.mark.parametrize("name", ["no-such-algorithm", "shake_128"])
def test_algorithms_that_cannot_be_computed(name):
    assert not is_available(name)
    assert is_available("sha512")
