# SPDX-License-Identifier: Apache-2.0
"""Images that are going away, and that instances or volumes of the active project come from.

The list of images asks for them when it is there: the page itself sends no request for it.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import generic

from helion_images_panel.api import cache, client, forgiven, images, instances, volumes
from helion_images_panel.api.parallel import in_parallel
from helion_images_panel.core.deletion import is_deleted
from helion_images_panel.core.end_dates import end_dates_of
from helion_images_panel.core.image import Image
from helion_images_panel.core.uses import UsedImages
from helion_images_panel.core.visible_text import isolated
from helion_images_panel.exceptions import ImageServiceError
from helion_images_panel.ui.base.end_dates import badges, today
from helion_images_panel.ui.base.json_views import JsonViewMixin
from helion_images_panel.ui.base.views import ScopedView
from helion_images_panel.ui.uses import labels

#: Maximum number of images in use that Glance is asked for, and of those that are shown.
READ, SHOWN = 400, 10

#: Seconds for which a user gets the same response again.
CACHE_S = 120.0

_Counts = Mapping[str, int]


class EndingView(JsonViewMixin, ScopedView, generic.View):
    """GET: a sentence on images that are going away and that the active project uses, and these
    images; without any, an empty sentence.
    """

    http_method_names = ["get"]

    #: Whether a service has failed: its part is missing, and is asked for again the next time.
    has_failed = False

    #: Whether there may be more uses than were looked at.
    is_limited = False

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = cache.get(_key(request))
        if response is None:
            response = self._response()
            if not self.has_failed:
                cache.set(_key(request), response, CACHE_S)
        return JsonResponse(response)

    def _response(self) -> dict[str, Any]:
        of_instances, of_volumes = self._used()
        going = self._going(Counter(of_instances) + Counter(of_volumes))
        if not going:
            return {"sentence": "", "images": [], "more": "", "key": ""}
        rows = [self._row(image, of_instances, of_volumes) for image in going[:SHOWN]]
        self._name_replacements(rows)
        # A further instance shows no notice again that was dismissed.
        ends = sorted((image.id, _ends(image)) for image in going)
        content = hashlib.sha256(repr([_key(self.request), ends]).encode()).hexdigest()
        limited = labels.may_be_more() if self.is_limited else ""
        return {
            "sentence": _sentence(
                isolated(self.request.user.project_name),
                sum(of_instances.get(image.id, 0) for image in going),
                sum(of_volumes.get(image.id, 0) for image in going),
            ),
            "images": rows,
            "more": " ".join(filter(None, [_more(len(going) - SHOWN), limited])),
            "key": content[:16],
        }

    def _used(self) -> tuple[_Counts, _Counts]:
        """Return the numbers of instances and of volumes by image, among the first of the
        project; none of a service that the cloud does not have, or that fails.
        """
        services: list[Callable[..., UsedImages] | None] = [
            instances.used_images if instances.has_compute(self.request) else None,
            volumes.used_images if volumes.has_volumes(self.request) else None,
        ]

        def used(read: Callable[..., UsedImages] | None) -> _Counts:
            if read is None:
                return {}
            try:
                found = read(self.request, everywhere=False)
            except ImageServiceError:
                # It is in the log.
                self.has_failed = True
                return {}
            self.is_limited |= bool(found.marker) or not found.is_complete
            return Counter(image_id for _id, image_id, _project in found.items if image_id)

        first, second = in_parallel(used, services)
        return first, second

    def _going(self, used: Counter[str]) -> list[Image]:
        """Return those of the images that are going away, of the `READ` that are used most."""
        now = today()
        self.is_limited |= len(used) > READ
        image_ids = [image_id for image_id, _count in used.most_common(READ)]
        found = {image.id: image for image in images.images_listed(self.request, image_ids)}
        going = [
            (dates.state(now), image)
            for image in found.values()
            if not is_deleted(image) and (dates := end_dates_of(image)) and dates.ends_soon(now)
        ]
        # To an admin's token Glance returns images of other projects, too.
        seen = [each for each in going if self.scope.may_read(self.request, each[1])]
        ordered = sorted(seen, key=lambda each: (not each[0], each[1].bare_name, each[1].id))
        return [image for _state, image in ordered]

    def _row(self, image: Image, of_instances: _Counts, of_volumes: _Counts) -> dict[str, Any]:
        dates = end_dates_of(image)
        return {
            "name": image.bare_name,
            "url": self.scope.url("detail", image.id),
            "uses": _uses(of_instances.get(image.id, 0), of_volumes.get(image.id, 0)),
            "ends": _ends(image),
            "replacement": dates.replacement if dates else "",
        }

    def _name_replacements(self, rows: list[dict[str, Any]]) -> None:
        """Put name and URL in the place of each ID; nothing for one that the user cannot see."""
        ids = sorted({row["replacement"] for row in rows if row["replacement"]})
        try:
            found = self.scope.images_by_id(self.request, ids)
        except ImageServiceError as error:
            forgiven.log("the names of replacements", error)
            found = []
        named = {
            image.id: {"name": image.bare_name, "url": self.scope.url("detail", image.id)}
            for image in found
            if not is_deleted(image) and self.scope.may_read(self.request, image)
        }
        for row in rows:
            row["replacement"] = named.get(row["replacement"])


def _ends(image: Image) -> str:
    return ", ".join(badges(image))


def _key(request: HttpRequest) -> str:
    user: Any = request.user
    roles = sorted(role["name"] for role in user.roles)
    language = getattr(request, "LANGUAGE_CODE", "")
    viewer = f"{user.id} {user.project_id} {roles} {language}"
    hashed = hashlib.sha256(viewer.encode()).hexdigest()[:32]
    return client.cache_key(request, f"ending.{hashed}")


def _sentence(project: str, instance_count: int, volume_count: int) -> str:
    if not volume_count:
        message = ngettext(
            "%(count)s instance of %(project)s uses an image that is going away:",
            "%(count)s instances of %(project)s use images that are going away:",
            instance_count,
        )
        return message % {"count": instance_count, "project": project}
    if not instance_count:
        message = ngettext(
            "%(count)s volume of %(project)s was created from an image that is going away:",
            "%(count)s volumes of %(project)s were created from images that are going away:",
            volume_count,
        )
        return message % {"count": volume_count, "project": project}
    return _(
        "Instances and volumes of %(project)s use images that are going away "
        "(instances: %(instances)s, volumes: %(volumes)s):"
    ) % {"project": project, "instances": instance_count, "volumes": volume_count}


def _uses(instance_count: int, volume_count: int) -> str:
    of_instances = ngettext("%(count)s instance", "%(count)s instances", instance_count)
    of_volumes = ngettext("%(count)s volume", "%(count)s volumes", volume_count)
    parts = [
        of_instances % {"count": instance_count} if instance_count else "",
        of_volumes % {"count": volume_count} if volume_count else "",
    ]
    return ", ".join(filter(None, parts))


def _more(count: int) -> str:
    if count <= 0:
        return ""
    message = ngettext("%(count)s more is not shown.", "%(count)s more are not shown.", count)
    return message % {"count": count}
