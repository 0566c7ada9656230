# SPDX-License-Identifier: Apache-2.0
"""Publish: one image a step, as a page's script asks for it, or several in one request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import shortcuts
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views import generic
from horizon import exceptions as horizon_exceptions

from helion_images_panel import exceptions, policy
from helion_images_panel.api.parallel import in_parallel
from helion_images_panel.core.image import Image
from helion_images_panel.core.publication import CLOUD
from helion_images_panel.publishing import domain
from helion_images_panel.ui import audiences
from helion_images_panel.ui.access import domain_name
from helion_images_panel.ui.answers import JsonAnswers
from helion_images_panel.ui.audiences import OWN
from helion_images_panel.ui.batch import Outcome
from helion_images_panel.ui.outcomes import tell_all
from helion_images_panel.ui.publish_steps import take_step, whole
from helion_images_panel.ui.views import ImageView, ScopedView, script_urls

#: Images that are published in one go.
IMAGES_AT_ONCE = 100


class PublishStepView(JsonAnswers, ImageView, generic.View):
    """POST audience=…&tried=…: the next step of publishing one image, and what is left."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        audience = request.POST.get("audience", "")
        if audience not in audiences.offered(request, self.scope, self.image):
            raise horizon_exceptions.NotAuthorized()
        try:
            told = take_step(request, self.image, audience, request.POST.getlist("tried"))
        except exceptions.ImageServiceError as error:
            return JsonResponse({"reason": str(error)}, status=error.status or 500)
        return JsonResponse(told.answer)


class PublishView(ScopedView, generic.TemplateView):
    """The page on which a person says to whom some images are to be published.

    GET ?id=…&id=… asks; POST id=…&audience=… does it, for who has no script.
    """

    template_name = "helion_images_panel/publish.html"
    page_title = _("Publish Images")

    def check(self) -> None:
        policy.require(self.request, policy.GET_IMAGES)

    def _images(self, image_ids: Sequence[str]) -> dict[str, Image | None]:
        """None for what the panel does not have; it is a 404 where it has none of them."""
        asked = list(dict.fromkeys(image_ids))[:IMAGES_AT_ONCE]
        found = self.scope.images_found(self.request, asked)
        shown = {id_: self._image(found[id_]) for id_ in asked}
        if not any(shown.values()):
            raise Http404(_eager("There is no such image."))
        return shown

    def _image(self, found: object) -> Image | None:
        if isinstance(found, Image) and self.scope.may_read(self.request, found):
            return found
        return None

    def _offered(self, image: Image) -> list[str]:
        request = self.scope.acting(self.request, image)
        return audiences.offered(request, self.scope, image)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        shown = [image for image in self._images(self.request.GET.getlist("id")).values() if image]
        may = {image.id: self._offered(image) for image in shown}
        wanted = [image for image in shown if may[image.id]]
        if not wanted:
            raise horizon_exceptions.NotAuthorized()
        context |= {
            "page_title": ngettext("Publish Image", "Publish Images", len(wanted)),
            "images": [
                {
                    "image": image,
                    "name": image.display_name,
                    "step_url": self.scope.url("publish_step", image.id),
                }
                for image in wanted
            ],
            "left_out": [image.display_name for image in shown if not may[image.id]],
            "choices": self._choices(wanted, may),
            "index_url": self.scope.url("index"),
            "publish_url": self.scope.url("publish"),
            **script_urls(self.request, self.scope),
        }
        return context

    def _choices(
        self, wanted: Sequence[Image], may: Mapping[str, Sequence[str]]
    ) -> list[Mapping[str, Any]]:
        offered = {audience for image in wanted for audience in may[image.id]}
        asked = self.request.GET.get("audience", "")
        known = [audience for audience in audiences.AUDIENCES if audience in offered]
        chosen = asked if asked in known else next((a for a in known if a != OWN), known[0])
        return [
            {
                "value": audience,
                "checked": audience == chosen,
                **self._described(
                    audience, [image for image in wanted if audience in may[image.id]]
                ),
            }
            for audience in known
        ]

    def _described(self, audience: str, wanted: Sequence[Image]) -> Mapping[str, Any]:
        if audience == OWN:
            return {
                "label": _eager("Its own project only"),
                "help": _eager(
                    "Takes back what publishing gave. Projects that a person has shared the "
                    "image with keep it."
                ),
            }
        if audience == CLOUD:
            return {
                "label": _eager("Everyone on this cloud"),
                "help": _eager("Every project of this cloud sees the image and can use it."),
            }
        return self._domain_described(wanted)

    def _domain_described(self, wanted: Sequence[Image]) -> Mapping[str, Any]:
        """What it takes is counted for the first image; each is checked when it is its turn."""
        request = self.scope.acting(self.request, wanted[0])
        label, words, refused = _eager("Every project of its domain"), "", ""
        try:
            found = audiences.owners_domain(request, wanted[0])
            plan = domain.plan_of(request, wanted[0], found.enabled)
        except exceptions.ImageServiceError as error:
            return {"label": label, "help": "", "refused": str(error)}
        name = domain_name(request, found.id)
        if name and len({image.owner for image in wanted}) == 1:
            label = _eager("Every project of %(domain)s") % {"domain": name}
        limit = domain.quota()
        words = ngettext(
            "It has %(count)s project.", "It has %(count)s projects.", plan.reach.total
        ) % {"count": plan.reach.total}
        words += " " + _eager(
            "The image is shared with each of them: %(members)s members of the %(limit)s that an "
            "image may have. Projects that come later are shown as missing, until somebody "
            "re-syncs the image."
        ) % {"members": plan.members_after, "limit": limit}
        if plan.members_after > limit:
            refused = _eager("These are more than an image may have.")
        return {"label": label, "help": words, "refused": refused}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        audience = request.POST.get("audience", "")
        shown = self._images(request.POST.getlist("id"))
        outcomes = self._outcomes([image for image in shown.values() if image], audience)
        outcomes += [
            Outcome(id_, _eager("There is no such image."), missing=True)
            for id_, image in shown.items()
            if image is None
        ]
        tell_all(
            request,
            outcomes,
            done_title=_done_title(audience, sum(not outcome.failure for outcome in outcomes)),
            failed_title=_eager("Unable to publish"),
        )
        return shortcuts.redirect(self.scope.url("index"))

    def _outcomes(self, shown: Sequence[Image], audience: str) -> list[Outcome]:
        """Who may is asked in the request's own thread, and so is what has words for people."""
        refused = _eager("You are not allowed to publish this image to these.")
        allowed = [image for image in shown if audience in self._offered(image)]
        acting = {image.id: self.scope.acting(self.request, image) for image in allowed}

        def published(image: Image) -> str:
            try:
                told = whole(acting[image.id], image, audience)
            except exceptions.ImageServiceError as error:
                return str(error)
            return "; ".join(f"{each['project']}: {each['reason']}" for each in told.projects)

        if audience == CLOUD:
            failures = in_parallel(published, allowed)
        else:
            # Each has many projects to ask by itself.
            failures = [published(image) for image in allowed]
        failure = {image.id: each for image, each in zip(allowed, failures, strict=True)}
        return [Outcome(image.display_name, failure.get(image.id, refused)) for image in shown]


def _done_title(audience: str, count: int) -> str:
    if audience == OWN:
        return ngettext("Unpublished Image", "Unpublished Images", count)
    return ngettext("Published Image", "Published Images", count)
