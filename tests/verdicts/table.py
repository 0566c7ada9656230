# SPDX-License-Identifier: Apache-2.0
"""The page doc/source/verdicts.md."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tests.verdicts.content import Content
from tests.verdicts.contents import GROUPS
from tests.verdicts.judges import Judgement, Word
from tests.verdicts.reasons import REASONS, reason_of

INTRODUCTION = """\
# Verdicts

For each content and each format that Glance offers, this page shows three judgements of a file:

1. the browser's, before the image is created (the scripts `create/file_*.js`, in Chromium);
2. the dashboard's, while the data passes (`transfers/inspection.py`);
3. Glance's, after the last byte (a real Glance, with its default settings).

`tox -e verdicts` makes the files by public tools, asks the three, fails on a difference without a
reason, and writes this page: do not edit it. `tests/browser/test_verdicts.py` does the same in CI
for each content with its own format and with Raw.
"""

LEGEND = """\
## How to read the tables

| sign | meaning |
| --- | --- |
| ✓ | all three take the file |
| – | all three refuse it: the browser before the image is created, the dashboard at the first MiB |
| (–) | as –, but the dashboard only when it has read all: before the last part is sent to Glance |
| number | they differ, for the reason of that number |
"""


def page(
    judged: Mapping[tuple[str, str], Judgement],
    words: Mapping[str, Word],
    formats: Mapping[str, str],
    versions: Mapping[str, str],
) -> str:
    """Return the page; `formats` are labels by name."""
    parts = [INTRODUCTION, LEGEND, "\n".join(_reasons()), "\n".join(_versions(versions))]
    for title, contents in GROUPS.items():
        parts.append("\n".join(_group(title, contents, judged, words, formats)))
    return "\n".join(part.rstrip() + "\n" for part in parts)


def _reasons() -> Iterator[str]:
    yield "| number | reason for the difference |"
    yield "| --- | --- |"
    for number, reason in enumerate(REASONS, start=1):
        yield f"| {number} | {reason.text} |"


def _versions(versions: Mapping[str, str]) -> Iterator[str]:
    yield "## Versions"
    yield ""
    yield "| software | version |"
    yield "| --- | --- |"
    for name, version in versions.items():
        yield f"| {name} | {version} |"


def _group(
    title: str,
    contents: Sequence[Content],
    judged: Mapping[tuple[str, str], Judgement],
    words: Mapping[str, Word],
    formats: Mapping[str, str],
) -> Iterator[str]:
    yield f"## {title}"
    yield ""
    heads = (label.split(" - ")[0] for label in formats.values())
    yield f"| content | {' | '.join(heads)} |"
    yield f"| --- |{' --- |' * len(formats)}"
    for content in contents:
        signs = [_sign(content, name, judged[content.name, name]) for name in formats]
        yield f"| {content.name} | {' | '.join(signs)} |"
    yield ""
    yield "| content | what the browser says |"
    yield "| --- | --- |"
    for content in contents:
        word = words[content.name]
        yield f"| {content.name} | {' '.join(filter(None, (word.label, word.warning)))} |"


def _sign(content: Content, format_name: str, judged: Judgement) -> str:
    reason = reason_of(content, format_name, judged)
    if reason:
        return str(reason)
    if judged.glance:
        return "✓"
    return "(–)" if judged.is_late else "–"
