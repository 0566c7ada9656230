# SPDX-License-Identifier: Apache-2.0
"""The page of one image."""

from __future__ import annotations

from typing import Any

from django import shortcuts
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from horizon import tabs

from helion_images_panel.core.deletion import is_deleted
from helion_images_panel.ui.actions.delete import restorable_by
from helion_images_panel.ui.base import end_dates, image_badges, labels, reports, times
from helion_images_panel.ui.base.os_icons import os_icon
from helion_images_panel.ui.base.page_urls import DETAIL_TABS, script_urls, tab_url
from helion_images_panel.ui.base.statuses import shown_status, status_icon, watched
from helion_images_panel.ui.base.views import ImageView
from helion_images_panel.ui.detail.activity import ActivityTab
from helion_images_panel.ui.detail.overview import OverviewTab, owner_name
from helion_images_panel.ui.listing.table import ImagesTable
from helion_images_panel.ui.sharing.access_tab import AccessTab
from helion_images_panel.ui.sharing.members import MembersTable, load_members_table
from helion_images_panel.ui.stores.tab import StoresTab, StoresTable, load_stores_table
from helion_images_panel.ui.uses.tab import UsedByTab
from helion_images_panel.ui.versions.tab import VersionsTab


class ImageTabs(tabs.TabGroup):
    slug = DETAIL_TABS
    tabs = (OverviewTab, AccessTab, VersionsTab, UsedByTab, StoresTab, ActivityTab)
    template_name = "helion_images_panel/detail/_tabs.html"

    def get_tabs(self) -> list[Any]:
        found: list[Any] = super().get_tabs()
        for tab in found:
            tab.url = tab_url(self.kwargs["scope"], self.kwargs["image"].id, tab.slug)
        return found


class DetailView(ImageView, tabs.TabView):
    tab_group_class = ImageTabs
    template_name = "helion_images_panel/detail/detail.html"

    def get_tabs(self, request: HttpRequest, **kwargs: Any) -> ImageTabs:
        return self.tab_group

    @cached_property
    def tab_group(self) -> ImageTabs:
        return self.tab_group_class(
            self.request, **{**self.kwargs, "image": self.image, "scope": self.scope}
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Run an action of the page's menu or its tables, and return to this page."""
        if StoresTable.handles_post(request):
            table = load_stores_table(request, self.scope, self.image)
        elif MembersTable.handles_post(request):
            table = load_members_table(request, self.scope, self.image)
        else:
            table = ImagesTable(request, scope=self.scope)
        handled = table.maybe_handle()
        return handled or shortcuts.redirect(request.get_full_path())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # The tabs are rendered here.
        self.prepare_page()
        # Read the image before Horizon's tabs, which ignore the exception if it does
        # not exist.
        image = self.image
        # Likewise the tabs, and what they show.
        _contents = [tab.data for tab in self.tab_group.get_tabs() if tab.load]
        context: dict[str, Any] = super().get_context_data(**kwargs)
        table = ImagesTable(self.request, scope=self.scope)
        context["image"] = image
        context["os_icon"] = os_icon(image.properties, image.disk_format)
        context["status_icon"] = status_icon(image)
        label = labels.status_label(shown_status(image))
        context["status_label"] = watched(image, label) if image.in_progress else label
        context["owner_name"] = owner_name(self.request, self.scope, image)
        context["updated"] = times.time_element(image.updated_at)
        context["page_title"] = labels.inert(image.display_name)
        context["heading"] = labels.without_expressions(image.bare_name)
        context["notes"] = image_badges.attributes(image, restorable_by(self.request, image))
        context["end_badges"] = end_dates.badges(image)
        context["is_hidden"] = image.os_hidden and not is_deleted(image)
        context["url"] = self.request.get_full_path()
        context["actions"] = table.render_row_actions(image)
        context["outcomes"] = reports.pop_reports(self.request)
        context.update(script_urls(self.request, self.scope))
        return context
