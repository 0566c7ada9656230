# SPDX-License-Identifier: Apache-2.0
"""A theme of Horizon without its frame: the header, the menu of all panels, and the scripts.

They take two thirds of the time of a page that is not found, and are the same around each page.
The cookie of Horizon's themes chooses the theme, so one dashboard serves both.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

THEME = "frameless"

#: Settings of a dashboard that has this theme beside Horizon's own; no menu offers it.
_STOCK = [
    ("default", "Default", "themes/default"),
    ("material", "Material", "themes/material"),
]
SETTINGS: dict[str, Any] = {
    "AVAILABLE_THEMES": [*_STOCK, (THEME, "Frameless", str(Path(__file__).parent))],
    "SELECTABLE_THEMES": _STOCK,
    "COMPRESS_OFFLINE_CONTEXT": f"{__name__}.offline_context",
}


def offline_context() -> Iterator[dict[str, Any]]:
    """What django-compressor compresses: it has no style sheets of its own."""
    from horizon import themes

    return (context for context in themes.offline_context() if context["THEME"] != THEME)
