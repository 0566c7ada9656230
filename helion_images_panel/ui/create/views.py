# SPDX-License-Identifier: Apache-2.0
"""The dialog Create Image."""

from __future__ import annotations

from helion_images_panel import policy
from helion_images_panel.ui.base.views import ScopedView
from helion_images_panel.ui.create.next_steps import NextStepsView
from helion_images_panel.ui.create.workflow import CreateImage


class CreateView(ScopedView, NextStepsView):
    workflow_class = CreateImage
    creates = True

    def check(self) -> None:
        policy.require(self.request, policy.ADD_IMAGE)
