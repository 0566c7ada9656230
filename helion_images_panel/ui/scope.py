# SPDX-License-Identifier: Apache-2.0
"""What sets the Project panel and the Admin panel apart, and nothing else does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from horizon import exceptions as horizon_exceptions

from helion_images_panel import conf, exceptions, policy
from helion_images_panel.api import images, members, projects
from helion_images_panel.core.image import Image
from helion_images_panel.core.page import Cursor, Page
from helion_images_panel.core.query import ImageQuery
from helion_images_panel.core.sources import Source

ALL_DOMAINS = "all"


@dataclass(frozen=True)
class PanelScope:
    """Which images a panel shows and changes, and where its pages are.

    `dashboard` is the slug of Horizon's dashboard, `image_namespace` the URL
    namespace of the pages of one image.
    """

    dashboard: str
    image_namespace: str
    shows_owner: bool = False

    #: Whether it works with the token of the active project, in which images are made and used.
    in_active_project = True

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
        return images.image_list(request, self.sources(request, query), query, cursor, size)

    def images_found(
        self, request: HttpRequest, image_ids: Sequence[str]
    ) -> Mapping[str, Image | exceptions.ImageServiceError | exceptions.SessionEnded]:
        """Each of the images, whether or not the panel may show it, or why there is none."""
        return images.images_found(request, image_ids)

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

    `domain_id` is the domain that the list is narrowed to, None for all.
    """

    domain_id: str | None = None
    chosen: bool = False

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
            self.shows_owner,
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


def is_cloud_admin(request: HttpRequest) -> bool:
    """Whether the user is an admin in one of the cloud admins' domains, and of it."""
    domain_id = request.user.user_domain_id
    return (
        domain_id in conf.CLOUD_ADMIN_DOMAINS.value
        and policy.allows(request, policy.ADMIN)
        and _is_admin_in(request, domain_id)
    )


def administers(request: HttpRequest, domain_id: str) -> bool:
    """Whether an admin is that of this domain, or of all; the context does not matter."""
    if is_cloud_admin(request):
        return True
    if domain_id == request.user.user_domain_id:
        return _is_admin_in(request, domain_id)
    return domain_id in _admin_roles(request).domains


def domain_of(request: HttpRequest) -> str:
    """The domain whose images an admin manages.

    It is the user's own, if they are admin there: the role may also stand on
    a project of another domain, which says nothing about theirs. Horizon's
    domain context counts for those who have the role on that domain itself.
    Horizon offers it to every admin of any project, and must not thereby open
    one domain's images to the admins of another.
    """
    own = str(request.user.user_domain_id)
    context = request.session.get("domain_context")
    if context and context != own and _may_have_context(request, context):
        return str(context)
    if not _is_admin_in(request, own):
        raise horizon_exceptions.NotAuthorized()
    return own


def _may_have_context(request: HttpRequest, domain_id: str) -> bool:
    return is_cloud_admin(request) or domain_id in _admin_roles(request).domains


def _is_admin_in(request: HttpRequest, domain_id: str) -> bool:
    """Whether the admin who asks has that role on the domain or a project of it."""
    user: Any = request.user
    if getattr(user, "system_scoped", False) or user.token.project.get("domain_id") == domain_id:
        return True
    roles = _admin_roles(request)
    return domain_id in roles.domains or domain_id in roles.projects_of


def _admin_roles(request: HttpRequest) -> projects.AdminRoles:
    """Looked up at most once in a request, and for few: see its callers."""
    kept: projects.AdminRoles | None = request.__dict__.get("_helion_images_admin_roles")
    if kept is None:
        kept = request.__dict__["_helion_images_admin_roles"] = projects.admin_roles(request)
    return kept


def _owners(request: HttpRequest) -> frozenset[str]:
    """The projects of the admin's domain; looked up once in a request.

    Every row of a page asks several times whether it may be changed.
    """
    kept: frozenset[str] | None = request.__dict__.get("_helion_images_owners")
    if kept is None:
        found = projects.project_list(request, domain_of(request))
        kept = frozenset(project.id for project in found)
        request.__dict__["_helion_images_owners"] = kept
    return kept


PROJECT = ProjectScope("project", "horizon:project:images:images")
ADMIN = AdminScope("admin", "horizon:admin:images", shows_owner=True)
