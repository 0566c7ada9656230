# SPDX-License-Identifier: Apache-2.0
"""The package, as pip builds it from a copy of the repository that has no history."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
import zipfile
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest

from demo import REPOSITORY
from demo.horizon import ENABLED, PLUGIN

NOT_COPIED = shutil.ignore_patterns(".*", "__pycache__", "build", "*.egg-info")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """Built with this environment's setuptools: the tests fetch nothing."""
    folder = tmp_path_factory.mktemp("package")
    copy = shutil.copytree(REPOSITORY, folder / "copy", ignore=NOT_COPIED)
    command = (sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation")
    built = subprocess.run(
        [*command, "--wheel-dir", folder, copy], capture_output=True, text=True, check=False
    )
    assert built.returncode == 0, built.stdout + built.stderr
    (file,) = folder.glob("*.whl")
    return zipfile.ZipFile(file)


@pytest.fixture(scope="module")
def metadata(wheel: zipfile.ZipFile) -> Message:
    (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    return Parser().parsestr(wheel.read(name).decode())


def files(folder: Path) -> set[str]:
    return {
        str(path.relative_to(REPOSITORY))
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }


def test_it_has_every_file_of_the_package(wheel: zipfile.ZipFile) -> None:
    """Templates, scripts, style sheets and the mark of its types among them."""
    packed = {name for name in wheel.namelist() if name.startswith(f"{PLUGIN}/")}
    assert packed == files(REPOSITORY / PLUGIN)
    assert f"{PLUGIN}/py.typed" in packed
    assert {Path(name).suffix for name in packed} >= {".py", ".html", ".js", ".scss"}


def test_it_has_the_enabled_files(wheel: zipfile.ZipFile) -> None:
    place = f".data/data/share/{PLUGIN}/enabled/"
    packed = {
        name.partition(place)[2]: wheel.read(name) for name in wheel.namelist() if place in name
    }
    assert packed == {path.name: path.read_bytes() for path in ENABLED.glob("*.py")}
    assert len(packed) == 2


def test_it_needs_horizon_and_has_a_version(metadata: Message) -> None:
    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
    assert metadata["Version"] == settings["tool"]["setuptools_scm"]["fallback_version"]
    assert any(needed.startswith("horizon") for needed in metadata.get_all("Requires-Dist") or ())
