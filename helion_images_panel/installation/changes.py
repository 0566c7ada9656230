# SPDX-License-Identifier: Apache-2.0
"""Puts the files of the panels into a Horizon, and takes them out."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from helion_images_panel.installation import files
from helion_images_panel.installation.files import PluginFile, State

Say = Callable[[str], None]

_IN_THE_WAY = {
    State.CHANGED: "was changed since it was put there",
    State.FOREIGN: "belongs to another plugin, or was copied from another release, or was changed",
}


class NotDone(Exception):
    """Not all was done; ``str()`` is the reason, with the next step."""


def enable(
    local: Path, wanted: Sequence[PluginFile], say: Say, *, force: bool, dry_run: bool
) -> bool:
    """Put the files there; return whether something had to be written.

    :raises NotDone: a file is in the way, and nothing was written; or writing failed
    """
    states = {file: file.state(file.path(local)) for file in wanted}
    if not force:
        _refuse_overwriting(local, states)
    written = False
    for file, state in states.items():
        path = file.path(local)
        if state is State.CURRENT:
            say(f"in place: {path}")
        elif state in _IN_THE_WAY and file.is_edited:
            say(f"left, since it {_IN_THE_WAY[state]}: {path}")
        else:
            before = files.free_name(path) if state in _IN_THE_WAY else None
            if not dry_run:
                _attempt(partial(files.put, file, path, before), path, local)
            if before:
                say(f"{'would be kept' if dry_run else 'kept'}: {path} as {before.name}")
            say(f"{'would be written' if dry_run else 'written'}: {path}")
            written = True
    return written


def _refuse_overwriting(local: Path, states: dict[PluginFile, State]) -> None:
    reasons = [
        f"{file.path(local)} {_IN_THE_WAY[state]}."
        for file, state in states.items()
        if state in _IN_THE_WAY and not file.is_edited
    ]
    if reasons:
        raise NotDone(
            "\n".join(reasons)
            + "\nNothing was written. Compare the file with this version's, then repeat with "
            "--force to replace it; it is kept under another name."
        )


def disable(local: Path, say: Say, *, dry_run: bool) -> bool:
    """Remove the files as `enable` has put them; return whether something was removed.

    :raises NotDone: a file could not be removed, or Horizon still shows a panel of this package
    """
    removed = []
    left = False
    for file in files.all_files():
        path = file.path(local)
        state = file.state(path)
        if state in _IN_THE_WAY:
            say(f"left, since it {_IN_THE_WAY[state]}: {path}")
            left = True
        elif state is not State.MISSING:
            if not dry_run:
                _attempt(path.unlink, path, local)
            say(f"{'would be removed' if dry_run else 'removed'}: {path}")
            removed.append(path)
    _refuse_remaining(local, removed)
    if not removed and not left:
        say(f"Nothing to remove in {local}.")
    return bool(removed)


def _refuse_remaining(local: Path, removed: Sequence[Path]) -> None:
    """Without the package, Horizon does not start with such a file."""
    remaining = [
        str(path)
        for path in sorted((local / files.ENABLED).glob("*.py"))
        if path not in removed and files.shows_panel(path)
    ]
    if remaining:
        raise NotDone(
            "Horizon still shows panels of this package, by files that are not as “enable” writes "
            "them:\n"
            + "\n".join(remaining)
            + "\nRemove them yourself, before the package. Then run collectstatic and compress, "
            "and restart the web server."
        )


def _attempt(action: Callable[[], None], path: Path, local: Path) -> None:
    try:
        action()
    except OSError as error:
        raise NotDone(
            f"{path} cannot be changed: {error.strerror or error}. Files that are named above are "
            f"done. {_who_can(local)} The command can be repeated."
        ) from error


def _who_can(local: Path) -> str:
    """Return the next step of a user who may not write there."""
    try:
        owner = local.stat().st_uid
    except OSError:
        return f"Create the folder {local}, or name another one by --into."
    if owner == os.geteuid():
        return f"Make {local} writable, or name another folder by --into."
    sudo = "sudo" if owner == 0 else f"sudo -u '#{owner}'"
    return (
        f"Run the same command as the owner of {local}, for example with “{sudo}” in front, "
        "or name another folder by --into."
    )
