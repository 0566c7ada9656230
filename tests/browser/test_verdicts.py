# SPDX-License-Identifier: Apache-2.0
"""Browser, dashboard and Glance judge the same files; a difference has a reason.

By default each content is tried with its own format and with Raw. VERDICTS=FILE in the
environment tries all formats, and writes the page of the documentation.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path

import pytest

from demo.cloud import Cloud
from tests.browser.browser import Browser
from tests.thorough import only_thorough
from tests.verdicts import table, tools
from tests.verdicts.contents import CONTENTS
from tests.verdicts.judges import (
    GlanceJudge,
    Judgement,
    Word,
    browsers_words,
    servers_verdict,
)
from tests.verdicts.reasons import reason_of

pytestmark = only_thorough

#: Parallel uploads to Glance.
UPLOADS = 4


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """Each content in a file whose name says nothing of it."""
    tools.require()
    made = {}
    for number, content in enumerate(CONTENTS):
        folder = tmp_path_factory.mktemp("content")
        made[content.name] = content.make(folder).rename(folder / f"content-{number}")
    return made


def offered(browser: Browser) -> dict[str, str]:
    """The formats that this Glance offers: labels by name."""
    options: list[tuple[str, str]] = browser.run(
        "return Array.from(document.querySelectorAll('select[data-hip-format] option'),"
        " option => [option.value, option.textContent.trim()])"
    )
    return {name: label for name, label in options if name}


def test_browser_dashboard_and_glance_agree(
    browser: Browser, cloud: Cloud, files: Mapping[str, Path]
) -> None:
    browser.log_in("alice")
    browser.go("/project/images/create/")
    browser.wait(lambda: browser.all("select[data-hip-format] option"), "the form")
    formats, all_formats = offered(browser), os.environ.get("VERDICTS", "")
    said = browsers_words(browser, files, formats)
    glance = GlanceJudge(cloud)

    def judge(pair: tuple[str, str]) -> Judgement:
        name, format_name = pair
        server, is_late = servers_verdict(files[name].read_bytes(), format_name)
        kind = said[name][1][format_name]
        return Judgement(kind, server, is_late, glance.takes(files[name], format_name))

    pairs = [
        (content.name, name)
        for content in CONTENTS
        for name in formats
        if all_formats or name in (content.own, "raw")
    ]
    with ThreadPoolExecutor(UPLOADS) as executor:
        judged = dict(zip(pairs, executor.map(judge, pairs), strict=True))

    of_name = {content.name: content for content in CONTENTS}
    unexplained = {
        pair: found
        for pair, found in judged.items()
        if reason_of(of_name[pair[0]], pair[1], found) is None
    }
    assert not unexplained
    refused = [
        content.name
        for content in CONTENTS
        if content.own and not judged[content.name, content.own].glance
    ]
    assert refused == MENDED
    if all_formats:
        words: dict[str, Word] = {name: word for name, (word, _) in said.items()}
        Path(all_formats).write_text(table.page(judged, words, formats, versions(browser)))


#: Refused as what their names say: they have to be converted, or declared otherwise.
MENDED = [
    "QCOW2, extended L2 entries",
    "QCOW2, with a backing file",
    "QCOW2, with an external data file",
    "QCOW, version 1",
    "QED",
    "VMDK, descriptor of monolithicFlat",
    "VMDK, descriptor of twoGbMaxExtentSparse",
    "VMDK, extent of twoGbMaxExtentSparse",
    "VMDK, descriptor of twoGbMaxExtentFlat",
    "LUKS 2 (cryptsetup)",
    "FAT12, floppy of 1.44 MB",
    "FAT12, floppy of 2.88 MB",
    "NTFS",
    "exFAT",
]

#: Formats of what a command makes, by qemu-img's name.
FORMATS_OF_QEMU = {"qcow2": "qcow2", "vpc": "vhd"}


def test_the_commands_mend_what_they_are_shown_for(
    browser: Browser, cloud: Cloud, files: Mapping[str, Path]
) -> None:
    browser.log_in("alice")
    browser.go("/project/images/create/")
    browser.wait(lambda: browser.all("select[data-hip-format] option"), "the form")
    formats, glance, mended = offered(browser), GlanceJudge(cloud), []
    for name, (word, _) in browsers_words(browser, files, formats).items():
        shown = re.search(r"Convert it first: qemu-img (.*)$", word.warning)
        if shown is None or "only one part" in word.warning:
            continue
        arguments = shown[1].split()
        arguments[-2:] = [files[name].name, "converted"]
        folder = files[name].parent
        tools.run(folder, "qemu-img", *arguments)
        format_name = FORMATS_OF_QEMU[arguments[arguments.index("-O") + 1]]
        made = folder / "converted"
        assert servers_verdict(made.read_bytes(), format_name) == ("", False), name
        assert glance.takes(made, format_name), name
        mended.append(name)
    assert set(mended) >= set(MENDED) - {"VMDK, extent of twoGbMaxExtentSparse"}
    assert {"VHD, fixed", "VHD, fixed, MBR partitions"} <= set(mended)


def versions(browser: Browser) -> dict[str, str]:
    python = {name: version(name) for name in ("glance", "oslo.utils", "horizon")}
    chromium = {"chromium": str(browser.driver.capabilities["browserVersion"])}
    return {**python, **chromium, **tools.versions()}
