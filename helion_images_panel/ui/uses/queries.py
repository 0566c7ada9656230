# SPDX-License-Identifier: Apache-2.0
"""The uses of images, read from all services, as far as a panel's users may know them.

All services are asked for an image at the same time: Nova gets one request; Cinder gets one, and
from a member two, as it refuses the filter by an image to them; Glance up to three, and four more
for an image that may be a kernel or a ramdisk. For a domain's manager Nova is asked in each
project, then Cinder, and then Glance. A service that fails costs its own part, and is not asked
for further images.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

from django.http import HttpRequest

from helion_images_panel import policy
from helion_images_panel.api import forgiven, images, instances, members, volumes
from helion_images_panel.api.parallel import in_parallel
from helion_images_panel.core.image import Image, Member
from helion_images_panel.core.publication import publication_of
from helion_images_panel.core.uses import (
    BOOTED_WITH,
    BOOTING,
    IMAGES,
    INSTANCES,
    MEMBERS,
    ORIGINS,
    VOLUMES,
    ImageUses,
    Uses,
    joined,
    may_be_booted_with,
    naming,
)
from helion_images_panel.exceptions import ImageServiceError
from helion_images_panel.ui.scopes.scope import PanelScope
from helion_images_panel.ui.uses.domain_projects import DomainUses, uses_in_domain

#: Maximum number of images made from one, or that boot with one, that are read, and of all
#: projects.
LIMIT, LIMIT_EVERYWHERE = 100, 500

#: Kinds whose service is not asked for further images after a failure.
_OF_A_SERVICE = (INSTANCES, VOLUMES)

#: A kind, an image, and its query.
_Job: TypeAlias = tuple[str, Image, Callable[[], Any]]


@dataclass(frozen=True)
class Findings:
    """The uses by image ID.

    :ivar in_domain: for a domain's manager, the projects whose uses are missing, for
        instances and for volumes
    """

    by_image: Mapping[str, ImageUses]
    in_domain: tuple[DomainUses, ...] = ()

    @property
    def project_ids(self) -> list[str]:
        """The projects of all instances and volumes."""
        return sorted(
            {
                use.project_id
                for each in self.by_image.values()
                for uses in (each.instances, each.volumes)
                for use in (uses.items if uses else ())
            }
        )

    def note(self) -> str:
        """Return which projects are missing, and why; empty for none."""
        missing = [each for each in self.in_domain if each.refused or each.skipped]
        return max(missing, key=lambda each: each.skipped).note() if missing else ""


def find_uses(
    request: HttpRequest,
    scope: PanelScope,
    found: Sequence[Image],
    kinds: Collection[str] = (INSTANCES, VOLUMES, IMAGES, BOOTING, MEMBERS),
) -> Findings:
    """Return the uses of the images that the panel's projects have, of these kinds."""
    return _Queries(request, scope, found, kinds).run() if found else Findings({})


class _Queries:
    def __init__(
        self,
        request: HttpRequest,
        scope: PanelScope,
        found: Sequence[Image],
        kinds: Collection[str],
    ):
        self._request, self._scope, self._images = request, scope, found
        self._kinds = kinds
        # Here, in the request's thread: other threads only use them.
        self._acting = {image.id: scope.request_for(request, image) for image in found}
        self._everywhere = {
            image.id: scope.lists_all_owners and policy.allows(self._acting[image.id], policy.ADMIN)
            for image in found
        }

    def run(self) -> Findings:
        in_domain = {}
        if self._scope.is_for_domain_managers:
            in_domain = {
                kind: uses_in_domain(self._request, self._images, _in_own_project(using))
                for kind, using in self._services().items()
                if kind in self._kinds
            }
        jobs = [job for image in self._images for job in self._jobs(image) if job[0] in self._kinds]
        first = [job for job in jobs if job[1] is self._images[0]]
        results = _run(first)
        failed = {
            kind: result
            for (kind, _image, _query), result in zip(first, results, strict=True)
            if kind in _OF_A_SERVICE and isinstance(result, Exception)
        }
        others = [job for job in jobs if job[1] is not self._images[0] and job[0] not in failed]
        answers = [*zip(first, results, strict=True), *zip(others, _run(others), strict=True)]
        by_image = {}
        for image in self._images:
            own = [(job[0], result) for job, result in answers if job[1] is image]
            own += [
                (kind, each.failure or each.by_image[image.id])
                for kind, each in in_domain.items()
                if each.domain
            ]
            if image is not self._images[0]:
                own += failed.items()
            by_image[image.id] = self._uses(image, own)
        return Findings(by_image, tuple(in_domain.values()))

    def _services(self) -> dict[str, Any]:
        found = {}
        if instances.has_compute(self._request):
            found[INSTANCES] = instances.using
        if volumes.has_volumes(self._request):
            found[VOLUMES] = volumes.using
        return found

    def _jobs(self, image: Image) -> list[_Job]:
        """Return the queries; those of a domain are sent by project: see domain_projects."""
        acting, everywhere = self._acting[image.id], self._everywhere[image.id]
        jobs: list[_Job] = []
        if not self._scope.is_for_domain_managers:
            jobs += [
                (kind, image, partial(using, acting, image.id, everywhere=everywhere))
                for kind, using in self._services().items()
            ]
        limit = LIMIT_EVERYWHERE if everywhere else LIMIT
        jobs += [
            (IMAGES, image, partial(images.images_naming, acting, image.id, origin, limit))
            for origin in ORIGINS
        ]
        if may_be_booted_with(image):
            jobs += [
                (BOOTING, image, partial(images.images_naming, acting, image.id, name, limit, each))
                for name in BOOTED_WITH
                for each in (False, True)
            ]
        is_shared = image.visibility == "shared" and self._scope.may_write(self._request, image)
        if is_shared and policy.allows(acting, policy.GET_MEMBERS, image):
            jobs.append((MEMBERS, image, partial(members.member_list, acting, image.id)))
        return jobs

    def _uses(self, image: Image, answers: Iterable[tuple[str, Any]]) -> ImageUses:
        """Combine what the services have returned, without what is not of this panel.

        Permissions are checked in the request's own thread.
        """
        values: dict[str, Any] = {}
        failures: dict[str, Exception] = {}
        named: dict[str, list[Uses]] = {IMAGES: [], BOOTING: []}
        for kind, answer in answers:
            if isinstance(answer, Exception):
                failures[kind] = answer
            elif kind == MEMBERS:
                values |= _members(image, answer)
            elif kind in named:
                named[kind].append(self._naming(image, answer))
            else:
                values[kind] = answer.in_projects(
                    lambda id_: self._scope.has_project(self._request, id_)
                )
        for kind, parts in named.items():
            if parts and kind not in failures:
                both = joined(parts)
                # An image may have both properties.
                items = {use.id: use for use in both.items}
                values[kind] = Uses(tuple(items.values()), both.is_complete)
        return ImageUses(**values, failures=failures)

    def _naming(self, image: Image, found: Sequence[Image]) -> Uses:
        limit = LIMIT_EVERYWHERE if self._everywhere[image.id] else LIMIT
        return naming(image.id, found, limit, self._is_shown)

    def _is_shown(self, image: Image) -> bool:
        """Whether the panel shows an image that Glance has listed; for an admin those that are
        shared with the project would take a request each.
        """
        if self._scope.has_project(self._request, image.owner or ""):
            return True
        if not self._scope.is_of_active_project:
            return False
        is_public = image.visibility in ("public", "community")
        return is_public or not policy.allows(self._request, policy.ADMIN)


def _members(image: Image, found: Sequence[Member]) -> dict[str, int]:
    # The owner needs no membership, if it has one from before.
    others = {member.project_id for member in found if member.project_id != image.owner}
    publication = publication_of(image)
    given = publication.given_among(found) if publication else ()
    return {"members": len(others), "given": len(others.intersection(given))}


def _in_own_project(using: Any) -> Callable[[HttpRequest, str], Uses]:
    return lambda request, image_id: using(request, image_id, everywhere=False)


def _run(jobs: Sequence[_Job]) -> list[Any]:
    return in_parallel(_result, jobs)


def _result(job: _Job) -> Any:
    kind, _image, query = job
    try:
        return query()
    except ImageServiceError as error:
        if kind not in _OF_A_SERVICE:
            forgiven.log(f"the {kind} of an image", error)
        return error
