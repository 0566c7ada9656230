# SPDX-License-Identifier: Apache-2.0
"""Checks of the files in Horizon's folders `enabled`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from helion_images_panel.installation import files, horizon
from helion_images_panel.installation.files import PluginFile, State
from helion_images_panel.installation.finding import NOTE, OK, PROBLEM, Finding

ENABLE = "helion-images-panel enable"


def horizons_folders() -> list[Path]:
    """Where Horizon looks, in its order; its settings may have added folders."""
    import openstack_dashboard.local.enabled as local_enabled

    return [Path(folder) for folder in local_enabled.__path__]


def stock_folders() -> list[Path]:
    import openstack_dashboard.enabled as stock

    return [Path(folder) for folder in stock.__path__]


def check(folders: Sequence[Path], stock: Sequence[Path]) -> Iterator[Finding]:
    """:param folders: `local/enabled`, and whatever else Horizon reads in its place
    :param stock: the folder of the files that come with Horizon
    """
    ours = files.enabled_files()
    wrong = [finding for file in ours if (finding := _wrong(file, folders))]
    yield from wrong
    if not wrong:
        yield Finding("enabled", OK, "Horizon has the enabled files of this version.")
    yield from _snippets(folders)
    for folder in (*stock, *folders):
        for path in sorted(folder.glob("*.py")):
            if path.name not in {file.name for file in ours} and (place := _place(path)):
                yield Finding(
                    "other-plugin",
                    PROBLEM,
                    f"{path} also registers a panel “images” in the dashboard {place}. Horizon "
                    "shows the panel of the file that it reads last.",
                    "Remove this file, or the plugin that it belongs to.",
                )


def _wrong(file: PluginFile, folders: Sequence[Path]) -> Finding | None:
    # Of files with one name, Horizon takes the one of the first folder.
    paths = [folder / file.name for folder in folders]
    path = next((each for each in paths if each.exists() or each.is_symlink()), None)
    if path is None:
        return Finding(
            "enabled-missing",
            PROBLEM,
            f"Horizon has no file {file.name} of this plugin, and shows its own Images panel.",
            f"Run “{ENABLE}”.",
        )
    state = file.state(path)
    if state in (State.CURRENT, State.COPIED):
        return None
    if state is State.OTHER_VERSION:
        return Finding(
            "enabled-version", PROBLEM, f"{path} is of another version.", f"Run “{ENABLE}”."
        )
    settings = files.assignments(path)
    if settings and not str(settings.get("ADD_PANEL", "")).startswith("helion_images_panel."):
        return Finding(
            "other-plugin",
            PROBLEM,
            f"{path} belongs to another plugin, which takes the place of these panels.",
            f"Remove that plugin, or run “{ENABLE} --force” to overwrite its file.",
        )
    return Finding(
        "enabled-changed",
        PROBLEM,
        f"{path} is not the file of this version: it was changed, or copied from another release.",
        f"Run “{ENABLE} --force”, and make changes in a file of your own.",
    )


def _snippets(folders: Sequence[Path]) -> Iterator[Finding]:
    file = files.policy_file()
    for folder in folders:
        path = file.path(folder.parent)
        state = file.state(path)
        if state is not State.MISSING and horizon.release() >= (27,):
            yield Finding(
                "policy-snippet",
                NOTE,
                f"{path} is not needed since Horizon 27.0. Its rules have priority over those in "
                "Horizon's own policy file of Glance.",
                "Remove this file, then restart the web server.",
            )
        elif state not in (State.MISSING, State.CURRENT, State.COPIED):
            yield Finding(
                "policy-snippet",
                NOTE,
                f"{path} is not the file of this version.",
                f"Compare it, then run “{ENABLE} --policy --force”.",
            )


def _place(path: Path) -> str:
    """Return the dashboard in which a file registers a panel `images`; "" if it does not.

    A file that only removes a panel, or that is switched off, registers none.
    """
    settings = files.assignments(path)
    registers = settings.get("PANEL") == "images" and settings.get("ADD_PANEL")
    dashboard = settings.get("PANEL_DASHBOARD")
    if not registers or settings.get("DISABLED") or dashboard not in ("project", "admin"):
        return ""
    return str(dashboard)
