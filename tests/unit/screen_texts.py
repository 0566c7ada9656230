# SPDX-License-Identifier: Apache-2.0
"""The texts of the screen and of the log, as they are in the code, to compare documents with."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import TypeGuard

import horizon
import openstack_dashboard

import helion_images_panel

PACKAGE = Path(helion_images_panel.__file__).parent

_TRANSLATED = re.compile(
    r"""{%\s*trans\s+(?P<quote>["'])(?P<short>.*?)(?P=quote)"""
    r"""|{%\s*blocktrans[^%]*%}(?P<long>.*?){%\s*endblocktrans\s*%}""",
    re.DOTALL,
)
_STRINGS = re.compile(r"'(?:[^'\\\n]|\\.)*'(?:\s*\+\s*'(?:[^'\\\n]|\\.)*')*")
_MSGID = re.compile(r'(?m)^msgid(?:_plural)? "(.+)"$')


def squeeze(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _not_shown(node: ast.AST) -> list[ast.AST | None]:
    """Return the parts of a node that are on no screen: docstrings, keys, and what is logged."""
    if isinstance(node, ast.Expr):
        return [node.value]
    if isinstance(node, ast.Dict):
        return list(node.keys)
    if isinstance(node, ast.Subscript):
        return [node.slice]
    return list(node.args) if _is_log_call(node) else []


def _is_log_call(node: ast.AST) -> TypeGuard[ast.Call]:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "LOG"
    )


@cache
def of_package() -> frozenset[str]:
    """Return all texts of the package; blocks of templates have their variables as they are."""
    texts: set[str] = set()
    for path in PACKAGE.rglob("*.py"):
        nodes = list(ast.walk(ast.parse(path.read_text())))
        left_out = {id(each) for node in nodes for each in _not_shown(node)}
        constants = (node for node in nodes if isinstance(node, ast.Constant))
        texts.update(
            squeeze(node.value)
            for node in constants
            if isinstance(node.value, str) and id(node) not in left_out
        )
    for path in PACKAGE.rglob("*.html"):
        for found in _TRANSLATED.finditer(path.read_text()):
            block = re.sub("</?strong>", "", found["short"] or found["long"])
            texts.update(map(squeeze, re.split(r"{%\s*plural\s*%}", block)))
    for path in PACKAGE.rglob("*.js"):
        for literals in _STRINGS.findall(path.read_text()):
            joined = re.sub(r"'\s*\+\s*'", "", literals)[1:-1]
            texts.add(squeeze(re.sub(r"\\(.)", r"\1", joined)))
    return frozenset(texts)


@cache
def of_horizon() -> frozenset[str]:
    """Return the texts of one line that Horizon has translated."""
    folders = [Path(module.__file__).parent for module in (horizon, openstack_dashboard)]
    catalogues = [path for folder in folders for path in folder.glob("locale/de/*/*.po")]
    return frozenset(text for path in catalogues for text in _MSGID.findall(path.read_text()))


@cache
def log_formats() -> frozenset[tuple[str, str]]:
    """Return the level and the format of each line that the package logs."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if _is_log_call(node) and isinstance(node.args[0], ast.Constant):
                found.add((node.func.attr, str(node.args[0].value)))
    return frozenset(found)


def quotes(text: str) -> re.Pattern[str]:
    """Return the pattern of a whole text, in which "…" stands for anything."""
    return re.compile(".*".join(map(re.escape, squeeze(text).split("…"))))
