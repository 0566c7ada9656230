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
from helion_images_panel.ui.listing import ordering
from helion_images_panel.ui.scopes.domain_roles import is_cloud_admin
from helion_images_panel.ui.scopes.scope import ALL_DOMAINS, PanelScope


@dataclass(frozen=True)
class Choice:
    """One drop-down: the URL's parameter, its label, value and options."""

    name: str
    label: str | Promise
    value: str
    options: list[tuple[str, str | Promise]]


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
    def is_set(self) -> bool:
        return not self.query.is_empty

    @property
    def clear_url(self) -> str:
        parameters = {**self.scope.url_parameters(), **self._order()}
        return self._url(parameters) if parameters else self.request.path

    def _order(self) -> dict[str, str]:
        """The order, if the URL names one."""
        named = ordering.PARAMETER in self.request.GET
        return {ordering.PARAMETER: str(self.order)} if named else {}

    @property
    def tags(self) -> list[tuple[str, str]]:
        """Each tag of the filter, with the URL of the list without it."""
        parameters = {
            **self.scope.url_parameters(),
            **self.query.url_parameters(),
            **self._order(),
        }
        return [
            (tag, self._url({**parameters, "tag": self._without(tag)})) for tag in self.query.tag
        ]

    def _without(self, tag: str) -> list[str]:
        return [each for each in self.query.tag if each != tag]

    def _url(self, parameters: Mapping[str, str | Sequence[str]]) -> str:
        return f"{self.request.path}?{urlencode(parameters, doseq=True)}"

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
            (own, _("This project")),
            *((tenant["tenant"], tenant["text"]) for tenant in tenants),
        ]
        return [Choice("owner", _("Owner"), self.query.owner, options)]
