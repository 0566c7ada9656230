# SPDX-License-Identifier: Apache-2.0
"""The time of a step of publishing, which tells the members that it has made from others.

Glance's members have no other mark: if a step is interrupted, a member that was changed
later is a user's.
"""

from __future__ import annotations

from datetime import timedelta

from helion_images_panel.core.glance_time import time_of

#: Seconds after which a step begins no further addition.
ADDITIONS_BEGIN_WITHIN_S = 3

#: The times of its members: Glance may need a while, times are whole seconds, and clocks
#: differ.
_BEGIN, _END = timedelta(seconds=-2), timedelta(seconds=ADDITIONS_BEGIN_WITHIN_S + 3)


def is_of_step(recorded_at: str, *times: str | None) -> bool:
    """Whether one of a member's times is that of the step; True if they are unknown."""
    begin = time_of(recorded_at)
    found = [time for time in map(time_of, times) if time is not None]
    if begin is None or not found:
        return True
    return any(begin + _BEGIN <= time <= begin + _END for time in found)
