# SPDX-License-Identifier: Apache-2.0
"""What is noted of a list while it is read."""

import pytest

from helion_images_panel.core.stretch import END, Trail

START = ("a", "")


@pytest.mark.parametrize(
    ("rows", "own", "is_at_end", "is_worth_it"),
    [
        (0, 0, True, True),  # Only an empty response shows that a full one was the last.
        (0, 0, False, False),
        (2, 0, True, False),
        (3, 0, False, True),
        (11, 3, False, False),
        (12, 3, False, True),
    ],
)
def test_an_entry_is_made_where_most_images_are_others(rows, own, is_at_end, is_worth_it):
    trail = Trail(START)
    for number in range(rows):
        trail.passes((str(number), ""), is_placed=True, is_own=number < own)
    found = trail.read(3, is_at_end)
    assert (found is not None) == is_worth_it
    assert found is None or found[1] == (END if is_at_end else (str(rows - 1), ""))
