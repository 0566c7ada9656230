# SPDX-License-Identifier: Apache-2.0
"""What the lifecycle command prints of a rule."""

import pytest

from helion_images_panel.core.image import Image
from helion_images_panel.management.commands import helion_images_lifecycle as command
from helion_images_panel.publishing import lifecycle
from helion_images_panel.publishing.lifecycle import Applied
from tests import factories

RULE = {"rule": "snapshots 180", "domain_id": factories.DOMAIN}


@pytest.mark.parametrize(
    "applied",
    [
        Applied(Image(id="one"), lifecycle.DELETE, **RULE),
        Applied(None, lifecycle.DELETE, "not possible", **RULE),
    ],
)
def test_rules_of_different_projects_are_told_apart(applied):
    lines = {
        command._line(Applied(**{**vars(applied), "projects": projects}), dry_run=False)
        for projects in [(), (factories.PROJECT,), (factories.PROJECT, factories.SIBLING)]
    }
    assert len(lines) == 3
    both = f"snapshots 180 (projects: {factories.PROJECT} {factories.SIBLING})"
    assert sum(both in line for line in lines) == 1
