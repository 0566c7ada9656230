# SPDX-License-Identifier: Apache-2.0
"""Each action that is confirmed has a question in the page's script."""

import re
from pathlib import Path

import helion_images_panel
from helion_images_panel.ui.listing.table import BATCH_ACTIONS

SCRIPT = Path(helion_images_panel.__file__).parent / (
    "static/helion_images_panel/js/listing/confirm.js"
)


def test_each_confirmed_action_has_its_question():
    confirmed = {
        action.name
        for action in BATCH_ACTIONS
        if action.asks or getattr(action, "action_type", "") == "danger"
    }
    assert "delete" in confirmed
    assert (
        set(re.findall(r"^    (\w+): function \(images\)", SCRIPT.read_text(), re.M)) == confirmed
    )
