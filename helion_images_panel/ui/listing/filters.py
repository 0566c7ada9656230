# SPDX-License-Identifier: Apache-2.0
"""The filter bar above the table: a GET form, so that its URL can be bookmarked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _

from helion_images_panel.api import projects
from helion_images_panel.core.image import STATUSES, VISIBILITIES
from helion_images_panel.core.order import BY_NAME, Order
from helion_images_panel.core.query import ImageQuery
from helion_images_panel.ui.base import labels
from helion_images_panel.ui.base.errors import or_default
from helion_images_panel.ui.listing import ordering, quick_views
from helion_images_panel.ui.scopes.domain_roles import is_cloud_admin
from helion_images_panel.ui.scopes.scope import ALL_DOMAINS, PanelScope

_LABELS: Mapping[str, str | Promise] = {
    "name": _("Search"),
    "view": _("View"),
    "owner": _("Owner"),
    "status": _("Status"),
    "format": _("Format"),
    "visibility": _("Visibility"),
    "hidden": _("Hidden"),
}


@dataclass(frozen=True)
class Choice:
    """One drop-down: the URL's parameter, its label, value and options."""

    name: str
    label: str | Promise
    value: str
    options: list[tuple[str, str | Promise]]


@dataclass(frozen=True)
class Pill:
    """One filter that is set, and the URL of the list without it."""

    label: str | Promise
    value: str | Promise
    url: str


class FilterBar:
    def __init__(
        self,
        request: HttpRequest,
        scope: PanelScope,
        query: ImageQuery,
        order: Order = BY_NAME,
    ):
        self.request = request
        self.scope = scope
        self.query = query
        self.order = order

    @property
    def clear_url(self) -> str:
        return self.url_with({})

    def _order(self) -> dict[str, str]:
        """The order, if the URL names one."""
        named = ordering.PARAMETER in self.request.GET
        return {ordering.PARAMETER: str(self.order)} if named else {}

    @property
    def quick_views(self) -> list[quick_views.QuickView]:
        return quick_views.quick_views(self.request, self.scope, self.query, self.url_with)

    @property
    def pills(self) -> list[Pill]:
        """The filters that are set, each of which can be removed."""
        values = self.query.url_parameters()
        pills = [
            Pill(label, self._shown(name, values[name]), self._without(name))
            for name, label in _LABELS.items()
            if name in values
        ]
        return [*pills, *(Pill(_("Tag"), t, self._without("tag", t)) for t in self.query.tag)]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """Filters without a field of their own, which the form sends again."""
        fields = {choice.name for choice in self.choices} | {"name", "tag"}
        values = self.query.url_parameters()
        kept = [(name, value) for name, value in values.items() if name not in fields]
        return [*kept, *(("tag", tag) for tag in self.query.tag)]

    def _shown(self, name: str, value: str) -> str | Promise:
        """Return the value as the drop-down has it."""
        if name == "view":
            return quick_views.LABELS[value]
        options: list[tuple[str, str | Promise]] = next(
            (c.options for c in self.choices if c.name == name), []
        )
        if name == "owner" and not options:
            return self._project_name(value)
        return dict(options).get(value, value)

    def _project_name(self, project_id: str) -> str:
        def names(request: HttpRequest) -> Mapping[str, str]:
            return self.scope.project_names(request, [project_id])

        found = or_default(names, {}, "the owner's name")(self.request)
        return labels.inert(found.get(project_id, project_id))

    def _without(self, name: str, tag: str = "") -> str:
        """Return the URL of the list without a filter, or without one of its tags."""
        values = self.query.url_parameters()
        value = values.pop(name)
        rest = [each for each in value if each != tag] if tag else []
        return self.url_with({**values, name: rest} if rest else values)

    def url_with(self, filters: Mapping[str, str | Sequence[str]]) -> str:
        """Return the URL of the list with these filters and no others, in the present order."""
        parameters = {**self.scope.url_parameters(), **filters, **self._order()}
        query = f"?{urlencode(parameters, doseq=True)}" if parameters else ""
        return self.request.path + query

    @cached_property
    def choices(self) -> list[Choice]:
        formats = settings.OPENSTACK_IMAGE_BACKEND["image_formats"]
        return [
            *self._domains(),
            *self._owners(),
            Choice(
                "status",
                _("Status"),
                self.query.status,
                [("", _("Any status")), *((s, labels.status_label(s)) for s in STATUSES)],
            ),
            Choice(
                "format",
                _("Format"),
                self.query.format,
                [("", _("Any format")), *((v, labels.format_label(v)) for v, _l in formats if v)],
            ),
            Choice(
                "visibility",
                _("Visibility"),
                self.query.visibility,
                [
                    ("", _("Any visibility")),
                    *((v, labels.visibility_label(v)) for v in VISIBILITIES),
                ],
            ),
            Choice(
                "hidden",
                _("Hidden"),
                self.query.hidden,
                [("", _("Not hidden")), ("true", _("Hidden"))],
            ),
            Choice(ordering.PARAMETER, _("Order"), str(self.order), [*ordering.LABELS]),
        ]

    def _domains(self) -> list[Choice]:
        """The choice of one domain or all, for cloud admins."""
        if not self.scope.chooses_domain or not is_cloud_admin(self.request):
            return []
        domains = or_default(projects.domain_list, None, "the choice of domains")(self.request)
        if domains is None:
            return []
        value = self.scope.domain_id or ALL_DOMAINS
        options = [(ALL_DOMAINS, _("All domains")), *((d.id, d.name) for d in domains)]
        return [Choice("domain", _("Domain"), value, options)]

    def _owners(self) -> list[Choice]:
        """The owners of the setting IMAGES_LIST_FILTER_TENANTS."""
        tenants = settings.IMAGES_LIST_FILTER_TENANTS
        if not tenants or self.scope.lists_all_owners:
            return []
        own = self.request.user.project_id
        options = [
            ("", _("Any owner")),
            (own, self.request.user.project_name),
            *((tenant["tenant"], tenant["text"]) for tenant in tenants),
        ]
        return [Choice("owner", _("Owner"), self.query.owner, options)]
