# SPDX-License-Identifier: Apache-2.0
"""What sets the Project panel and the Admin panel apart, and nothing else does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from horizon import exceptions as horizon_exceptions
from openstack_dashboard.utils import settings as horizon_settings

from helion_images_panel import exceptions, policy
from helion_images_panel.api import image_pages, images, members, projects
from helion_images_panel.core.image import Image
from helion_images_panel.core.page import Cursor, Page
from helion_images_panel.core.per_request import per_request
from helion_images_panel.core.query import ImageQuery
from helion_images_panel.core.sources import Source
from helion_images_panel.ui.scopes.domain_roles import domain_of, is_cloud_admin

ALL_DOMAINS = "all"


@dataclass(frozen=True)
class PanelScope:
    """Which images a panel shows and changes, and where its pages are.

    `dashboard` is the slug of Horizon's dashboard, `image_namespace` the URL
    namespace of the pages of one image.
    """

    dashboard: str
    image_namespace: str

    #: The domain that the list is narrowed to; None where it is made up in another way.
    domain_id: str | None = None

    #: The path of an image's details, behind its ID. The two stock panels differ there.
    detail_path: ClassVar[str] = "detail/"

    #: Whether images are created here, and given their data.
    creates_images: ClassVar[bool] = True

    #: Whether instances and volumes are made of its images, in the active project.
    launches_instances: ClassVar[bool] = True

    #: Whether all its images are seen with the token of the active project.
    is_of_active_project: ClassVar[bool] = False

    #: Whether the list has images of several owners, and says whose each is.
    lists_all_owners: ClassVar[bool] = False

    #: Whether the person may choose the domain, where they manage several.
    chooses_domain: ClassVar[bool] = False

    #: Whether images may be given to another project.
    changes_owners: ClassVar[bool] = False

    #: Whether images are shared inside the person's domain only.
    shares_within_domain: ClassVar[bool] = False

    #: Whether a person publishes by managing the domain, without being an admin.
    is_for_domain_managers: ClassVar[bool] = False

    #: Whether the active project finds here what others share with it, and answers.
    has_inbox: ClassVar[bool] = False

    #: Whether its page has due checks of data made without being asked.
    checks_by_itself: ClassVar[bool] = False

    #: Whether other lists of the same dashboard stand beside its own, as tabs.
    has_panel_tabs: ClassVar[bool] = False

    @property
    def needs_filter_first(self) -> bool:
        """Whether nothing is listed until a filter is set."""
        return False

    def url(self, name: str, *args: str) -> str:
        namespace = self.index_namespace if name == "index" else self.image_namespace
        return reverse(f"{namespace}:{name}", args=args)

    @property
    def index_namespace(self) -> str:
        return f"horizon:{self.dashboard}:images"

    def check_access(self, request: HttpRequest) -> None:
        """Raises Horizon's NotAuthorized for whoever may not use this panel."""
        raise NotImplementedError

    def sources(self, request: HttpRequest, query: ImageQuery) -> Sequence[Source]:
        """The lists of Glance that make up the panel's list."""
        raise NotImplementedError

    def may_read(self, request: HttpRequest, image: Image) -> bool:
        raise NotImplementedError

    def may_write(self, request: HttpRequest, image: Image) -> bool:
        """Whether the image is this panel's to change; policy is asked apart."""
        raise NotImplementedError

    def has_project(self, request: HttpRequest, project_id: str) -> bool:
        """Whether the project is one of those whose images this panel manages."""
        raise NotImplementedError

    def page(self, request: HttpRequest, query: ImageQuery, cursor: Cursor, size: int) -> Page:
        """One page of the panel's list."""
        return image_pages.image_list(request, self.sources(request, query), query, cursor, size)

    def images_or_errors(
        self, request: HttpRequest, image_ids: Sequence[str]
    ) -> Mapping[str, Image | exceptions.ImageServiceError | exceptions.SessionEnded]:
        """Each of the images, whether or not the panel may show it, or why there is none."""
        return images.images_or_errors(request, image_ids)

    def images_by_id(self, request: HttpRequest, image_ids: Sequence[str]) -> list[Image]:
        """Those of the images that are there, whether or not the panel may show them."""
        return images.images_by_id(request, image_ids)

    def acting(self, request: HttpRequest, image: Image) -> HttpRequest:
        """The request with which the person acts on this image."""
        return request

    def note(self, request: HttpRequest) -> str:
        """What is to be said of the list as a whole."""
        return ""

    def image(self, request: HttpRequest, image_id: str) -> Image:
        """The image, if this panel may show it: else it does not exist here."""
        image = images.image_get(request, image_id)
        if not self.may_read(request, image):
            raise exceptions.ImageNotFound("There is no such image.")
        return image

    def project_names(self, request: HttpRequest, project_ids: Iterable[str]) -> Mapping[str, str]:
        """Names of these projects, by ID, as far as the user may know them."""
        return {request.user.project_id: request.user.project_name}

    def bound(self, request: HttpRequest) -> PanelScope:
        """This scope with what the request's URL chooses."""
        return self

    def url_parameters(self) -> dict[str, str]:
        """What of the URL belongs to the scope and stays when paging."""
        return {}


@dataclass(frozen=True)
class ProjectScope(PanelScope):
    """The active project's images, and what is public or shared with it."""

    detail_path = ""
    is_of_active_project = True
    has_inbox = True
    checks_by_itself = True
    has_panel_tabs = True

    def check_access(self, request: HttpRequest) -> None:
        policy.require(request, policy.GET_IMAGES)

    def sources(self, request: HttpRequest, query: ImageQuery) -> Sequence[Source]:
        if not policy.allows(request, policy.ADMIN):
            return (Source(),)
        # To an admin's token Glance lists the private images of everybody.
        sources = [Source(request.user.project_id, "all"), Source(visibility="public")]
        if query.visibility == "community":
            sources.append(Source(visibility="community"))
        return sources

    def may_read(self, request: HttpRequest, image: Image) -> bool:
        if image.owner == request.user.project_id or image.visibility in ("public", "community"):
            return True
        if not policy.allows(request, policy.ADMIN):
            return True  # Glance has decided: the token is confined to its project.
        return image.visibility == "shared" and members.is_member(
            request, image.id, request.user.project_id
        )

    def may_write(self, request: HttpRequest, image: Image) -> bool:
        return image.owner == request.user.project_id

    def has_project(self, request: HttpRequest, project_id: str) -> bool:
        return bool(project_id == request.user.project_id)


@dataclass(frozen=True)
class AdminScope(PanelScope):
    """Every image of a domain's projects; of all domains for a cloud admin.

    `domain_id` is None for all domains; `chosen` says whether the URL names it.
    """

    chosen: bool = False

    lists_all_owners = True
    chooses_domain = True
    changes_owners = True
    shares_within_domain = True

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
        """With the domain that the URL names, where the user may choose it."""
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
        owners = [project.id for project in projects.project_list(request, self.domain_id)]
        return [Source(owner, "all") for owner in owners]

    def may_read(self, request: HttpRequest, image: Image) -> bool:
        if is_cloud_admin(request):
            return True
        if not image.owner:
            return False
        if image.owner in _owners(request):
            return True
        # The project may be newer than the remembered list.
        project = projects.project_get(request, image.owner)
        return project is not None and project.domain_id == domain_of(request)

    def may_write(self, request: HttpRequest, image: Image) -> bool:
        return self.may_read(request, image)

    def has_project(self, request: HttpRequest, project_id: str) -> bool:
        return is_cloud_admin(request) or project_id in _owners(request)

    def project_names(self, request: HttpRequest, project_ids: Iterable[str]) -> Mapping[str, str]:
        wanted = set(filter(None, project_ids))
        found: dict[str, str] = {}
        if self.domain_id is not None:
            own = projects.project_list(request, self.domain_id)
            found = {project.id: project.name for project in own}
        if is_cloud_admin(request):
            found.update(projects.project_names(request, wanted.difference(found)))
        return found


def _owners(request: HttpRequest) -> frozenset[str]:
    """The projects of the admin's domain; looked up once in a request.

    Every row of a page asks several times whether it may be changed.
    """

    def look_up() -> frozenset[str]:
        return frozenset(
            project.id for project in projects.project_list(request, domain_of(request))
        )

    return per_request(request, "owners", look_up, scoped_to_project=True)


PROJECT = ProjectScope("project", "horizon:project:images:images")


ADMIN = AdminScope("admin", "horizon:admin:images")
