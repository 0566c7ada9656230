# SPDX-License-Identifier: Apache-2.0
"""Programs that some tests need, and that not every machine has."""

from __future__ import annotations

import os
import shutil
from typing import NoReturn

import pytest

#: With the folders of programs for administrators, which are not on everybody's PATH.
_PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])


def path_of(name: str) -> str:
    """Empty if the machine does not have it."""
    return shutil.which(name, path=_PATH) or ""


def do_without(message: str) -> NoReturn:
    """Skip the test; with REQUIRE_TOOLS=1 in the environment, fail it."""
    if os.environ.get("REQUIRE_TOOLS") == "1":
        pytest.fail(message, pytrace=False)
    pytest.skip(message)
