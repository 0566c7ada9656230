# SPDX-License-Identifier: Apache-2.0
"""Times as Glance writes them: whole seconds in UTC."""

from __future__ import annotations

from datetime import UTC, datetime

TIME_FORMAT = "%Y-%m-%dT%H:%M:%SZ"


def time_of(text: str | None) -> datetime | None:
    """Parse a time of Glance; None if it is none."""
    try:
        return datetime.strptime(text or "", TIME_FORMAT).replace(tzinfo=UTC)
    except ValueError:
        return None
