# SPDX-License-Identifier: Apache-2.0
"""The files in Horizon's folder `local`, each with a mark by which a later run knows it."""

from __future__ import annotations

import ast
import contextlib
import hashlib
import itertools
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from helion_images_panel.installation import snippets

#: The first line of each file: `enable` and `disable` change no file whose rest differs.
_MARK = '# Put here by "helion-images-panel enable". sha256 of the rest: {}\n'
_MARKED = re.compile(re.escape(_MARK).replace(r"\{\}", "([0-9a-f]{64})") + r"(.*)", re.DOTALL)

ENABLED = "enabled"
SETTINGS = "local_settings.d"


class State(Enum):
    """The state of one file, compared with this version's."""

    MISSING = "missing"
    CURRENT = "current"
    #: The text of this version without the mark, as a user has copied it.
    COPIED = "copied"
    #: As another version has put it there.
    OTHER_VERSION = "other version"
    CHANGED = "changed"
    FOREIGN = "foreign"


@dataclass(frozen=True)
class PluginFile:
    """One file; `folder` is below Horizon's folder `local`.

    `is_edited` if users are to change it: such a file is never in the way.
    """

    folder: str
    name: str
    text: str
    is_edited: bool = False

    @property
    def marked(self) -> bytes:
        digest = hashlib.sha256(self.text.encode()).hexdigest()
        return (_MARK.format(digest) + self.text).encode()

    def path(self, local: Path) -> Path:
        return local / self.folder / self.name

    def state(self, path: Path) -> State:
        try:
            found = path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            # A link that leads nowhere is in the way too.
            return State.FOREIGN if path.is_symlink() else State.MISSING
        except OSError:
            # A folder, or a file that this user may not read.
            return State.FOREIGN
        if found == self.marked:
            return State.CURRENT
        if found == self.text.encode():
            return State.COPIED
        marked = _MARKED.fullmatch(found.decode(errors="replace"))
        if not marked:
            return State.FOREIGN
        is_as_put = hashlib.sha256(marked[2].encode()).hexdigest() == marked[1]
        return State.OTHER_VERSION if is_as_put else State.CHANGED


def enabled_files() -> list[PluginFile]:
    """The two files that put the panels in the place of the stock panels."""
    folder = Path(__file__).resolve().parents[1] / "enabled"
    return [
        PluginFile(ENABLED, path.name, path.read_text())
        for path in sorted(folder.glob("_[0-9]*.py"))
    ]


def policy_file() -> PluginFile:
    return PluginFile(SETTINGS, "_1050_helion_images_policy.py", snippets.POLICY)


def settings_file() -> PluginFile:
    name = "_1051_helion_images_settings.py"
    return PluginFile(SETTINGS, name, snippets.settings(), is_edited=True)


def all_files() -> list[PluginFile]:
    return [*enabled_files(), policy_file(), settings_file()]


def put(file: PluginFile, path: Path, before: Path | None = None) -> None:
    """Write the file, whole or not at all. A link is replaced, and its target is not written.

    :param before: the new name of what has the path now; by default it is overwritten
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with _draft(path.parent, file.marked) as draft:
        if before:
            path.rename(before)
        draft.replace(path)


def free_name(path: Path) -> Path:
    """Return a name beside the path that nothing has, and that Horizon skips."""
    name = path.with_name(f"{path.name}.before")
    numbers = itertools.count(2)
    while os.path.lexists(name):
        name = path.with_name(f"{path.name}.before{next(numbers)}")
    return name


def shows_panel(path: Path) -> bool:
    """Whether Horizon shows a panel of this package by this enabled file."""
    settings = assignments(path)
    panel = str(settings.get("ADD_PANEL", ""))
    return panel.startswith("helion_images_panel.") and not settings.get("DISABLED")


def assignments(path: Path) -> Mapping[str, Any]:
    """Return the constants that a file assigns; the file is not run."""
    try:
        tree = ast.parse(path.read_text())
    except (OSError, SyntaxError, ValueError):
        return {}
    return {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


@contextlib.contextmanager
def _draft(folder: Path, content: bytes) -> Iterator[Path]:
    """A file that is removed unless it was renamed. Horizon skips its name."""
    handle, name = tempfile.mkstemp(prefix=".helion-images-panel-", suffix=".new", dir=folder)
    try:
        # Not by the name: another user of the folder could have replaced it.
        with os.fdopen(handle, "wb") as draft:
            draft.write(content)
            # The web server runs as another user.
            os.fchmod(draft.fileno(), 0o644)
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)
