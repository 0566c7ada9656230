# SPDX-License-Identifier: Apache-2.0
"""Clean Up and Storage, which go through all images in steps: their pages, from start to end."""

from __future__ import annotations

import re
from typing import Any

from helion_images_panel.core.rules import KINDS, NUMBERS


def state_of(response: Any, name: str = "state") -> str:
    """What a page has for the next request; empty for none."""
    found = re.search(rf'name="{name}" value="([^"]*)"', response.content.decode())
    return found[1] if found else ""


def previews(browser: Any, path: str) -> dict[str, Any]:
    """The whole preview of each kind of rule in a panel, and the question before it deletes, which
    it has unless it finds nothing that may be deleted.
    """
    url, found = f"{path}rules/", {}
    for kind in KINDS:
        least = NUMBERS.get(kind, ("",))[0]
        response = browser.post(url, {"kind": kind, f"number_{kind}": least})
        while "data-hip-steps-percent" in response.content.decode():
            response = browser.post(url, {"state": state_of(response)})
        found[f"preview of {kind}"] = response
        if 'name="ask"' in response.content.decode():
            asked = browser.post(url, {"state": state_of(response), "ask": "1"})
            found[f"question of {kind}"] = asked
            assert 'name="delete"' in asked.content.decode(), kind
    return found


def storage(browser: Any, path: str) -> Any:
    """The page with all that is counted, anew."""
    response = browser.post(f"{path}storage/", {})
    while state := state_of(response):
        response = browser.post(f"{path}storage/", {"state": state})
    return response
