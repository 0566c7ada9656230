# SPDX-License-Identifier: Apache-2.0
"""The documentation quotes messages and log lines as they are in the code.

On these pages a message is in “curly quotes”. "…" stands for what differs.
"""

import re
from pathlib import Path

import pytest

from tests.unit import screen_texts

PAGES = Path(__file__).resolve().parents[2] / "doc" / "source"
TROUBLESHOOTING = PAGES / "troubleshooting.md"
MONITORING = PAGES / "monitoring.md"


def name(path):
    return path.name


def text_of(page):
    return screen_texts.squeeze(page.read_text())


@pytest.mark.parametrize("page", [TROUBLESHOOTING], ids=name)
def test_messages_are_in_the_code(page):
    messages = re.findall("“([^”]+)”", text_of(page))
    assert [message for message in messages if not is_known(message)] == []


def is_known(message):
    pattern = screen_texts.quotes(message)
    return any(pattern.search(text) for text in screen_texts.of_package())


def test_log_lines_are_in_the_code():
    rows = re.findall(r"(?m)^\| `([^`]+)` \| ([A-Z]+) \|", MONITORING.read_text())
    assert rows
    known = {
        (re.sub(r"%[sd]", "…", line), level.upper()) for level, line in screen_texts.log_formats()
    }
    assert [row for row in rows if row not in known] == []
    assert {row for row in known if row[1] == "ERROR"} <= set(rows)
