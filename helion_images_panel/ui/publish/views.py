# SPDX-License-Identifier: Apache-2.0
"""Publish images: one image a step for a page's script, or several images in one request."""

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
from horizon.forms import views as forms_views

from helion_images_panel import exceptions, policy
from helion_images_panel.api.parallel import in_parallel
from helion_images_panel.core.image import Image
from helion_images_panel.core.publication import CLOUD, DOMAIN, OWN
from helion_images_panel.publishing.after_comparison import due_audience, give_up
from helion_images_panel.ui.base.errors import reason
from helion_images_panel.ui.base.json_views import JsonViewMixin
from helion_images_panel.ui.base.page_urls import script_urls
from helion_images_panel.ui.base.reports import report_results
from helion_images_panel.ui.base.results import ImageResult
from helion_images_panel.ui.base.taken_away import TakenAway, taken_away
from helion_images_panel.ui.base.views import DialogView, ImageView, ScopedView
from helion_images_panel.ui.publish import audiences, choices
from helion_images_panel.ui.publish.steps import (
    FAILED,
    NOTED,
    messages_of,
    publish_all_steps,
    publish_step,
)


class PublishStepView(JsonViewMixin, ImageView, generic.View):
    """POST audience=…&tried=<IDs>&remove_old=…: the next step of publishing one image.

    With ?planned=1 it is what was planned before the data was compared, if that still counts.

    The response contains the results of the step's projects, and the number of projects
    left.
    """

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        audience = request.POST.get("audience", "")
        if audience not in audiences.offered(request, self.scope, self.image):
            raise horizon_exceptions.NotAuthorized()
        if "planned" in request.GET:
            if self.image.visibility == "private" and due_audience(request, self.image) != audience:
                raise horizon_exceptions.NotAuthorized()
        else:
            give_up(request, self.image.id)
        tried = [id_ for id_ in request.POST.get("tried", "").split(",") if id_]
        try:
            response = publish_step(request, self.image, audience, tried, _removes_old(request))
        except (exceptions.ImageForbidden, exceptions.PropertyRequired) as error:
            # Each further page would be refused as well.
            give_up(request, self.image.id)
            return self.failed(error)
        except exceptions.ImageServiceError as error:
            return self.failed(error)
        return JsonResponse(response.answer)


def _taken_away(wanted: Sequence[Image], allowed: Mapping[str, Sequence[str]]) -> list[TakenAway]:
    """Return the places for uses of images that lose projects with one audience or the other."""
    for_all = ("public", "community")
    losing = {
        OWN: [image for image in wanted if OWN in allowed[image.id]],
        DOMAIN: [
            image for image in wanted if DOMAIN in allowed[image.id] and image.visibility in for_all
        ],
    }
    return [
        taken_away(found, ("audience",), (audience,), is_named=len(wanted) > 1)
        for audience, found in losing.items()
        if found
    ]


def _removes_old(request: HttpRequest) -> bool:
    return request.POST.get("remove_old") == "on"


class PublishView(DialogView, forms_views.ModalFormMixin, ScopedView, generic.TemplateView):
    """The dialog, or page, in which a user chooses the audience of some images.

    GET ?id=…&id=… shows the choices, and so does a POST of selected rows, which can be
    more than a URL holds; POST id=…&audience=… publishes, for browsers without scripts.
    """

    ajax_template_name = "helion_images_panel/publish/_form.html"
    page_title = _("Publish Images")

    def check(self) -> None:
        policy.require(self.request, policy.GET_IMAGES)

    def _images(self, image_ids: Sequence[str]) -> dict[str, Image | None]:
        """Return the images, None for those that the panel does not have.

        Without any of them, raise the error of reading one, or Http404.
        """
        requested = list(dict.fromkeys(image_ids))
        results = self.scope.images_or_errors(self.request, requested)
        shown = {id_: self._image(results[id_]) for id_ in requested}
        if not any(shown.values()):
            for result in results.values():
                if isinstance(result, Exception) and not isinstance(
                    result, exceptions.ImageNotFound
                ):
                    raise result
            raise Http404(_eager("Image not found."))
        return shown

    def _image(self, result: object) -> Image | None:
        if isinstance(result, Image) and self.scope.may_read(self.request, result):
            return result
        return None

    def _offered(self, image: Image) -> list[str]:
        request = self.scope.request_for(self.request, image)
        return audiences.offered(request, self.scope, image)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        ids = self.request.GET.getlist("id") or self.request.POST.getlist("object_ids")
        shown = [image for image in self._images(ids).values() if image]
        allowed = {image.id: self._offered(image) for image in shown}
        wanted = [image for image in shown if allowed[image.id]]
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
            "left_out": [image.display_name for image in shown if not allowed[image.id]],
            "choices": choices.choices(
                self.request, self.scope, wanted, allowed, self.request.GET.get("audience", "")
            ),
            "asks_about_old": any(
                image.visibility == "private"
                and DOMAIN in allowed[image.id]
                and policy.allows(
                    self.scope.request_for(self.request, image), policy.DELETE_MEMBER, image
                )
                for image in wanted
            ),
            "taken_away": _taken_away(wanted, allowed),
            "index_url": self.scope.url_in_domain("index"),
            "publish_url": self.scope.url_in_domain("publish"),
            **script_urls(self.request, self.scope),
        }
        context["is_refused"] = all(choice["refused"] for choice in context["choices"])
        return context

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "audience" not in request.POST:
            return self.get(request, *args, **kwargs)
        audience = request.POST["audience"]
        shown = self._images(request.POST.getlist("id"))
        outcomes = self._outcomes([image for image in shown.values() if image], audience)
        outcomes += [
            ImageResult(id_, _eager("Image not found."), missing=True)
            for id_, image in shown.items()
            if image is None
        ]
        report_results(
            request,
            outcomes,
            done_title=_done_title(audience, sum(not outcome.failure for outcome in outcomes)),
            failed_title=_eager("%(action)s failed")
            % {"action": _title(audience, sum(bool(outcome.failure) for outcome in outcomes))},
        )
        return shortcuts.redirect(self.scope.url_in_domain("index"))

    def _outcomes(self, shown: Sequence[Image], audience: str) -> list[ImageResult]:
        """Publish the images; permissions are checked and messages translated in the request's
        own thread.
        """
        refused = _eager("You are not allowed to publish this image with this visibility.")
        allowed = [image for image in shown if audience in self._offered(image)]
        requests = {image.id: self.scope.request_for(self.request, image) for image in allowed}
        remove_old = _removes_old(self.request)

        def published(image: Image) -> str:
            try:
                response = publish_all_steps(requests[image.id], image, audience, remove_old)
            except (exceptions.ImageServiceError, exceptions.SessionEnded) as error:
                return reason(error)
            return messages_of(response.projects, FAILED, NOTED)

        if audience == CLOUD:
            failures = in_parallel(published, allowed)
        else:
            # Each image already sends parallel requests for its projects.
            failures = [published(image) for image in allowed]
        failure = {image.id: each for image, each in zip(allowed, failures, strict=True)}
        return [ImageResult(image.display_name, failure.get(image.id, refused)) for image in shown]


def _title(audience: str, count: int) -> str:
    if audience == OWN:
        return ngettext("Unpublish Image", "Unpublish Images", count)
    return ngettext("Publish Image", "Publish Images", count)


def _done_title(audience: str, count: int) -> str:
    if audience == OWN:
        title = ngettext("Unpublished Image", "Unpublished %(count)s Images", count)
    else:
        title = ngettext("Published Image", "Published %(count)s Images", count)
    return title % {"count": count}
