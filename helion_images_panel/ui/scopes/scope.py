# SPDX-License-Identifier: Apache-2.0
"""The differences between the panels, all in one place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from helion_images_panel import exceptions, policy
from helion_images_panel.api import image_pages, images, members
from helion_images_panel.core.image import Image
from helion_images_panel.core.order import Order
from helion_images_panel.core.page import Cursor, Page
from helion_images_panel.core.query import ImageQuery
from helion_images_panel.core.sources import Source

ALL_DOMAINS = "all"


@dataclass(frozen=True)
class PanelScope:
    """The images that a panel shows and changes, and the URLs of its pages.

    :ivar dashboard: slug of Horizon's dashboard
    :ivar image_namespace: URL namespace of the pages of one image
    """

    dashboard: str
    image_namespace: str

    #: Domain that the list is limited to; None if the list is not limited by domain.
    domain_id: str | None = None

    #: Path of an image's details after its ID; the two stock panels differ.
    detail_path: ClassVar[str] = "detail/"

    #: Whether images are created and uploaded in this panel.
    creates_images: ClassVar[bool] = True

    #: Whether the panel offers to create instances and volumes from its images, in the
    #: active project.
    launches_instances: ClassVar[bool] = True

    #: Whether all images of the panel are visible to the active project's token.
    is_of_active_project: ClassVar[bool] = False

    #: Whether the list contains images of several owners, and shows the owner.
    lists_all_owners: ClassVar[bool] = False

    #: Whether users may select the domain, if they manage several.
    chooses_domain: ClassVar[bool] = False

    #: Whether the owner of images can be changed.
    changes_owners: ClassVar[bool] = False

    #: Whether images can be shared only within the user's domain.
    shares_within_domain: ClassVar[bool] = False

    #: Whether users publish as managers of a domain, without being admins.
    is_for_domain_managers: ClassVar[bool] = False

    #: Whether the panel lists images that are shared with the active project, to accept
    #: or reject them.
    has_inbox: ClassVar[bool] = False

    #: Whether the page starts due checks of data automatically.
    checks_by_itself: ClassVar[bool] = False

    #: Whether rules can be stored that the lifecycle command applies.
    stores_rules: ClassVar[bool] = False

    #: Whether tabs lead to other lists of the same dashboard.
    has_panel_tabs: ClassVar[bool] = False

    @property
    def needs_filter_first(self) -> bool:
        """Whether the list stays empty until a filter is set."""
        return False

    def url(self, name: str, *args: str) -> str:
        namespace = self.index_namespace if name == "index" else self.image_namespace
        return reverse(f"{namespace}:{name}", args=args)

    def url_in_domain(self, name: str, *args: str, **parameters: str | Sequence[str]) -> str:
        """Return the URL of a page that keeps the domain that the user has selected."""
        query = urlencode({**self.url_parameters(), **parameters}, doseq=True)
        return f"{self.url(name, *args)}?{query}" if query else self.url(name, *args)

    @property
    def index_namespace(self) -> str:
        return f"horizon:{self.dashboard}:images"

    def check_access(self, request: HttpRequest) -> None:
        """Raise Horizon's NotAuthorized if the user may not use this panel."""
        raise NotImplementedError

    def sources(self, request: HttpRequest, query: ImageQuery) -> Sequence[Source]:
        """Return the lists of Glance that make up the panel's list."""
        raise NotImplementedError

    def owned_lists(self, request: HttpRequest) -> Sequence[tuple[HttpRequest, Source]]:
        """Return the lists that together have each image of the panel's own projects, once;
        each with the request that may read it.
        """
        return [(request, source) for source in self.sources(request, ImageQuery())]

    def only_list(self, request: HttpRequest) -> Source | None:
        """Return the list of Glance that is the panel's list without filters: a page of it takes
        one request. None if several make it up, or it is picked out of a larger one.
        """
        sources = self.sources(request, ImageQuery())
        return None if len(sources) != 1 or sources[0].is_sifted else sources[0]

    def may_read(self, request: HttpRequest, image: Image) -> bool:
        raise NotImplementedError

    def may_write(self, request: HttpRequest, image: Image) -> bool:
        """Whether the image can be changed in this panel; policy is checked separately."""
        raise NotImplementedError

    def has_project(self, request: HttpRequest, project_id: str) -> bool:
        """Whether the project is one of those whose images this panel manages."""
        raise NotImplementedError

    def page(
        self, request: HttpRequest, query: ImageQuery, order: Order, cursor: Cursor, size: int
    ) -> Page:
        """Return one page of the panel's list."""
        sources = self.sources(request, query)
        return image_pages.image_list(request, sources, query, cursor, size, order)

    def images_or_errors(
        self, request: HttpRequest, image_ids: Sequence[str]
    ) -> Mapping[str, images.ImageOrError]:
        """Return each of the images, visible in the panel or not, or the error of reading it."""
        return images.images_or_errors(request, image_ids)

    def images_by_id(self, request: HttpRequest, image_ids: Sequence[str]) -> list[Image]:
        """Return those of the images that exist, visible in the panel or not."""
        return images.images_by_id(request, image_ids)

    def request_for(self, request: HttpRequest, image: Image) -> HttpRequest:
        """Return the request with which the user acts on this image."""
        return request

    def note(self, request: HttpRequest) -> str:
        """Return a remark on the list as a whole; empty for none."""
        return ""

    def image(self, request: HttpRequest, image_id: str) -> Image:
        """Return the image; raise ImageNotFound if the panel may not show it."""
        image = images.image_get(request, image_id)
        if not self.may_read(request, image):
            raise exceptions.ImageNotFound(_("Image not found."))
        return image

    def project_names(self, request: HttpRequest, project_ids: Iterable[str]) -> Mapping[str, str]:
        """Return names of these projects that the user may see, by ID."""
        return {request.user.project_id: request.user.project_name}

    def bound(self, request: HttpRequest) -> PanelScope:
        """Return this scope with the choices of the request's URL."""
        return self

    def lists(self, request: HttpRequest, image: Image) -> bool:
        """Whether an image that the user may read belongs to the list."""
        return True

    @property
    def list_name(self) -> str:
        """Name of the panel's list, in the Admin panel a different one for each domain."""
        return f"{self.index_namespace}.{self.domain_id or ALL_DOMAINS}"

    def url_parameters(self) -> dict[str, str]:
        """Return the URL parameters that belong to the scope and are kept when paging."""
        return {}


@dataclass(frozen=True)
class ProjectScope(PanelScope):
    """The active project's images, and images that are public or shared with it."""

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
        # Glance lists the private images of all projects to an admin's token.
        sources = [Source(request.user.project_id, "all"), Source(visibility="public")]
        if query.visibility == "community":
            sources.append(Source(visibility="community"))
        return sources

    def owned_lists(self, request: HttpRequest) -> Sequence[tuple[HttpRequest, Source]]:
        return [(request, Source(request.user.project_id, "all"))]

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


PROJECT = ProjectScope("project", "horizon:project:images:images")
