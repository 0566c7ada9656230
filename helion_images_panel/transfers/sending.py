# SPDX-License-Identifier: Apache-2.0
"""The way of a file to Glance: stored as it is, or staged and then imported.

Glance's import plugins, which convert and unpack images, see imported data only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from helion_images_panel import conf, exceptions
from helion_images_panel.api import forgiven, images, imports, lock, staging
from helion_images_panel.api.client import Chunks, Request
from helion_images_panel.api.receiving import staging_key
from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.image import IMPORT_TASK, Image
from helion_images_panel.transfers import conversion, staged
from helion_images_panel.transfers.body import UploadStopped


def stages(request: Request, import_methods: Sequence[str] | None = None) -> bool:
    """Whether files are staged and imported, by the setting and by what this Glance offers.

    :param import_methods: those of this Glance, if they are known already
    """
    method = conf.UPLOAD_METHOD.value
    if method == conf.PUT or (method == conf.AUTO and not conversion.is_seen(request)):
        return False
    try:
        if import_methods is None:
            import_methods = imports.recent_import_methods(request)
    except exceptions.ImageServiceError as error:
        forgiven.log("the import methods, so a file is stored as it is", error)
        return False
    return imports.GLANCE_DIRECT in import_methods


class StagingBusy(UploadStopped):
    """Retry later: another upload into the image has just begun, or a killed one has not ended."""


class Sending:
    """One upload's way to Glance; as an observer of its body, it looks at the first bytes.

    `stages` is True if the data is staged, and `start_import` has to import it.
    """

    def __init__(self, request: Request, image: Image, store: str | None):
        self._request = request
        self._image = image
        self._store = store
        self._head = b""
        self.sent_bytes = 0
        # After a failed import Glance accepts no other one for an hour, but a file.
        self.stages = not image.properties.get(IMPORT_TASK) and stages(request)

    def update(self, chunk: bytes, /) -> None:
        self.sent_bytes += len(chunk)
        if len(self._head) < staged.HEAD_BYTES:
            self._head += bytes(chunk[: staged.HEAD_BYTES - len(self._head)])

    def finish(self) -> None:
        pass

    def send(self, body: Chunks) -> None:
        """Send the data; on any error Glance leaves the image queued, without data."""
        if self.stages:
            self._stage(body)
        else:
            images.image_upload(self._request, self._image.id, body, self._store)

    def _stage(self, body: Chunks) -> None:
        """Stage the data, one upload at a time.

        Of two that begin at the same moment Glance refuses both: the later one sets the image
        back to "queued", so that the earlier one cannot end. It keeps the data of one, and then
        stages no other file for the image.
        """
        key = staging_key(self._request, self._image.id)
        try:
            with lock.held(key, required=False):
                staging.image_stage(self._request, self._image.id, body)
        except lock.LockHeld as error:
            raise StagingBusy("Another file is being staged.") from error

    def start_import(
        self,
        request: Request,
        checksums: Mapping[str, Checksum],
        first: Sequence[str],
        more: Mapping[str, str],
    ) -> None:
        """Start the import of the staged data, which has these checksums.

        `first` are the algorithms that Glance uses as well, the strongest one first, and `more`
        further properties that are recorded before the import.

        Raise `staged.ImportNotStarted`; the data is then still staged.
        """
        names = [name for name in dict.fromkeys([*first, *checksums]) if name in checksums]
        ordered = [checksums[name] for name in names]
        sent = staged.Sent.of(self._image, self._head, ordered, more)
        staged.begin_import(request, self._image, sent, self._store)
