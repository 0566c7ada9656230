# SPDX-License-Identifier: Apache-2.0
"""The filter bar above the table: a GET form, so that its URL can be bookmarked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _

from helion_images_panel.api import projects
from helion_images_panel.core.filter_values import VALUE_LENGTH
from helion_images_panel.core.order import BY_NAME, Order
from helion_images_panel.core.query import SEVERAL_VALUES, ImageQuery
from helion_images_panel.core.visible_text import isolated
from helion_images_panel.ui.base.errors import or_default
from helion_images_panel.ui.listing import (
    filter_fields,
    filter_messages,
    ordering,
    owner_filter,
    quick_views,
)
from helion_images_panel.ui.listing.filter_fields import Field
from helion_images_panel.ui.scopes.domain_roles import is_cloud_admin
from helion_images_panel.ui.scopes.scope import ALL_DOMAINS, PanelScope

#: Labels of filters without a field under "Add Filter".
_LABELS: Mapping[str, str | Promise] = {
    "name": _("Search"),
    # Translators: the noun: a part of the list.
    "view": _("View"),
    "owner": _("Owner"),
    "domain": _("Domain"),
}


#: Filters whose values name them: "Snapshots", "Hidden", "Not protected".
_SAYS_ALL = ("view", "hidden", "protected", "ends")


@dataclass(frozen=True)
class Pill:
    """One filter that is set, and the URL of the list without it; no label if the value says
    all.
    """

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
        has_stores: bool = False,
    ):
        """:param has_stores: whether the cloud is known to name its stores"""
        self.request = request
        self.scope = scope
        self.query = query
        self.order = order
        self.has_stores = has_stores

    @property
    def text_length(self) -> int:
        """Maximum number of characters in the search box."""
        return VALUE_LENGTH

    @property
    def zone(self) -> str:
        return timezone.get_current_timezone_name()

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
        return [
            Pill(self._label(name), self._shown(name, value), self._without(name, value))
            for name, value in self._set
        ]

    def _label(self, name: str) -> str | Promise:
        is_said = name in _SAYS_ALL and name not in self.query.errors
        return "" if is_said else self._labels[name]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """Filters without a field of their own, which the form sends again."""
        typed = {each.name: each.value for each in self.fields}
        own = {"name", *typed} - set(SEVERAL_VALUES)
        # Of several values a wrong one stands in its field.
        return [
            (name, value)
            for name, value in self._set
            if name not in own and value != typed.get(name)
        ]

    @property
    def _set(self) -> list[tuple[str, str]]:
        return [
            (name, value)
            for name, values in self.query.url_parameters().items()
            for value in ([values] if isinstance(values, str) else values)
        ]

    @cached_property
    def _labels(self) -> Mapping[str, str | Promise]:
        return {**_LABELS, **{field.name: field.label for field in self.fields}}

    @property
    def errors(self) -> list[tuple[str | Promise, str]]:
        """Label and message of each filter with a wrong value."""
        if not self.query.errors:
            return []
        return [
            (self._labels.get(name, name), filter_messages.message(error))
            for name, error in self.query.errors.items()
        ]

    @property
    def is_open(self) -> bool:
        """Whether a field that is not always in sight has something wrong."""
        return not self.query.errors.keys().isdisjoint(field.name for field in self.fields)

    def _shown(self, name: str, value: str) -> str | Promise:
        """Return the value as its field has it."""
        if name == "view":
            return quick_views.LABELS.get(value, value)
        for field in self.fields:
            if field.name == name and field.options:
                return dict(field.options).get(value, value)
            if field.name == name == "owner":
                return isolated(field.value)
        if name == "owner":
            return isolated(owner_filter.label(self.request, self.scope, value))
        return filter_fields.shortened(name, value)

    def _without(self, name: str, value: str) -> str:
        """Return the URL of the list without a filter, or without one of its values."""
        values = self.query.url_parameters()
        several = values.pop(name)
        rest = [] if isinstance(several, str) else [each for each in several if each != value]
        return self.url_with({**values, name: rest} if rest else values)

    def url_with(self, filters: Mapping[str, str | Sequence[str]]) -> str:
        """Return the URL of the list with these filters and no others, in the present order."""
        # A domain that does not exist is left by every link.
        of_scope = {} if "domain" in self.query.errors else self.scope.url_parameters()
        parameters = {**of_scope, **filters, **self._order()}
        query = f"?{urlencode(parameters, doseq=True)}" if parameters else ""
        return self.request.path + query

    @cached_property
    def fields(self) -> list[Field]:
        """The fields of "Add Filter"."""
        return filter_fields.fields(self.request, self.scope, self.query, self.has_stores)

    @cached_property
    def choices(self) -> list[Field]:
        """The choices that are always in sight."""
        # Translators: the noun: the order of the list.
        order = Field(ordering.PARAMETER, _("Order"), str(self.order), options=[*ordering.LABELS])
        return [*self._domains(), order]

    def _domains(self) -> list[Field]:
        """The choice of one domain or all, for cloud admins."""
        if not self.scope.chooses_domain or not is_cloud_admin(self.request):
            return []
        domains = or_default(projects.domain_list, None, "the choice of domains")(self.request)
        if domains is None:
            return []
        value = self.scope.domain_id or ALL_DOMAINS
        known = [(ALL_DOMAINS, _("All domains")), *((d.id, d.name) for d in domains)]
        options = filter_fields.with_wrong(known, value)
        error = filter_fields.error_of(self.query, "domain")
        return [Field("domain", _("Domain"), value, options=options, error=error)]
