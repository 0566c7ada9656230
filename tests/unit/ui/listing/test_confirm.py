# SPDX-License-Identifier: Apache-2.0
"""Each action that is confirmed has a question in the page's script."""

import re
from pathlib import Path

import helion_images_panel
from helion_images_panel.ui.listing.table import BATCH_ACTIONS

SCRIPTS = Path(helion_images_panel.__file__).parent / "static/helion_images_panel/js/listing"


def named_in(script: str) -> set[str]:
    """The actions for which a script has a sentence."""
    return set(
        re.findall(
            r"^    (\w+): function \((?:images|count)\)", (SCRIPTS / script).read_text(), re.M
        )
    )


def test_each_confirmed_action_has_its_question():
    confirmed = {
        action.name
        for action in BATCH_ACTIONS
        if action.asks or getattr(action, "action_type", "") == "danger"
    }
    assert "delete" in confirmed
    # These are confirmed for several images.
    assert named_in("confirm.js") == confirmed | {"protect", "unprotect"}


def test_each_action_says_its_effect():
    assert named_in("effects.js") == {action.name for action in BATCH_ACTIONS}
