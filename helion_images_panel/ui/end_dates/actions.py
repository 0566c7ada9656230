# SPDX-License-Identifier: Apache-2.0
"""The action Set End Dates."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from helion_images_panel.ui.base.link_action import ImageLinkAction


class SetEndDates(ImageLinkAction):
    name = "end_dates"
    verbose_name = _("Set End Dates")
    icon = "calendar"
    page = "end_dates"
