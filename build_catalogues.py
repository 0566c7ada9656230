# SPDX-License-Identifier: Apache-2.0
"""Compiles the translations: part of the build of the package, and done by the demo and the tests.

The compiled files are not in git. They are written beside their sources, so that an
editable installation finds them too.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from setuptools.command.build_py import build_py

LOCALE = Path(__file__).resolve().parent / "helion_images_panel" / "locale"


def compile_catalogues(locale: Path = LOCALE, *, always: bool = False) -> None:
    """Compile each catalogue that has changed since, or all; several processes may do so in
    parallel.
    """
    for source in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if not always and target.exists() and target.stat().st_mtime_ns > source.stat().st_mtime_ns:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parent.parent.name)
        descriptor, name = tempfile.mkstemp(dir=locale.parent, prefix=".", suffix=".mo")
        try:
            with os.fdopen(descriptor, "wb") as file:
                write_mo(file, catalogue)
            # The web server of an operator may run as another user than pip.
            os.chmod(name, 0o644)
            os.replace(name, target)
        except BaseException:
            os.unlink(name)
            raise


class BuildPy(build_py):
    """Setuptools' command, which packs the compiled catalogues as data of the package."""

    def run(self) -> None:
        # The list of files is made when it is first needed, which is after this.
        compile_catalogues(always=True)
        super().run()
