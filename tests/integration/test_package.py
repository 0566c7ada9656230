# SPDX-License-Identifier: Apache-2.0
"""The package, as pip builds it from a copy of the repository that has no history."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest

from demo import REPOSITORY
from demo.horizon import ENABLED, PLUGIN

pytestmark = pytest.mark.with_frame

COMMAND = "helion-images-panel"
NOT_COPIED = shutil.ignore_patterns(".*", "__pycache__", "build", "*.egg-info", "*.mo")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository as a ZIP of it has it: without git."""
    folder = tmp_path_factory.mktemp("package") / "copy"
    return Path(shutil.copytree(REPOSITORY, folder, ignore=NOT_COPIED))


@pytest.fixture(scope="module")
def sdist(copy: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unpacked, outside of any repository."""
    folder = tmp_path_factory.mktemp("sdist")
    code = f"from setuptools import build_meta; build_meta.build_sdist({str(folder)!r})"
    run(sys.executable, "-c", code, cwd=copy)
    (file,) = folder.glob("*.tar.gz")
    with tarfile.open(file) as archive:
        archive.extractall(folder, filter="data")
    (unpacked,) = (path for path in folder.iterdir() if path.is_dir())
    return unpacked


@pytest.fixture(scope="module", params=["copy", "sdist"])
def wheel(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> zipfile.ZipFile:
    """Built with this environment's setuptools: the tests fetch nothing."""
    folder = tmp_path_factory.mktemp("wheel")
    source = request.getfixturevalue(request.param)
    command = (sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation")
    run(*command, "--wheel-dir", str(folder), str(source), cwd=folder)
    (file,) = folder.glob("*.whl")
    return zipfile.ZipFile(file)


def run(*command: str, cwd: Path) -> str:
    ran = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


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


def compiled() -> set[str]:
    """The catalogues that are made from those in git."""
    sources = (REPOSITORY / PLUGIN / "locale").glob("*/LC_MESSAGES/*.po")
    return {str(path.with_suffix(".mo").relative_to(REPOSITORY)) for path in sources}


def test_it_has_the_compiled_translations(wheel: zipfile.ZipFile) -> None:
    assert len(compiled()) >= 10
    assert compiled() <= set(wheel.namelist())


def test_an_editable_installation_has_the_compiled_translations(copy: Path, tmp_path: Path) -> None:
    source = Path(shutil.copytree(copy, tmp_path / "copy", ignore=NOT_COPIED))
    code = f"from setuptools import build_meta; build_meta.build_editable({str(tmp_path)!r})"
    run(sys.executable, "-c", code, cwd=source)
    assert compiled() == {str(path.relative_to(source)) for path in source.rglob("*.mo")}


def test_it_has_the_enabled_files(wheel: zipfile.ZipFile) -> None:
    names = {f"{PLUGIN}/enabled/{path.name}" for path in ENABLED.glob("_[0-9]*.py")}
    assert names <= set(wheel.namelist())
    assert len(names) == 2


def test_its_command_works_where_it_is_installed(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    """From another folder, by the installed package alone."""
    site, local = tmp_path / "site", tmp_path / "local"
    command = (sys.executable, "-m", "pip", "install", "--no-deps", "--no-index", "--no-compile")
    run(*command, "--target", str(site), str(wheel.filename), cwd=tmp_path)
    # Ahead of the checkout, which the environment of the tests has.
    code = f"import sys; sys.path.insert(0, {str(site)!r})\n" + (site / "bin" / COMMAND).read_text()
    said = run(sys.executable, "-c", code, "enable", "--into", str(local), cwd=tmp_path)
    assert "Next steps" in said
    installed = {path.name for path in (local / "enabled").iterdir()}
    assert installed == {path.name for path in ENABLED.glob("_[0-9]*.py")}
    assert run(sys.executable, "-c", code, "disable", "--into", str(local), cwd=tmp_path)
    assert not list((local / "enabled").iterdir())


def test_it_needs_horizon_and_has_a_version(metadata: Message) -> None:
    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
    assert metadata["Version"] == settings["tool"]["setuptools_scm"]["fallback_version"]
    assert any(needed.startswith("horizon") for needed in metadata.get_all("Requires-Dist") or ())
