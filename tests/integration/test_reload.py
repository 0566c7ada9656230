# SPDX-License-Identifier: Apache-2.0
"""A dashboard that serves the working tree: what is changed there shows, and nobody restarts it.

The working tree is a copy of the package, since the tests leave the files of the repository alone.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from pathlib import Path

import pytest
import requests

from demo import REPOSITORY, ports
from demo.cloud import Cloud
from demo.horizon import PLUGIN, Horizon
from demo.service import search_path
from tests.integration.client import Dashboard, Page
from tests.integration.waiting import wait_until
from tests.thorough import only_thorough

#: The dashboard has Horizon's themes alone.
pytestmark = [pytest.mark.with_frame, only_thorough]

IMAGES = "/project/images"
PANEL = "dashboards/project/images/panel.py"
#: Imported by the settings; a panel that cannot be imported is left out by Horizon.
EXCEPTIONS = "exceptions.py"
IMPORT = "from __future__ import annotations\n"
INDEX = "templates/helion_images_panel/listing/index.html"
SCRIPT = "static/helion_images_panel/js/listing/status.js"
#: One that the style sheet of the page imports.
STYLES = "static/helion_images_panel/scss/listing/_status.scss"

WITHIN_S = 120


class LiveHorizon(Horizon):
    """Imports the plugin from the copy."""

    copy: Path

    def environment(self) -> Mapping[str, str]:
        return {
            **super().environment(),
            "PYTHONPATH": search_path(self.folder, self.copy, REPOSITORY),
        }


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("tree") / PLUGIN
    shutil.copytree(REPOSITORY / PLUGIN, copy, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


@pytest.fixture(scope="module")
def live(cloud: Cloud, tree: Path) -> Iterator[Dashboard]:
    """Alice at the dashboard of the copy."""
    # Not "horizon…": the logs of those have no server error.
    horizon = LiveHorizon(cloud.state, cloud.keystone, reload=True, name="live")
    horizon.copy = tree.parent
    horizon.port = ports.assign({"live": None})["live"]
    horizon.ready_within_s = WITHIN_S
    horizon.configure()
    try:
        horizon.prepare()
        horizon.start()
        yield Dashboard(horizon.url).log_in(cloud.user("alice"))
    finally:
        horizon.stop()


@pytest.fixture
def change(tree: Path) -> Iterator[Callable[[str, str, str], None]]:
    """Puts other words into a file of the copy, until the test is over."""
    before: dict[Path, str] = {}

    def put(name: str, old: str, new: str) -> None:
        file = tree / name
        text = before.setdefault(file, file.read_text())
        assert old in text
        file.write_text(text.replace(old, new, 1))

    yield put
    for file, text in before.items():
        file.write_text(text)


def page_with(live: Dashboard, words: str) -> Page:
    """The list, as soon as it has these words."""

    def look() -> Page | None:
        try:
            return live.get(IMAGES)
        except requests.ConnectionError:
            return None  # between two workers

    page = wait_until(look, lambda page: page and words in page.html, repr(words), WITHIN_S)
    assert page is not None
    return page


def styles(live: Dashboard) -> str:
    """All style sheets of the list."""
    page = page_with(live, 'id="images"')
    addresses = re.findall(r'<link[^>]+href="([^"]+\.css)"', page.html)
    assert addresses
    return "".join(live.get(address).html for address in addresses)


def test_a_python_file(live: Dashboard, change: Callable[[str, str, str], None]) -> None:
    assert "Live Disks" not in page_with(live, 'id="images"').html
    change(PANEL, '_("Images")', '"Live Disks"')
    page_with(live, "Live Disks")


def test_a_python_file_that_cannot_be_imported(
    live: Dashboard, change: Callable[[str, str, str], None]
) -> None:
    """It is told, and what mends it is waited for."""
    change(EXCEPTIONS, IMPORT, IMPORT + "nothing_of_that_name\n")
    page = page_with(live, "nothing_of_that_name")
    assert page.status == HTTPStatus.INTERNAL_SERVER_ERROR
    change(EXCEPTIONS, IMPORT, IMPORT)
    assert page_with(live, 'id="images"').status == HTTPStatus.OK


def test_a_template(live: Dashboard, change: Callable[[str, str, str], None]) -> None:
    page_with(live, 'id="images"')
    change(INDEX, "{% block main %}", "{% block main %}<p>A live line</p>")
    assert "A live line" in live.get(IMAGES).html


def test_a_script(live: Dashboard, change: Callable[[str, str, str], None]) -> None:
    """Each is served by itself, and asked for anew."""
    address = "/" + SCRIPT
    assert f'src="{address}"' in page_with(live, 'id="images"').html
    change(SCRIPT, "// SPDX", "// A live line\n// SPDX")
    answer = live.get(address)
    assert answer.html.startswith("// A live line")
    assert answer.response.headers["Cache-Control"] == "no-cache"


def test_a_style_sheet(live: Dashboard, change: Callable[[str, str, str], None]) -> None:
    before = styles(live)
    assert ".hip-change-name" in before
    assert ".hip-live-line" not in before
    change(STYLES, ".hip-change-name", ".hip-live-line")
    assert ".hip-live-line" in styles(live)
