# SPDX-License-Identifier: Apache-2.0
"""What transfers leave behind."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest


@pytest.fixture
def threads() -> Iterator[set[threading.Thread]]:
    """The threads before the test, to which it adds none that stays."""
    before = set(threading.enumerate())
    yield before
    # A thread of the test before may end meanwhile.
    assert set(threading.enumerate()) <= before
