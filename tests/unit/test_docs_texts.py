# SPDX-License-Identifier: Apache-2.0
"""The documentation quotes labels, messages and log lines as they are in the code.

On these pages a label of the screen is in **bold**, and a message in “curly quotes”. "…" stands
for what differs.
"""

import re
from pathlib import Path

import pytest

from helion_images_panel import redaction
from tests.unit import screen_texts

PAGES = Path(__file__).resolve().parents[2] / "doc" / "source"
USER = sorted((PAGES / "user").glob("*.md"))
TROUBLESHOOTING = PAGES / "troubleshooting.md"
MONITORING = PAGES / "monitoring.md"


def name(path):
    return path.name


def text_of(page):
    return screen_texts.squeeze(page.read_text())


@pytest.mark.parametrize("page", USER, ids=name)
def test_labels_are_on_the_screen(page):
    """A whole sentence in bold is the page's own."""
    labels = [label for label in re.findall(r"\*\*([^*]+)\*\*", text_of(page)) if label[-1] != "."]
    known = screen_texts.of_package() | screen_texts.of_horizon()
    assert [label for label in labels if label not in known] == []


@pytest.mark.parametrize("page", [*USER, TROUBLESHOOTING], ids=name)
def test_messages_are_in_the_code(page):
    messages = re.findall("“([^”]+)”", text_of(page))
    assert [message for message in messages if not is_known(message)] == []


def is_known(message):
    pattern = screen_texts.quotes(message)
    return any(pattern.fullmatch(text) for text in screen_texts.of_package())


def test_a_message_is_quoted_as_a_whole():
    whole = "The file is empty."
    assert is_known(whole)
    assert is_known("The file is …")
    assert not is_known(whole.removesuffix("."))
    assert not is_known(redaction.__doc__)


@pytest.mark.parametrize("page", USER, ids=name)
def test_every_task_says_what_can_go_wrong(page):
    text = page.read_text()
    assert "\n## If something is wrong\n\n| you see | do this |\n" in text


def test_every_page_of_the_guide_is_reached_from_the_first_page():
    start = (PAGES / "index.md").read_text()
    assert [page.name for page in USER if f"(user/{page.name})" not in start] == []


def test_log_lines_are_in_the_code():
    rows = re.findall(r"(?m)^\| `([^`]+)` \| ([A-Z]+) \|", MONITORING.read_text())
    assert rows
    known = {
        (re.sub(r"%[sd]", "…", line), level.upper()) for level, line in screen_texts.log_formats()
    }
    assert [row for row in rows if row not in known] == []
    assert {row for row in known if row[1] == "ERROR"} <= set(rows)
