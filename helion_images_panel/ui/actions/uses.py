# SPDX-License-Identifier: Apache-2.0
"""Who uses images: asked for when a person is about to take them away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _eager
from django.utils.translation import ngettext
from django.views import generic

from helion_images_panel import policy
from helion_images_panel.api import image_pages, images, instances, members
from helion_images_panel.api.parallel import in_parallel
from helion_images_panel.core.image import Image
from helion_images_panel.ui.base.errors import or_default
from helion_images_panel.ui.base.json_views import JsonViewMixin
from helion_images_panel.ui.base.views import ScopedView

#: Projects that use an image; None for one that the person may not know, or where nobody tells.
Ask = Callable[[Image], Sequence[str | None] | None]

#: Puts the number of uses into words.
Words = Callable[[int], str]

#: Images that one request may ask about.
IMAGES_PER_REQUEST = image_pages.IDS_PER_CALL

#: What is counted; beyond it "100 or more" says enough.
COUNTED = 100


class UsesView(JsonViewMixin, ScopedView, generic.View):
    """GET ?id=…&id=…: words about who uses these images, by ID.

    Only of images that the panel manages, and only what lies in the panel's
    own projects. Where a service does not answer, nothing is claimed.
    """

    http_method_names = ["get"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked_for = request.GET.getlist("id")[:IMAGES_PER_REQUEST]
        found = self.scope.images_or_errors(request, asked_for)
        own = [
            image
            for image in found.values()
            if isinstance(image, Image) and self.scope.may_write(request, image)
        ]
        questions = [
            (image, ask, words) for ask, words, asked in self._questions(own) for image in asked
        ]
        answers = in_parallel(lambda question: question[1](question[0]), questions)
        uses: dict[str, list[str]] = {image.id: [] for image in own}
        for (image, _ask, words), projects in zip(questions, answers, strict=True):
            # Who may know of what is asked in the request's own thread.
            count = sum(project is None or self._is_here(project) for project in projects or ())
            if count:
                uses[image.id].append(words(count))
        return JsonResponse({"uses": uses})

    def _questions(self, own: Sequence[Image]) -> list[tuple[Ask, Words, Sequence[Image]]]:
        """What is asked, how the count is worded, and of which images."""
        # Made here once: other threads only ask with them.
        self._acting = {image.id: self.scope.request_for(self.request, image) for image in own}
        shared = [
            image
            for image in own
            if image.visibility == "shared"
            and policy.allows(self._acting[image.id], policy.GET_MEMBERS, image)
        ]
        return [
            (self._instances, _instances_words, own if self._compute_answers(own) else ()),
            (or_default(self._snapshots, None), _snapshots_words, own),
            (or_default(self._members, None), _members_words, shared),
        ]

    def _compute_answers(self, own: Sequence[Image]) -> bool:
        """One question shows whether the others are worth asking."""
        return bool(
            own and instances.has_compute(self.request) and self._instances(own[0]) is not None
        )

    def _instances(self, image: Image) -> list[str] | None:
        """In all projects where the person may ask that, else in the image's own."""
        request = self._acting[image.id]
        everywhere = self.scope.lists_all_owners and policy.allows(request, policy.ADMIN)
        return instances.projects_using(request, image.id, everywhere=everywhere, limit=COUNTED)

    def _snapshots(self, image: Image) -> list[str]:
        found = images.snapshots_of(self._acting[image.id], image.id, COUNTED)
        return [each.owner or "" for each in found]

    def _members(self, image: Image) -> list[None]:
        """As many as there are: whom an image is shared with is its owner's to know."""
        return [None for _member in members.member_list(self._acting[image.id], image.id)]

    def _is_here(self, project_id: str) -> bool:
        return self.scope.has_project(self.request, project_id)


def _counted(count: int) -> str:
    return _eager("%(count)s or more") % {"count": count} if count >= COUNTED else str(count)


def _instances_words(count: int) -> str:
    words = ngettext("In use by %(count)s instance", "In use by %(count)s instances", count)
    return words % {"count": _counted(count)}


def _snapshots_words(count: int) -> str:
    words = ngettext("%(count)s snapshot based on it", "%(count)s snapshots based on it", count)
    return words % {"count": _counted(count)}


def _members_words(count: int) -> str:
    words = ngettext("Shared with %(count)s project", "Shared with %(count)s projects", count)
    return words % {"count": count}
