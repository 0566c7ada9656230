# SPDX-License-Identifier: Apache-2.0
"""Words that no text of a page has."""

import re
from pathlib import Path

import pytest

import helion_images_panel

PACKAGE = Path(helion_images_panel.__file__).parent
FILES = [file for suffix in ("py", "html", "js") for file in PACKAGE.rglob(f"*.{suffix}")]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(PACKAGE).as_posix())
def test_projects_are_named(file):
    """Pages of several owners show images of projects that are not the active one."""
    text = re.sub(r'(?s)""".*?"""', "", file.read_text())
    assert not re.search(r"(?i)\bthis project\b", text)
