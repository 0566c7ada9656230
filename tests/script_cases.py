# SPDX-License-Identifier: Apache-2.0
"""What Python and the scripts must write alike, tried in both."""

import json
from pathlib import Path
from typing import Any

_CASES = Path(__file__).parent / "javascript" / "cases"


def script_cases(name: str) -> list[dict[str, Any]]:
    """What stands in tests/javascript/cases/NAME.json."""
    cases: list[dict[str, Any]] = json.loads((_CASES / f"{name}.json").read_text())
    return cases
