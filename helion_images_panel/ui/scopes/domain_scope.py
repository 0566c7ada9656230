# SPDX-License-Identifier: Apache-2.0
"""What the manager of a domain, who is no admin, sees of the domain's images.

Glance knows no such manager. It lets a person act in the projects in which
they have a role, so the images are those of these projects, each acted on
with a token of its own; the others' are not offered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from django.http import HttpRequest
from django.utils.translation import gettext as _
from horizon import exceptions as horizon_exceptions

from helion_images_panel import conf, exceptions, policy
from helion_images_panel.api import cache, image_pages, images, projects, rescope
from helion_images_panel.api.parallel import in_parallel
from helion_images_panel.api.projects import Project
from helion_images_panel.core.image import Image
from helion_images_panel.core.page import Cursor, Page
from helion_images_panel.core.per_request import per_request
from helion_images_panel.core.query import ImageQuery
from helion_images_panel.ui.scopes.domain_roles import manages_domain
from helion_images_panel.ui.scopes.scope import PanelScope

#: An image, or why there is none.
Found: TypeAlias = Image | exceptions.ImageServiceError | exceptions.SessionEnded

#: Seconds for which the project of an image is tried first, before all others.
OWNER_KEPT_S = 3600


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

    def page(self, request: HttpRequest, query: ImageQuery, cursor: Cursor, size: int) -> Page:
        mine = _mine(request)
        asked = [project for project in mine if query.owner in ("", project.id)]
        acting = rescope.in_projects(request, [project.id for project in asked])
        order = [project.id for project in asked if project.id in acting]
        at = 0
        if cursor.marker:
            owner = self.image(request, cursor.marker).owner or ""
            if owner not in order:
                raise exceptions.ImageNotFound("There is no such image.")
            at = order.index(owner)
        turns = [acting[project_id] for project_id in order]
        page = image_pages.image_list_in_turn(turns, query, cursor, at, size)
        for image in page.images:
            _remember_owner(image)
        return page

    def images_or_errors(
        self, request: HttpRequest, image_ids: Sequence[str]
    ) -> Mapping[str, Found]:
        """Each asked for in its own project where that is known, else in all of them."""
        ids = list(dict.fromkeys(image_ids))
        order = [project.id for project in _mine(request)]
        acting = rescope.in_projects(request, order)
        owners = {image_id: cache.get(_owner_key(image_id)) for image_id in ids}
        found: dict[str, Found] = {}
        for project_id, of_project in acting.items():
            here = [id_ for id_ in ids if owners[id_] == project_id]
            found |= {
                id_: answer
                for id_, answer in images.images_or_errors(of_project, here).items()
                if isinstance(answer, Image) and answer.owner == project_id
            }
        unknown = [image_id for image_id in ids if image_id not in found]
        for image_id, answer in _found_anywhere(acting, unknown).items():
            found[image_id] = answer
            if isinstance(answer, Image):
                _remember_owner(answer)
        return found

    def images_by_id(self, request: HttpRequest, image_ids: Sequence[str]) -> list[Image]:
        answers = self.images_or_errors(request, image_ids).values()
        return [answer for answer in answers if isinstance(answer, Image)]

    def image(self, request: HttpRequest, image_id: str) -> Image:
        answer = self.images_or_errors(request, [image_id])[image_id]
        if isinstance(answer, Image):
            return answer
        raise answer

    def may_read(self, request: HttpRequest, image: Image) -> bool:
        return image.owner in {project.id for project in _mine(request)}

    def may_write(self, request: HttpRequest, image: Image) -> bool:
        return self.may_read(request, image)

    def has_project(self, request: HttpRequest, project_id: str) -> bool:
        return project_id in {project.id for project in _mine(request)}

    def acting(self, request: HttpRequest, image: Image) -> HttpRequest:
        acting: HttpRequest = rescope.in_project(request, image.owner or "")
        return acting

    def project_names(self, request: HttpRequest, project_ids: Iterable[str]) -> Mapping[str, str]:
        return {project.id: project.name for project in projects.managed_project_list(request)}

    def note(self, request: HttpRequest) -> str:
        """Which of the domain's projects the list is made of, and which are missing."""
        domain = projects.managed_domain(request)
        mine = _mine(request)
        others = [
            project.name
            for project in projects.managed_project_list(request)
            if project.enabled and project not in mine
        ]
        words = _("The images of the projects of %(domain)s in which you have a role: %(mine)s.")
        said = words % {
            "domain": domain.name if domain else "",
            "mine": ", ".join(project.name for project in mine) or _("none"),
        }
        if others:
            missing = _("Not among them: %(others)s. Ask for a role there to manage theirs.")
            said += " " + missing % {"others": ", ".join(others)}
        return said


def _mine(request: HttpRequest) -> list[Project]:
    """The enabled projects of the domain in which the person has a role, by name."""

    def look_up() -> list[Project]:
        own = {project.id for project in projects.own_projects(request)}
        managed = projects.managed_project_list(request)
        return [project for project in managed if project.enabled and project.id in own]

    return per_request(request, "managed_projects", look_up, scoped_to_project=False)


def _found_anywhere(
    acting: Mapping[str, HttpRequest], image_ids: Sequence[str]
) -> dict[str, Found]:
    """The images, where one of the projects owns them; what others share with them is not theirs.

    In each turn as many projects are asked for each image as makes full use of
    the requests that may be in flight: a single image is sought in several
    projects at once, each of many in one project after the other.
    """
    places = list(acting.values())
    found: dict[str, Found] = {}
    while places and (left := [image_id for image_id in image_ids if image_id not in found]):
        width = max(1, conf.CONCURRENCY.value // len(left))
        turn, places = places[:width], places[width:]
        pairs = [(image_id, request) for image_id in left for request in turn]
        answers = in_parallel(lambda pair: _found_in(pair[1], pair[0]), pairs)
        for (image_id, _request), answer in zip(pairs, answers, strict=True):
            if isinstance(answer, Image):
                if answer.owner in acting:
                    found[image_id] = answer
            elif not isinstance(answer, exceptions.ImageNotFound):
                found.setdefault(image_id, answer)
    missing = exceptions.ImageNotFound(_("There is no such image."))
    return {image_id: found.get(image_id, missing) for image_id in image_ids}


def _found_in(request: HttpRequest, image_id: str) -> Found:
    try:
        return images.image_get(request, image_id)
    except (exceptions.ImageServiceError, exceptions.SessionEnded) as error:
        return error


def _remember_owner(image: Image) -> None:
    cache.set(_owner_key(image.id), image.owner, OWNER_KEPT_S)


def _owner_key(image_id: str) -> str:
    return f"helion_images.owner.{image_id[:64]}"


DOMAIN = DomainScope("project", "horizon:project:images:domain")
