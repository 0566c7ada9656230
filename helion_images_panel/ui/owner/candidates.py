# SPDX-License-Identifier: Apache-2.0
"""The projects that may become the owner of an image."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest
from django.utils.translation import gettext as _eager

from helion_images_panel import exceptions
from helion_images_panel.api import forgiven, projects
from helion_images_panel.api.projects import Project
from helion_images_panel.core.image import Image
from helion_images_panel.core.publication import DOMAIN, publication_of
from helion_images_panel.core.visible_text import isolated
from helion_images_panel.ui.scopes.domain_roles import domain_of, is_cloud_admin


def domain_limit(request: HttpRequest) -> str | None:
    """Return the domain within which this admin may move images; None for all."""
    return None if is_cloud_admin(request) else domain_of(request)


def candidates(request: HttpRequest) -> list[Project]:
    """Return the projects to choose from, by name, from the cache."""
    limit = domain_limit(request)
    known = (
        projects.all_projects(request) if limit is None else projects.project_list(request, limit)
    )
    return sorted(known, key=lambda project: (project.name.casefold(), project.domain_id))


def domain_names(request: HttpRequest) -> Mapping[str, str]:
    """Return domain names by ID, for admins of several domains; else empty."""
    if domain_limit(request) is not None:
        return {}
    try:
        return {domain.id: domain.name for domain in projects.domain_list(request)}
    except exceptions.ImageServiceError as error:
        forgiven.log("the names of domains", error)
        return {}


class NoSuchOwner(Exception):
    """The project cannot be the owner; `str()` is the reason."""


def look_up_owner(request: HttpRequest, image: Image, id_or_name: str) -> Project:
    """Return the project with this ID or name, without the cache; raise NoSuchOwner otherwise."""
    domain_id = domain_limit(request)
    project = projects.project_now(request, id_or_name)
    if project is None or domain_id not in (None, project.domain_id):
        # The refusal of another domain's project is the same as that of a project that
        # does not exist.
        named = projects.projects_named(request, id_or_name, domain_id)
        if not named:
            raise NoSuchOwner(_eager("Project not found."))
        if len(named) > 1:
            raise NoSuchOwner(
                _eager(
                    "Several projects have this name. Choose one from the list, or enter the "
                    "project ID."
                )
            )
        project = named[0]
    if not project.enabled:
        raise NoSuchOwner(_eager("The project is disabled and could not use the image."))
    if project.id == image.owner:
        values = {"project": isolated(project.name)}
        raise NoSuchOwner(_eager("The image already belongs to %(project)s.") % values)
    return project


def state_refusal(image: Image, project: Project | None = None) -> str:
    """Return why the owner cannot be changed in the image's state, to this project; empty if
    it can.
    """
    if image.in_progress:
        return _eager(
            "Data is being transferred into this image on behalf of its owner. Wait until it is "
            "complete."
        )
    publication = publication_of(image)
    if (
        project is not None
        and publication is not None
        and publication.domain_id not in ("", project.domain_id)
    ):
        return _eager(
            "The image is published to the domain of its owner, and %(project)s is in another "
            "domain. Unpublish the image first."
        ) % {"project": isolated(project.name)}
    return ""


def label(project: Project, domains: Mapping[str, str]) -> str:
    """Return the project's name, with its domain's name if there are several domains."""
    domain = domains.get(project.domain_id)
    return f"{project.name} ({domain})" if domain else project.name


def consequences(
    image: Image, old: str, new: str, *, new_is_member: bool, old_is_member: bool
) -> list[str]:
    """Return the consequences of the change, as sentences for the user who confirms it.

    :param old: name of the present owner; empty for none
    """
    names = {"old": old, "new": new}
    sentences = [_eager("Members of %(new)s can change and delete the image.") % names]
    if old and image.visibility in ("public", "community"):
        sentences.append(
            _eager("%(old)s can still use the image, but no longer change it.") % names
        )
    elif old and old_is_member:
        sentences.append(_eager("%(old)s is a member of the image and can still use it.") % names)
    elif old:
        sentences.append(_eager("%(old)s loses access to the image.") % names)
    sentences.append(
        _eager("The image counts against the quota of %(new)s. The quota is not checked.") % names
    )
    if image.visibility == "shared":
        sentences.append(_eager("Projects that the image is shared with keep access."))
    if new_is_member:
        sentences.append(
            _eager("%(new)s is already a member. As owner it no longer needs the membership.")
            % names
        )
    publication = publication_of(image)
    if publication is not None and publication.audience == DOMAIN:
        sentences.append(
            _eager(
                "The image stays published to its domain. A re-sync also gives access to %(old)s."
            )
            % names
        )
    sentences.append(_eager("Instances launched from the image keep running."))
    return sentences
