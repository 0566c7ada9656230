# SPDX-License-Identifier: Apache-2.0
"""Uses of images, queried for the confirmation of an action."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _eager
from django.utils.translation import ngettext
from django.views import generic

from helion_images_panel import policy
from helion_images_panel.api import image_rows, images, instances, members
from helion_images_panel.api.parallel import in_parallel
from helion_images_panel.core.image import Image
from helion_images_panel.ui.actions import domain_instances
from helion_images_panel.ui.base.errors import or_default
from helion_images_panel.ui.base.json_views import JsonViewMixin
from helion_images_panel.ui.base.views import ScopedView

#: Returns the projects that use an image, None for a project that the user may not see;
#: None if the service fails.
Query = Callable[[Image], Sequence[str | None] | None]

#: Formats the number of uses.
Formatter = Callable[[int], str]

#: Maximum number of images in one request.
IMAGES_PER_REQUEST = image_rows.IDS_PER_CALL

#: Maximum number that is counted; above, "100 or more" is shown.
COUNTED = 100


class UsesView(JsonViewMixin, ScopedView, generic.View):
    """GET ?id=…&id=…: labels of the uses of these images, by ID, and a note if some are missing.

    Only for images that the panel manages, and uses in the panel's own projects. A
    service that fails is left out.
    """

    http_method_names = ["get"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        image_ids = request.GET.getlist("id")[:IMAGES_PER_REQUEST]
        results = self.scope.images_or_errors(request, image_ids)
        own = [
            image
            for image in results.values()
            if isinstance(image, Image) and self.scope.may_write(request, image)
        ]
        queries = [
            (image, query, formatter)
            for query, formatter, queried in self._queries(own)
            for image in queried
        ]
        responses = in_parallel(lambda question: question[1](question[0]), queries)
        uses: dict[str, list[str]] = {image.id: [] for image in own}
        in_domain = domain_instances.DomainInstances()
        if self.scope.is_for_domain_managers:
            in_domain = domain_instances.instances_of(request, own, COUNTED)
            for image in own:
                uses[image.id] += filter(None, [in_domain.label(image.id, COUNTED)])
        for (image, _query, formatter), projects in zip(queries, responses, strict=True):
            # Permissions are checked in the request's own thread.
            count = sum(project is None or self._is_in_panel(project) for project in projects or ())
            if count:
                uses[image.id].append(formatter(count))
        return JsonResponse({"uses": uses, "note": in_domain.note()})

    def _queries(self, own: Sequence[Image]) -> list[tuple[Query, Formatter, Sequence[Image]]]:
        """Return the queries, the formatters of their results, and the images of each."""
        # Created here, in the request's thread: other threads only use them.
        self._acting = {image.id: self.scope.request_for(self.request, image) for image in own}
        shared = [
            image
            for image in own
            if image.visibility == "shared"
            and policy.allows(self._acting[image.id], policy.GET_MEMBERS, image)
        ]
        # Those of a domain are counted by project: see domain_instances.
        has_instances = not self.scope.is_for_domain_managers and self._compute_answers(own)
        return [
            (self._instances, _instances_label, own if has_instances else ()),
            (or_default(self._snapshots, None, "the snapshots of an image"), _snapshots_label, own),
            (or_default(self._members, None, "the members of an image"), _members_label, shared),
        ]

    def _compute_answers(self, own: Sequence[Image]) -> bool:
        """Send one query, to avoid the others if the compute service fails."""
        return bool(
            own and instances.has_compute(self.request) and self._instances(own[0]) is not None
        )

    def _instances(self, image: Image) -> list[str] | None:
        """Search in all projects if the user may, else in the image's own."""
        request = self._acting[image.id]
        everywhere = self.scope.lists_all_owners and policy.allows(request, policy.ADMIN)
        return instances.projects_using(request, image.id, everywhere=everywhere, limit=COUNTED)

    def _snapshots(self, image: Image) -> list[str]:
        found = images.snapshots_of(self._acting[image.id], image.id, COUNTED)
        return [each.owner or "" for each in found]

    def _members(self, image: Image) -> list[None]:
        """Return one None per member: the list is only counted, since members are visible to
        the owner.
        """
        return [None for _member in members.member_list(self._acting[image.id], image.id)]

    def _is_in_panel(self, project_id: str) -> bool:
        return self.scope.has_project(self.request, project_id)


def _counted(count: int) -> str:
    return _eager("%(count)s or more") % {"count": count} if count >= COUNTED else str(count)


def _instances_label(count: int) -> str:
    message = ngettext("In use by %(count)s instance", "In use by %(count)s instances", count)
    return message % {"count": _counted(count)}


def _snapshots_label(count: int) -> str:
    message = ngettext("%(count)s snapshot based on it", "%(count)s snapshots based on it", count)
    return message % {"count": _counted(count)}


def _members_label(count: int) -> str:
    message = ngettext("Shared with %(count)s project", "Shared with %(count)s projects", count)
    return message % {"count": count}
