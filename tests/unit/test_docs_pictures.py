# SPDX-License-Identifier: Apache-2.0
"""The site shows the pictures of the last browser tests in the place of older committed ones."""

import os
import runpy
from pathlib import Path

CONF = Path(__file__).resolve().parents[2] / "doc" / "source" / "conf.py"


def write(folder, name, content, time_s):
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(content)
    os.utime(path, (time_s, time_s))


def test_newer_pictures_are_shown(tmp_path):
    shown, taken, committed = (tmp_path / name for name in ("_images", "taken", "images"))
    for name in ("list.png", "edit.png", "share.png", "layers.svg"):
        write(committed, name, "committed", 200)
        write(shown, name, "committed", 300)
    write(taken, "list.png", "taken", 250)
    write(taken, "edit.png", "taken before the committed one", 100)
    staying = runpy.run_path(str(CONF))["replace_pictures"](shown, taken, committed)
    assert staying == ["edit.png", "share.png"]
    assert {path.name: path.read_text() for path in shown.iterdir()} == {
        "list.png": "taken",
        "edit.png": "committed",
        "share.png": "committed",
        "layers.svg": "committed",
    }
