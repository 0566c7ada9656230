# SPDX-License-Identifier: Apache-2.0
"""The images of a domain for its manager, who is not an admin.

Glance has no such role. It allows users to act in the projects in which they have a
role, so the list contains the images of these projects, each accessed with a token of
its project; images of other projects are not included.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from django.http import HttpRequest
from django.utils.translation import gettext as _
from horizon import exceptions as horizon_exceptions

from helion_images_panel import conf, exceptions, policy
from helion_images_panel.api import cache, client, image_pages, images, projects, rescope
from helion_images_panel.api.images import ImageOrError
from helion_images_panel.api.parallel import in_parallel
from helion_images_panel.api.projects import Project
from helion_images_panel.core.image import Image
from helion_images_panel.core.order import Order
from helion_images_panel.core.page import Cursor, Page
from helion_images_panel.core.per_request import per_request
from helion_images_panel.core.query import ImageQuery
from helion_images_panel.core.sources import Source
from helion_images_panel.core.visible_text import isolated
from helion_images_panel.ui.scopes.domain_roles import manages_domain
from helion_images_panel.ui.scopes.scope import PanelScope

#: Seconds for which the owner of an image is cached; its project is queried before all
#: others.
OWNER_CACHE_S = 3600


@dataclass(frozen=True)
class DomainScope(PanelScope):
    creates_images = False
    launches_instances = False
    lists_all_owners = True
    is_for_domain_managers = True
    checks_by_itself = True
    has_panel_tabs = True

    @property
    def index_namespace(self) -> str:
        return self.image_namespace

    def check_access(self, request: HttpRequest) -> None:
        if not manages_domain(request):
            raise horizon_exceptions.NotAuthorized()
        policy.require(request, policy.GET_IMAGES)

    def page(
        self, request: HttpRequest, query: ImageQuery, order: Order, cursor: Cursor, size: int
    ) -> Page:
        """Return one page of the images of the user's projects, one project after the other;
        the order is that within each project.
        """
        user_projects = user_projects_of(request)
        selected = [project for project in user_projects if query.owner in ("", project.id)]
        requests = rescope.in_projects(request, [project.id for project in selected])
        in_turn = [project.id for project in selected if project.id in requests]
        start_index = 0
        if cursor.marker:
            owner = self.image(request, cursor.marker).owner or ""
            if owner not in in_turn:
                raise exceptions.ImageNotFound(_("Image not found."))
            start_index = in_turn.index(owner)
        ordered = [requests[project_id] for project_id in in_turn]
        page = image_pages.image_list_in_turn(ordered, query, cursor, start_index, size, order)
        for image in page.images:
            _cache_owner(request, image)
        return page

    def owned_lists(self, request: HttpRequest) -> Sequence[tuple[HttpRequest, Source]]:
        project_ids = [project.id for project in user_projects_of(request)]
        requests = rescope.in_projects(request, project_ids)
        return [(each, Source(project_id, "all")) for project_id, each in requests.items()]

    def only_list(self, request: HttpRequest) -> Source | None:
        return None

    def images_or_errors(
        self, request: HttpRequest, image_ids: Sequence[str]
    ) -> Mapping[str, ImageOrError]:
        """Read each image in its own project if that is cached, else search in all of them."""
        ids = list(dict.fromkeys(image_ids))
        order = [project.id for project in user_projects_of(request)]
        requests = rescope.in_projects(request, order)
        owners = {image_id: cache.get(_owner_key(request, image_id)) for image_id in ids}
        results: dict[str, ImageOrError] = {}
        for project_id, request_in_project in requests.items():
            in_project = [id_ for id_ in ids if owners[id_] == project_id]
            results |= {
                id_: response
                for id_, response in images.images_or_errors(request_in_project, in_project).items()
                if isinstance(response, Image) and response.owner == project_id
            }
        not_cached = [image_id for image_id in ids if image_id not in results]
        for image_id, response in _search_all(requests, not_cached).items():
            results[image_id] = response
            if isinstance(response, Image):
                _cache_owner(request, response)
        return results

    def images_by_id(self, request: HttpRequest, image_ids: Sequence[str]) -> list[Image]:
        responses = self.images_or_errors(request, image_ids).values()
        return [response for response in responses if isinstance(response, Image)]

    def image(self, request: HttpRequest, image_id: str) -> Image:
        response = self.images_or_errors(request, [image_id])[image_id]
        if isinstance(response, Image):
            return response
        raise response

    def may_read(self, request: HttpRequest, image: Image) -> bool:
        return image.owner in {project.id for project in user_projects_of(request)}

    def may_write(self, request: HttpRequest, image: Image) -> bool:
        return self.may_read(request, image)

    def has_project(self, request: HttpRequest, project_id: str) -> bool:
        def fetch() -> frozenset[str]:
            return frozenset(project.id for project in user_projects_of(request))

        return project_id in per_request(
            request, "managed_project_ids", fetch, scoped_to_project=False
        )

    def request_for(self, request: HttpRequest, image: Image) -> HttpRequest:
        scoped_request: HttpRequest = rescope.in_project(request, image.owner or "")
        return scoped_request

    def project_names(self, request: HttpRequest, project_ids: Iterable[str]) -> Mapping[str, str]:
        return {project.id: project.name for project in projects.managed_project_list(request)}

    def note(self, request: HttpRequest) -> str:
        """The projects whose images the list contains, and the domain's projects that are
        missing.
        """
        domain = projects.managed_domain(request)
        user_projects = user_projects_of(request)
        others = [
            isolated(project.name)
            for project in projects.managed_project_list(request)
            if project.enabled and project not in user_projects
        ]
        template = {"domain": isolated(domain.name if domain else "")}
        if user_projects:
            template["mine"] = ", ".join(isolated(project.name) for project in user_projects)
            note = _("Images of your projects in %(domain)s: %(mine)s.") % template
        else:
            note = _("You have no role in a project in %(domain)s.") % template
        if len(user_projects) > 1:
            note += " " + _("One project follows the other, each in the chosen order.")
        if others:
            missing = _("Not shown: %(others)s (you have no role there).")
            note += " " + missing % {"others": ", ".join(others)}
        return note


def user_projects_of(request: HttpRequest) -> list[Project]:
    """Return the enabled projects of the domain in which the user has a role, by name; cached
    for the request.
    """

    def fetch() -> list[Project]:
        own = {project.id for project in projects.own_projects(request)}
        managed = projects.managed_project_list(request)
        return [project for project in managed if project.enabled and project.id in own]

    return per_request(request, "managed_projects", fetch, scoped_to_project=False)


def _search_all(
    requests: Mapping[str, HttpRequest], image_ids: Sequence[str]
) -> dict[str, ImageOrError]:
    """Return the images that belong to one of the projects; images shared with a project are
    ignored.

    Each round queries as many projects per image as the maximum number of parallel
    requests allows: a single image is searched in several projects in parallel, each of
    many in one project after the other.
    """
    remaining = list(requests.values())
    results: dict[str, ImageOrError] = {}
    while remaining and (left := [image_id for image_id in image_ids if image_id not in results]):
        width = max(1, conf.CONCURRENCY.value // len(left))
        batch, remaining = remaining[:width], remaining[width:]
        pairs = [(image_id, request) for image_id in left for request in batch]
        responses = in_parallel(lambda pair: images.image_or_error(pair[1], pair[0]), pairs)
        for (image_id, _request), response in zip(pairs, responses, strict=True):
            if isinstance(response, Image):
                if response.owner in requests:
                    results[image_id] = response
            elif not isinstance(response, exceptions.ImageNotFound):
                results.setdefault(image_id, response)
    missing = exceptions.ImageNotFound(_("Image not found."))
    return {image_id: results.get(image_id, missing) for image_id in image_ids}


def _cache_owner(request: HttpRequest, image: Image) -> None:
    cache.set(_owner_key(request, image.id), image.owner, OWNER_CACHE_S)


def _owner_key(request: HttpRequest, image_id: str) -> str:
    # The ID is from a URL, and may be any text: memcached refuses blanks and control characters.
    return client.image_cache_key(request, "owner", quote(image_id, safe="")[:64])


DOMAIN = DomainScope("project", "horizon:project:images:domain")
