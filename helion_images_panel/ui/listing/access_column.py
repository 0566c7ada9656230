# SPDX-License-Identifier: Apache-2.0
"""The column Access."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString

from helion_images_panel.core.image import Image
from helion_images_panel.ui.base.columns import TextColumn
from helion_images_panel.ui.sharing.access import has_member_details, label


class AccessColumn(TextColumn):
    """Shows a label without requests; the page's script adds member details later."""

    def get_raw_data(self, datum: Image) -> SafeString | str:
        scope = self.table.scope
        request = scope.request_for(self.table.request, datum)
        text = label(
            request, scope, datum, owner_name=self.table.owner_names.get(datum.owner or "", "")
        )
        if not has_member_details(request, scope, datum):
            return text
        return format_html('<span data-hip-access="{}">{}</span>', datum.id, text)
