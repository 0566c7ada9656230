# SPDX-License-Identifier: Apache-2.0
"""The three that judge a file as an image of a format: browser, dashboard, Glance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from demo.cloud import Cloud
from helion_images_panel.core.formats import glance_formats
from helion_images_panel.transfers.inspection import ContentRefused, Inspection
from tests.browser.browser import Browser

MIB = 1024 * 1024


@dataclass(frozen=True)
class Judgement:
    """Whether each takes the file; the two of the panel with the kind of a refusal."""

    browser: str
    server: str
    #: Whether the dashboard had to read more than the first MiB.
    is_late: bool
    glance: bool


@dataclass(frozen=True)
class Word:
    """What the browser says about the file under its field, whatever the format."""

    label: str
    warning: str


#: For each file: what the browser says, and the kind of its refusal for each format.
_ASK = """
const [formats, done] = arguments, hip = horizon.helionImages;
const files = document.getElementById('verdicts').files;
Promise.all(Array.from(files, (file) => hip.content(file).then((found) => ({
  name: file.name, words: hip.contentWords(found), warning: hip.contentWarning(found, ''),
  kinds: Object.fromEntries(
    formats.map((format) => [format, hip.contentVerdict(found, format, {})])),
})))).then(done);
"""


def browsers_words(
    browser: Browser, files: Mapping[str, Path], formats: Iterable[str]
) -> dict[str, tuple[Word, dict[str, str]]]:
    """Return for each name what the page's scripts say, and the kinds of refusals by format."""
    browser.run(
        "const field = document.createElement('input');"
        "Object.assign(field, {type: 'file', multiple: true, id: 'verdicts'});"
        "document.body.append(field);"
    )
    field = browser.one("#verdicts")
    field.send_keys("\n".join(map(str, files.values())))
    answers: list[dict[str, Any]] = browser.driver.execute_async_script(_ASK, list(formats))
    found = {}
    for name, answer in zip(files, answers, strict=True):
        assert answer["name"] == files[name].name
        found[name] = Word(answer["words"], answer["warning"]), answer["kinds"]
    return found


def servers_verdict(data: bytes, format_name: str) -> tuple[str, bool]:
    """Return the kind of the refusal, and whether it came after the first MiB."""
    inspection = Inspection(*glance_formats(format_name))
    at = 0
    try:
        for at in range(0, len(data), MIB):
            inspection.update(data[at : at + MIB])
        inspection.finish()
    except ContentRefused as refused:
        return refused.finding.kind, at > 0
    return "", False


class GlanceJudge:
    """Uploads as a member does."""

    def __init__(self, cloud: Cloud) -> None:
        self._url = f"{cloud.glance.url}/v2/images"
        self._token = {"X-Auth-Token": str(cloud.session("alice").get_token())}

    def takes(self, file: Path, format_name: str) -> bool:
        disk_format, container_format = glance_formats(format_name)
        body = {
            "name": f"{file.name} as {format_name}",
            "visibility": "private",
            "disk_format": disk_format,
            "container_format": container_format,
        }
        made = requests.post(self._url, json=body, headers=self._token, timeout=60)
        made.raise_for_status()
        url = f"{self._url}/{made.json()['id']}"
        headers = {**self._token, "Content-Type": "application/octet-stream"}
        try:
            with file.open("rb") as data:
                sent = requests.put(f"{url}/file", data=data, headers=headers, timeout=60)
            assert sent.status_code in (204, 415), f"{body['name']}: {sent.status_code} {sent.text}"
            return sent.status_code == 204
        finally:
            requests.delete(url, headers=self._token, timeout=60).raise_for_status()
