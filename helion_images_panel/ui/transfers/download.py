# SPDX-License-Identifier: Apache-2.0
"""Download Image: an image's data, streamed from Glance as a file."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

from django import shortcuts
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views import generic

from helion_images_panel import exceptions, policy
from helion_images_panel.api import images
from helion_images_panel.api.client import ImageData
from helion_images_panel.core import byte_range
from helion_images_panel.core.byte_range import ByteRange, Unsatisfiable
from helion_images_panel.core.file_name import file_name
from helion_images_panel.core.image import Image
from helion_images_panel.transfers.slots import DOWNLOADS, RETRY_AFTER_S
from helion_images_panel.ui.base import labels, messages, service_errors
from helion_images_panel.ui.base.page_urls import origin
from helion_images_panel.ui.base.streamed_body import StreamedBody
from helion_images_panel.ui.base.views import ImageView
from helion_images_panel.ui.transfers.availability import no_data_refusal

LOG = logging.getLogger(__name__)

CHUNK_BYTES = 256 * 1024

#: Glance returns a deactivated image's data to admins only.
STATUSES_WITH_DATA = ("active", "deactivated")


class Body(StreamedBody):
    """The image's data, of a known length."""

    def __init__(self, data: ImageData, length_bytes: int, *arguments: Any):
        super().__init__(*arguments)
        self._data = data
        self._left_bytes = length_bytes

    def chunks(self) -> Iterator[bytes]:
        try:
            for chunk in self._data.chunks(CHUNK_BYTES):
                self._left_bytes -= len(chunk)
                yield chunk
            if self._left_bytes > 0:
                # If Glance does not announce the length, the data may end early.
                raise exceptions.ImageServiceUnavailable(
                    f"{self._left_bytes} bytes of the image's data are missing."
                )
        except exceptions.ImageServiceError as error:
            # The response has begun. The server closes the connection on an error, and
            # the browser recognizes by the length that the file is incomplete.
            LOG.warning("%s broke off: %s", self.name, error)
            raise


class DownloadView(ImageView, generic.View):
    """GET and HEAD, with one Range: streams the data from Glance, without storing it."""

    http_method_names = ["get", "head"]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        # `self.request` may become a copy that acts in another project.
        self.received_request = request

    def check(self) -> None:
        super().check()
        policy.require(self.request, policy.DOWNLOAD_IMAGE, self.image)

    def head(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        size_bytes = self._size_bytes()
        return self._described(HttpResponse(), size_bytes)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        size_bytes = self._size_bytes()
        try:
            part = self._part(size_bytes)
        except Unsatisfiable:
            response = HttpResponse(status=416)
            response["Content-Range"] = f"bytes */{size_bytes}"
            return response
        slot = DOWNLOADS.acquire()
        if slot is None:
            return self._busy()
        with ExitStack() as resources:
            resources.enter_context(slot)
            data = self._open(resources, part)
            if data.status != 206:
                part = None
            length_bytes = part.size_bytes if part else size_bytes
            # Glance may omit the length, which it does not know for every store.
            if data.status not in (200, 206) or data.size_bytes not in (None, length_bytes):
                raise exceptions.ImageServiceError(
                    _("The image's data was not found in its store."), 502
                )
            response = StreamingHttpResponse(status=206 if part else 200)
            if part:
                response["Content-Range"] = part.content_range(size_bytes)
            self._described(response, length_bytes)
            name = f"Download of image {self.image.id}"
            response.streaming_content = Body(
                data, length_bytes, name, slot, resources.pop_all(), self.received_request
            )
        # Compressed in transit, it would have another length and other ranges.
        request.META["HTTP_ACCEPT_ENCODING"] = "identity"
        return response

    def _size_bytes(self) -> int:
        if self.image.status not in STATUSES_WITH_DATA:
            raise exceptions.ImageServiceError(_("The image has no data."), 409)
        if refusal := no_data_refusal(self.image):
            raise exceptions.ImageServiceError(refusal, 409)
        return self.image.size_bytes or 0

    def _part(self, size_bytes: int) -> ByteRange | None:
        """Return the requested range; None for the complete file, also if If-Range does not
        match.
        """
        etag = self.request.headers.get("If-Range")
        if etag and etag != _etag(self.image):
            return None
        return byte_range.requested(self.request.headers.get("Range", ""), size_bytes)

    def _open(self, resources: ExitStack, part: ByteRange | None) -> ImageData:
        try:
            return resources.enter_context(
                images.image_data(self.request, self.image.id, str(part) if part else None)
            )
        except exceptions.ImageServiceError as error:
            if not part or error.status != 400:
                raise
        # This store returns the data only from the beginning.
        return resources.enter_context(images.image_data(self.request, self.image.id))

    def _described(self, response: HttpResponseBase, length_bytes: int) -> HttpResponseBase:
        response["Content-Type"] = "application/octet-stream"
        response["Content-Length"] = str(length_bytes)
        response["Content-Disposition"] = content_disposition_header(True, file_name(self.image))
        response["Accept-Ranges"] = "bytes"
        response["X-Content-Type-Options"] = "nosniff"
        response["Cache-Control"] = "private, no-cache, no-transform"
        if etag := _etag(self.image):
            response["ETag"] = etag
        return response

    def _busy(self) -> HttpResponse:
        context = {
            "page_title": _("Download Image"),
            "image": self.image,
            "retry_url": self.request.get_full_path(),
            "back_url": origin(self.request, self.scope, self.image),
        }
        html = service_errors.framed(self.request, "transfers/download_busy.html", context)
        response = HttpResponse(html, status=503)
        response["Retry-After"] = str(RETRY_AFTER_S)
        return response

    def failed(self, error: exceptions.ImageServiceError) -> HttpResponse:
        if "image" not in self.__dict__:
            return super().failed(error)
        if "Range" in self.request.headers:
            # A browser that resumes a download would append the page to the file.
            return HttpResponse(str(error), content_type="text/plain", status=error.status or 502)
        messages.error(
            self.request,
            _("Image %(name)s was not downloaded. %(reason)s")
            % {"name": labels.inert(self.image.display_name), "reason": error},
        )
        return shortcuts.redirect(origin(self.request, self.scope, self.image))


def _etag(image: Image) -> str:
    """Return a strong ETag, as the data of an image never changes; empty without a checksum."""
    value = image.hash_value or image.checksum
    return f'"{value}"' if value else ""
