# SPDX-License-Identifier: Apache-2.0
"""The dialog Create Image."""

from __future__ import annotations

from typing import Any

from helion_images_panel import policy
from helion_images_panel.ui.create.audience import new_image_audiences
from helion_images_panel.ui.create.next_steps import NextStepsView, SignedLocationMixin
from helion_images_panel.ui.create.workflow import CreateImage, new_image_capabilities


class CreateView(SignedLocationMixin, NextStepsView):
    workflow_class = CreateImage
    creates = True

    def get_initial(self) -> dict[str, Any]:
        given = self.request.GET.dict()
        # A link fills in no projects: they are in a step that the user may not open.
        given.pop("projects", None)
        return {
            **given,
            "scope": self.scope,
            "capabilities": new_image_capabilities(self.request),
            "audiences": new_image_audiences(self.request),
        }

    def check(self) -> None:
        policy.require(self.request, policy.ADD_IMAGE)
