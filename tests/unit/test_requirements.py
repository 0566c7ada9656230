# SPDX-License-Identifier: Apache-2.0
"""What the package requires: what it imports, from the oldest releases that are tested."""

from __future__ import annotations

import ast
import configparser
import functools
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

import helion_images_panel

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGE = Path(helion_images_panel.__file__).parent
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
REQUIRED = {each.name.lower(): each for each in map(Requirement, PROJECT["dependencies"])}

#: Horizon is made of them, and cannot be without.
OF_HORIZON = {"django", "django-compressor", "xstatic-font-awesome"}

#: Module to the distributions that bring it: all that is installed is read for it.
brought_by = functools.cache(packages_distributions)


def imported() -> Iterator[str]:
    """The top level modules that the package imports, but for Python's and its own."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module]
            for name in names:
                top = name.partition(".")[0]
                # Python has "compression" since 3.14; earlier ones need a package for it.
                own = sys.stdlib_module_names | {"compression"}
                if top not in own and top != "helion_images_panel":
                    yield top


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("module", sorted(set(imported())))
def test_what_is_imported_is_required(module: str) -> None:
    """By itself: Horizon drops one client after the other."""
    names = {normal(name) for name in brought_by()[module]}
    assert names & (OF_HORIZON | set(map(normal, REQUIRED)))


@pytest.mark.parametrize("name", sorted(REQUIRED))
def test_bounds_are_what_the_oldest_environment_has(name: str) -> None:
    """Up to the last number, which is of corrections within a release."""
    pins = (REPOSITORY / "requirements" / "horizon-25.3.txt").read_text()
    [tested] = re.findall(rf"(?mi)^{re.escape(name)}==(\S+)", pins)
    [bound] = [Version(each.version) for each in REQUIRED[name].specifier]
    assert bound <= Version(tested)
    assert bound.release[:2] == Version(tested).release[:2]


def test_older_horizons_have_what_the_tests_need() -> None:
    """Whatever the tests of a cloud need with the newest one."""
    tox = configparser.ConfigParser()
    tox.read(REPOSITORY / "tox.ini")
    older = tox["testenv:horizon-{25.3,25.5,25.7}"]["deps"].split()
    newest = (REPOSITORY / "requirements" / "cloud.txt").read_text()
    assert names(newest.splitlines()) <= names(older)


def names(lines: Iterable[str]) -> set[str]:
    return {Requirement(line).name for line in lines if line and not line.startswith(("#", "-"))}
