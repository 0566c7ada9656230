# SPDX-License-Identifier: Apache-2.0
"""The images of a domain for its admin, and of all domains for a cloud admin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from horizon import exceptions as horizon_exceptions
from openstack_dashboard.utils import settings as horizon_settings

from helion_images_panel import policy
from helion_images_panel.api import projects
from helion_images_panel.core.image import Image
from helion_images_panel.core.per_request import per_request
from helion_images_panel.core.query import ImageQuery
from helion_images_panel.core.sources import Source, sources_of
from helion_images_panel.ui.scopes.domain_roles import domain_of, is_cloud_admin
from helion_images_panel.ui.scopes.scope import ALL_DOMAINS, PanelScope


@dataclass(frozen=True)
class AdminScope(PanelScope):
    """Every image of a domain's projects; of all domains for a cloud admin.

    :ivar chosen: whether the URL contains the domain
    """

    chosen: bool = False

    lists_all_owners = True
    chooses_domain = True
    changes_owners = True
    shares_within_domain = True
    stores_rules = True

    @property
    def needs_filter_first(self) -> bool:
        return bool(horizon_settings.get_dict_config("FILTER_DATA_FIRST", "admin.images"))

    def check_access(self, request: HttpRequest) -> None:
        policy.require(request, policy.ADMIN)
        policy.require(request, policy.GET_IMAGES)
        wants_system_scope = "compute" in settings.SYSTEM_SCOPE_SERVICES
        if wants_system_scope != bool(getattr(request.user, "system_scoped", False)):
            raise horizon_exceptions.NotAuthorized()

    def bound(self, request: HttpRequest) -> AdminScope:
        """Return the scope with the domain in the URL, if the user may select it."""
        choice = request.GET.get("domain", "") if is_cloud_admin(request) else ""
        if not projects.KEYSTONE_ID.fullmatch(choice):
            choice = ""
        domain_id = choice or domain_of(request)
        return AdminScope(
            self.dashboard,
            self.image_namespace,
            None if domain_id == ALL_DOMAINS else domain_id,
            bool(choice),
        )

    def url_parameters(self) -> dict[str, str]:
        return {"domain": self.domain_id or ALL_DOMAINS} if self.chosen else {}

    def sources(self, request: HttpRequest, query: ImageQuery) -> Sequence[Source]:
        if self.domain_id is None:
            return (Source(visibility="all"),)
        return sources_of(_owners_in(request, self.domain_id))

    def may_read(self, request: HttpRequest, image: Image) -> bool:
        if is_cloud_admin(request):
            return True
        if not image.owner:
            return False
        if image.owner in _owners(request):
            return True
        # The project may be newer than the cached list.
        project = projects.project_get(request, image.owner)
        return project is not None and project.domain_id == domain_of(request)

    def lists(self, request: HttpRequest, image: Image) -> bool:
        # A cloud admin may read all images, also while the list is that of one domain.
        return self.domain_id is None or image.owner in _owners_in(request, self.domain_id)

    def may_write(self, request: HttpRequest, image: Image) -> bool:
        return self.may_read(request, image)

    def has_project(self, request: HttpRequest, project_id: str) -> bool:
        return is_cloud_admin(request) or project_id in _owners(request)

    def project_names(self, request: HttpRequest, project_ids: Iterable[str]) -> Mapping[str, str]:
        requested = set(filter(None, project_ids))
        names: dict[str, str] = {}
        if self.domain_id is not None:
            names = {p.id: p.name for p in projects.project_list(request, self.domain_id)}
        if is_cloud_admin(request):
            names.update(projects.project_names(request, requested.difference(names)))
        return names


def _owners(request: HttpRequest) -> frozenset[str]:
    """Cached for the request: each row of a page checks several times who may change it."""

    def fetch() -> frozenset[str]:
        return frozenset(_owners_in(request, domain_of(request)))

    return per_request(request, "owners", fetch, scoped_to_project=True)


def _owners_in(request: HttpRequest, domain_id: str) -> list[str]:
    return [project.id for project in projects.project_list(request, domain_id)]


ADMIN = AdminScope("admin", "horizon:admin:images")
