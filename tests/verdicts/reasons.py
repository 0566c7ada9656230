# SPDX-License-Identifier: Apache-2.0
"""The reasons why browser, dashboard and Glance may differ; every other difference is a fault."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.verdicts.content import Content
from tests.verdicts.judges import Judgement


@dataclass(frozen=True)
class Reason:
    text: str
    explains: Callable[[Content, str, Judgement], bool]


REASONS = (
    Reason(
        "The panel refuses a disk image in a format of its own that is declared Raw, and an ISO. "
        "Glance takes both, and instances then do not boot from it.",
        lambda _content, format_name, judged: (
            format_name == "raw" and judged.browser == judged.server == "format" and judged.glance
        ),
    ),
)


def reason_of(content: Content, format_name: str, judged: Judgement) -> int | None:
    """Return the number of the reason for the difference; 0 without one, None if unexplained."""
    if bool(judged.browser) == bool(judged.server) == (not judged.glance):
        return 0
    for number, reason in enumerate(REASONS, start=1):
        if reason.explains(content, format_name, judged):
            return number
    return None
