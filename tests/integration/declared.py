# SPDX-License-Identifier: Apache-2.0
"""What the panel declares of its actions on rows: names, rules, and states that it refuses.

The declarations are classes of Horizon's tables, and so need Django's settings,
which the tests' own process does not have: another one reads them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.integration.relations import RELATIONS, recorded_deletion


@dataclass(frozen=True)
class Declared:
    """`rule` is of Glance's policy; `refused_for` are names of RELATIONS, those of deleted images
    among them unless the action is for these.
    """

    rule: str
    refused_for: frozenset[str]


def _declared() -> dict[str, Declared]:
    states = {
        name: {
            **relation.state,
            "is_of_domain": relation.is_of_domain,
            "was_deleted": relation.is_deleted,
        }
        for name, relation in RELATIONS.items()
    }
    ran = subprocess.run(
        [sys.executable, "-m", __name__],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.unit.settings"},
        input=json.dumps(states),
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(ran.stdout.splitlines()[-1])
    return {
        name: Declared(action["rule"], frozenset(action["refused_for"]))
        for name, action in found.items()
    }


def main() -> None:
    """Reads states of images, and prints what each action declares."""
    import django

    django.setup()

    from helion_images_panel.core.deletion import is_deleted
    from helion_images_panel.ui.listing.table import BATCH_ACTIONS

    images = {name: _image(**state) for name, state in json.load(sys.stdin).items()}
    found = {
        action.name: {
            "rule": action.rule,
            "refused_for": [
                name
                for name, image in images.items()
                if action().state_refusal(image)
                or (is_deleted(image) and not action.is_for_deleted)
            ],
        }
        for action in BATCH_ACTIONS
    }
    print(json.dumps(found))


def _image(is_of_domain: bool, was_deleted: bool, **state: Mapping[str, Any]) -> Any:
    from helion_images_panel.core.image import Image
    from helion_images_panel.core.publication import DOMAIN, Publication, publication_property

    image_id = "6b1c0e62-0000-4000-8000-000000000000"
    noted: dict[str, Any] = {}
    if is_of_domain:
        noted = publication_property(image_id, Publication(DOMAIN, "private", "d", ("p",)))
    if was_deleted:
        noted |= recorded_deletion(image_id)
    return Image.from_glance({"id": image_id, **state, **noted})


if __name__ == "__main__":
    main()
else:
    #: By name, in the order of the menu.
    ACTIONS = _declared()
