# SPDX-License-Identifier: Apache-2.0
"""The shape of the package, as far as import-linter does not hold it."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import helion_images_panel

PACKAGE = Path(helion_images_panel.__file__).parent
UI = PACKAGE / "ui"
ROOMS = {path.parent.name for path in UI.glob("*/__init__.py")}
MODULES = {
    ".".join(("helion_images_panel", *path.relative_to(PACKAGE).with_suffix("").parts)): path
    for path in PACKAGE.rglob("*.py")
    if path.name != "__init__.py"
}
MOST_LEVELS = 9
MOST_LINES = 300

#: Where it is said what sets the panels apart.
SCOPES = UI / "scopes"
#: What a module would ask if it told the panels apart by itself.
ASKS_WHICH_SCOPE = re.compile(
    r"isinstance\([\w.]*scope,|scope\.dashboard\b|scope (?:==|is) (?:PROJECT|ADMIN|DOMAIN)\b"
)


def imported(path: Path) -> Iterator[str]:
    """The modules of this package that a module imports."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                yield name if name in MODULES else node.module


@functools.cache
def level(module: str) -> int:
    """1 for a module of ui that imports none of ui, and one more with each that is imported."""
    below = [name for name in imported(MODULES[module]) if ".ui." in name and name in MODULES]
    return 1 + max(map(level, below), default=0)


def test_ui_has_few_levels():
    levels = {module: level(module) for module in MODULES if ".ui." in module}
    highest = max(levels, key=lambda module: levels[module])
    assert levels[highest] <= MOST_LEVELS, highest


def test_no_file_is_long():
    lines = {path: len(path.read_text().splitlines()) for path in PACKAGE.rglob("*.py")}
    assert not {str(path): count for path, count in lines.items() if count > MOST_LINES}


@pytest.mark.parametrize("kind", ["templates", "static"])
def test_templates_scripts_and_styles_have_the_rooms_of_the_code(kind):
    folder = PACKAGE / kind / "helion_images_panel"
    places = [folder] if kind == "templates" else [folder / "js", folder / "scss"]
    found = {path.name for place in places for path in place.iterdir() if path.is_dir()}
    assert found
    assert found <= ROOMS


def test_unit_tests_have_the_rooms_of_the_code():
    folder = Path(__file__).parent / "ui"
    assert {path.parent.name for path in folder.glob("*/__init__.py")} <= ROOMS


def test_the_scope_is_asked_for_what_it_offers_and_not_which_it_is():
    elsewhere = set(UI.rglob("*.py")) - set(SCOPES.rglob("*.py"))
    found = {str(path): ASKS_WHICH_SCOPE.findall(path.read_text()) for path in elsewhere}
    assert not {path: asked for path, asked in found.items() if asked}


def constructors() -> Iterator[tuple[str, ast.FunctionDef, set[str]]]:
    """Each constructor of ui, with the names by which its module calls the services."""
    for path in sorted(UI.rglob("*.py")):
        tree = ast.parse(path.read_text())
        services = {
            alias.asname or alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            and (node.module or "").startswith("helion_images_panel.api")
            for alias in node.names
            if alias.name[0].islower()
        }
        for kind in (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)):
            for node in kind.body:
                if isinstance(node, ast.FunctionDef) and node.name == "__init__":
                    yield f"{path.parent.name}.{path.stem}.{kind.name}", node, services


def test_no_constructor_asks_a_service():
    asking = {
        name
        for name, function, services in constructors()
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and node.id in services
    }
    assert not asking


def test_a_memo_is_kept_by_the_one_helper():
    """Flags of one module on its own request aside: see base/reports.py."""
    found = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if re.search(r"request\.__dict__", path.read_text())
    }
    assert found == {"core/per_request.py", "ui/base/reports.py"}
