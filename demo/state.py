# SPDX-License-Identifier: Apache-2.0
"""The folder in which a demo cloud keeps everything it knows."""

import contextlib
import fcntl
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MARKER = "cloud.json"


class StateError(Exception):
    """The state folder cannot be used; the text says why and what to do."""


class State:
    """A folder with one sub-folder for each service, ``logs``, ``run`` and a few notes.

    The notes (ports of the last run, what is already seeded) are in ``cloud.json``,
    which also marks the folder as one that may be wiped.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self.logs = self.path / "logs"
        self.run = self.path / "run"
        self._marker = self.path / MARKER
        self.prepared: Path | None = None
        """Where clouds that are started side by side leave for each other what takes long."""

    def create(self) -> None:
        """Make the folders, readable by their owner only."""
        if self.path.is_dir() and any(self.path.iterdir()) and not self._marker.exists():
            raise StateError(
                f"{self.path} holds something else; choose an empty folder with --state"
            )
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.logs.mkdir(exist_ok=True)
        self.run.mkdir(exist_ok=True)
        if not self._marker.exists():
            self._marker.write_text("{}\n")

    def wipe(self) -> None:
        """Remove the folder, if it is the state of a demo cloud."""
        if not self.path.exists():
            return
        if any(self.path.iterdir()) and not self._marker.exists():
            raise StateError(f"{self.path} is not the state of a demo cloud; it is left as it is")
        shutil.rmtree(self.path)

    def notes(self) -> dict[str, Any]:
        """What earlier runs wrote down."""
        try:
            notes: dict[str, Any] = json.loads(self._marker.read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            return {}
        return notes

    def note(self, **values: Any) -> None:
        """Write down values beside the earlier ones, whole or not at all."""
        draft = self._marker.with_suffix(".new")
        draft.write_text(json.dumps({**self.notes(), **values}, indent=1) + "\n")
        draft.replace(self._marker)

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the folder against other processes that would start a cloud in it."""
        with (self.run / "lock").open("w") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise StateError(f"another process is at work in {self.path}") from error
            yield

    @contextlib.contextmanager
    def turn(self, name: str, shares: bool) -> Iterator[Path | None]:
        """The folder of `prepared` for a service that shares, while no other cloud is at it."""
        if self.prepared is None or not shares:
            yield None
            return
        folder = self.prepared / name
        folder.mkdir(parents=True, exist_ok=True)
        with (self.prepared / f"{name}.lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield folder
